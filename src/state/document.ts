import type { Change } from '../change/change.js';
import type { Secret } from '../model/secret.js';
import type { Permissions, Role } from '../model/user.js';
import { byText } from './plan/permissions.js';
import type { Actual } from './wanted.js';

export interface DocumentUser {
  readonly name: string;
  /** Written in clear: only where it was asked for. */
  readonly hash?: Secret | undefined;
  readonly permissions: Permissions;
  readonly roles?: readonly string[];
}

export interface DocumentRole {
  readonly name: string;
  readonly permissions: Permissions;
  readonly members: readonly string[];
}

/** A file of wanted state that is yet to be written. */
export interface StateDocument {
  /** Comment lines at its head. */
  readonly comments: readonly string[];
  readonly users: readonly DocumentUser[];
  readonly roles: readonly DocumentRole[];
  readonly absentUsers: readonly string[];
  readonly absentRoles: readonly string[];
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return byText(a.name, b.name);
}

/** A role without members that are no users: no file may name them. */
function toRole({ name, permissions, users }: Role, actual: Actual): DocumentRole {
  return { name, permissions, members: users.filter((user) => actual.users.has(user)) };
}

/** Members of roles that are no users, as `role: user`. */
export function danglingMembers({ users, roles }: Actual): readonly { readonly role: string; readonly user: string }[] {
  return [...roles.values()].flatMap((role) =>
    role.users.filter((user) => !users.has(user)).map((user) => ({ role: role.name, user })),
  );
}

/** A cluster as a file of wanted state. */
export function exportState(actual: Actual, options: { readonly withHashes: boolean }): StateDocument {
  const users = [...actual.users.values()].sort(byName).map(({ name, hash, permissions }): DocumentUser => {
    const shown = options.withHashes && hash !== undefined && hash.reveal() !== '' ? hash : undefined;
    return { name, hash: shown, permissions };
  });
  const roles = [...actual.roles.values()].sort(byName).map((role) => toRole(role, actual));
  return { comments: [], users, roles, absentUsers: [], absentRoles: [] };
}

/**
 * The found state of all that a list of changes touches, as a file: applied with `--prune`, it takes the changes back,
 * but for passwords that they change. Users that they delete keep their hashes in it.
 */
export function undoState(changes: readonly Change[], actual: Actual): StateDocument {
  const touched = (on: 'user' | 'role'): string[] =>
    [...new Set(changes.filter((change) => change.on === on).map(({ name }) => name))].sort(byText);
  const deleted = new Set(
    changes.filter(({ on, action }) => on === 'user' && action === 'delete').map(({ name }) => name),
  );
  const [users, roles] = [touched('user'), touched('role')];
  const rolesOfUser = new Map<string, string[]>();
  for (const role of actual.roles.values()) {
    for (const user of role.users) {
      const known = rolesOfUser.get(user);
      if (known === undefined) rolesOfUser.set(user, [role.name]);
      else known.push(role.name);
    }
  }
  return {
    comments: ['The state before a change. To take the change back: kapadmin apply --prune FILE'],
    users: users.flatMap((name): DocumentUser[] => {
      const there = actual.users.get(name);
      if (there === undefined) return [];
      const hash = deleted.has(name) ? there.hash : undefined;
      return [{ name, hash, permissions: there.permissions, roles: rolesOfUser.get(name) ?? [] }];
    }),
    roles: roles.flatMap((name) => {
      const there = actual.roles.get(name);
      return there === undefined ? [] : [toRole(there, actual)];
    }),
    absentUsers: users.filter((name) => !actual.users.has(name)),
    absentRoles: roles.filter((name) => !actual.roles.has(name)),
  };
}
