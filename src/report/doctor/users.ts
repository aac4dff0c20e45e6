import { takeHashApart } from '../../kapacitor/hash.js';
import { isKapacitorPermission } from '../../model/effective.js';
import { showName, showNames, showPermission } from '../../model/name.js';
import { commandLine } from '../../model/shell-command.js';
import type { Permissions, User } from '../../model/user.js';
import { decodePermissions } from '../../auth-engine/user-permissions.js';
import { finding, type Finding } from '../../diagnostics/finding.js';
import type { Mend } from '../../diagnostics/fix.js';
import type { Check, Checked } from './check.js';
import { counted } from './told.js';

/** So many users get a command line each; the rest is found by the next run. */
export const mostMends = 20;

/** The place of one user, or of the cluster where there are several. */
export function placeOf(names: readonly string[]): { readonly in: 'cluster'; readonly user?: string } {
  const [only] = names;
  return only === undefined || names.length > 1 ? { in: 'cluster' } : { in: 'cluster', user: only };
}

/** How a hash begins, which tells its kind: nothing of salt and digest. */
export function hashKind(user: User): string {
  const hash = user.hash?.reveal() ?? '';
  if (hash === '') return 'none';
  const parts = takeHashApart(hash);
  if (parts.ok) return `bcrypt ${parts.prefix} cost ${parts.cost}`;
  if (/^\$?pbkdf2/i.test(hash)) return 'PBKDF2';
  return parts.fault === 'not-bcrypt' ? 'not bcrypt' : `not bcrypt (${parts.fault})`;
}

function cannotBeChecked({ hash }: User): boolean {
  const text = hash?.reveal() ?? '';
  return text !== '' && !takeHashApart(text).ok;
}

function hashes(users: readonly User[]): readonly Finding[] {
  const wrong = users.filter(cannotBeChecked);
  if (wrong.length === 0) return [];
  const names = wrong.map(({ name }) => name);
  const kinds = [...new Set(wrong.map(hashKind))].join(', ');
  const mends: Mend[] = [
    { what: 'In [meta] of influxdb-meta.conf on every meta node', setting: 'password-hash = "bcrypt"' },
    ...names.slice(0, mostMends).map((name) => ({
      what: 'Then, to set a new password',
      command: commandLine('kapadmin user passwd', [name], ['--generate']),
    })),
  ];
  return [finding('hash-not-bcrypt', `${showNames(names)}: ${kinds}.`, { place: placeOf(names), mends })];
}

/** A command for each scope that holds one of these permissions. */
function revokes(name: string, permissions: Permissions, which: (permission: string) => boolean): readonly Mend[] {
  return [...permissions].flatMap(([scope, names]): Mend[] => {
    const wrong = [...new Set(names.filter(which))];
    if (wrong.length === 0) return [];
    const flags = [...(scope === '' ? [] : ['--db', scope]), '--force'];
    return [{ what: 'To take it away', command: commandLine('kapadmin user revoke', [name, ...wrong], flags) }];
  });
}

function undecodable(users: readonly User[]): readonly Finding[] {
  const wrong = users.flatMap((user) => {
    const { unknown } = decodePermissions(user.permissions);
    return unknown.length === 0 ? [] : [{ user, unknown: new Set(unknown) }];
  });
  if (wrong.length === 0) return [];
  const names = wrong.map(({ user }) => user.name);
  const told = wrong
    .slice(0, 10)
    .map(({ user, unknown }) => `${showName(user.name)} has ${showNames([...unknown], 3)}`);
  const rest = wrong.length > 10 ? `; and ${wrong.length - 10} more` : '';
  const mends = wrong.flatMap(({ user, unknown }) => revokes(user.name, user.permissions, (one) => unknown.has(one)));
  const details = { place: placeOf(names), mends: mends.slice(0, mostMends) };
  return [finding('permission-unknown', `${told.join('; ')}${rest}.`, details)];
}

interface Scoped {
  readonly user: User;
  readonly permission: string;
  readonly scope: string;
}

function scopedMends({ user, permission, scope }: Scoped): readonly Mend[] {
  const { name } = user;
  const revoke = commandLine('kapadmin user revoke', [name, permission], ['--db', scope]);
  if (user.permissions.get('')?.includes(permission) === true) {
    return [{ what: 'It is granted for all as well; to take this away', command: revoke }];
  }
  const grant = commandLine('kapadmin user grant', [name, permission]);
  return [
    { what: 'If all of Kapacitor is meant, first', command: grant },
    { what: 'Then, or if not', command: revoke },
  ];
}

function scoped(users: readonly User[]): readonly Finding[] {
  const wrong = users.flatMap((user) =>
    [...user.permissions].flatMap(([scope, names]): Scoped[] =>
      scope === ''
        ? []
        : [...new Set(names.filter(isKapacitorPermission))].map((permission) => ({ user, permission, scope })),
    ),
  );
  if (wrong.length === 0) return [];
  const told = wrong
    .slice(0, 10)
    .map(({ user, permission, scope }) => `${showName(user.name)} has ${showPermission(permission, scope)}`);
  const rest = wrong.length > 10 ? `; and ${wrong.length - 10} more` : '';
  const names = [...new Set(wrong.map(({ user }) => user.name))];
  const details = { place: placeOf(names), mends: wrong.flatMap(scopedMends).slice(0, mostMends) };
  return [finding('right-scoped', `${told.join('; ')}${rest}.`, details)];
}

/**
 * Whether Kapacitor lets the user `POST /kapacitor/v1/users` (kapacitor-auth 9). With KapacitorConfigAPI as well the user
 * may do everything anyway.
 */
function gainsByCreating({ permissions }: User): boolean {
  const given = new Set([...permissions.values()].flat());
  if (!given.has('KapacitorAPI') || given.has('KapacitorConfigAPI')) return false;
  return decodePermissions(permissions).unknown.length === 0;
}

function administratorMakers(users: readonly User[]): readonly Finding[] {
  const names = users.filter(gainsByCreating).map(({ name }) => name);
  if (names.length === 0) return [];
  const fact = `${counted(names.length, 'user')} with KapacitorAPI: ${showNames(names)}.`;
  const command = commandLine('kapadmin user list', [], ['--permission', 'KapacitorAPI']);
  return [
    finding('kapacitor-admin-makers', fact, { place: placeOf(names), mends: [{ what: 'To list them', command }] }),
  ];
}

export const userCheck: Check = {
  what: 'users',
  ids: ['hash-not-bcrypt', 'permission-unknown', 'right-scoped', 'kapacitor-admin-makers'],
  look({ users }): Checked {
    if (!users.ok) return { findings: [], open: [{ ids: userCheck.ids, why: 'the users could not be read' }] };
    const { value } = users;
    const findings = [...hashes(value), ...undecodable(value), ...scoped(value)];
    const without = value.filter((user) => hashKind(user) === 'none').length;
    const checks = without === 0 ? 'can check every hash' : `can check every hash (${without} have none)`;
    const well = `${counted(value.length, 'user')}: Kapacitor ${checks} and knows every permission`;
    return { findings: [...findings, ...administratorMakers(value)], well: findings.length === 0 ? well : undefined };
  },
};
