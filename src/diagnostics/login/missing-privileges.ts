import type { Permissions } from '../../model/permissions.js';
import {
  type Privilege,
  decidePrivilege,
  compilePrivileges,
  compileEndpoint,
  compileResource,
  databaseResource,
} from '../../auth-engine/privileges.js';
import type { Role } from '../../model/user.js';
import type { Fix } from '../finding.js';
import { commandLine } from '../../model/shell-command.js';
import type { PrivilegesStep, DatabaseStep } from '../../auth-engine/trace.js';
import { rolesInUserRecords, roleSentence } from '../../model/roles-in-user-records.js';
import { showName } from '../../model/text.js';
import { type ExplainContext, type Explanation, explanation } from './explanation.js';

/** Permissions that Kapacitor looks at, the narrower first. */
export const permissionCandidates = ['KapacitorConfigAPI', 'WriteData', 'ReadData', 'KapacitorAPI'] as const;

function allows(permissions: Permissions, path: string, needed: Privilege): boolean {
  return decidePrivilege(compilePrivileges(permissions), compileEndpoint(path), needed).allowed;
}

/** The permission that, given beside the user's own, allows the request; the narrowest. */
function missingPermission(own: Permissions, path: string, needed: Privilege): string | undefined {
  return permissionCandidates.find((name) =>
    allows(new Map([...own, ['', [...(own.get('') ?? []), name]]]), path, needed),
  );
}

function memberRoles(user: string, roles: readonly Role[] | undefined): readonly Role[] {
  return (roles ?? []).filter((role) => role.users.includes(user));
}

const privilegeWords: Readonly<Record<Privilege, string>> = {
  none: 'no privilege',
  read: 'read',
  write: 'write',
  delete: 'delete',
  all: 'every privilege',
};

/** When a change of permissions shows: with the user cache. */
export function cacheNote(expiration: string | undefined): string {
  return expiration === undefined
    ? 'Kapacitor caches no users here: the change takes effect at the next request.'
    : `Kapacitor may cache this user for up to ${expiration}.`;
}

function grantFix(user: string, permission: string, database?: string): Fix {
  const flags = database === undefined ? [] : ['--db', database];
  return { what: 'To allow it', command: commandLine('kapadmin user grant', [user, permission], flags) };
}

/** Why the nearest entry, or none, refuses. */
function describeDecision(step: PrivilegesStep): string {
  if (step.entry === undefined) return `: no privilege covers ${step.resource}`;
  return step.mask === 1
    ? `: no privilege on ${step.entry} (KapacitorAPI excludes the configuration)`
    : `: the privileges on ${step.entry} do not include it`;
}

/** A 403: which right is missing, whether a role would give it, and the command that grants it. */
export function explainPrivileges(
  step: PrivilegesStep,
  own: Permissions,
  context: ExplainContext,
  cache: string,
): Explanation {
  const { user, needed, path } = step;
  const name = user;
  const required = `${privilegeWords[needed]} on ${step.resource}`;
  const permission = missingPermission(own, path, needed);
  const fixes = permission === undefined ? [] : [grantFix(user, permission)];
  const roles = memberRoles(user, context.roles).filter((role) => allows(role.permissions, path, needed));
  if (roles.length > 0) {
    const named = roles.map((role) => role.name).join(', ');
    const why = `${required}: ${name} has it only through role ${named}; the user record that the meta node returned does not include it`;
    const rolesCopied = rolesInUserRecords([{ name: user, permissions: own }], roles);
    return explanation('right-only-by-role', why, fixes, [roleSentence(rolesCopied), cache]);
  }
  const notes = permission === undefined ? ['No further permission would allow this.'] : [cache];
  const kapacitor = [...own.values()].flat().filter((one) => one.startsWith('Kapacitor') || one.endsWith('Data'));
  if (kapacitor.length === 0)
    return explanation('no-right', `${required}: ${name} has no Kapacitor permission`, fixes, notes);
  return explanation('right-elsewhere', `${required}: denied${describeDecision(step)}`, fixes, notes);
}

/** The 401 of a write to a database. */
export function explainDatabase(
  step: DatabaseStep,
  own: Permissions,
  context: ExplainContext,
  cache: string,
): Explanation {
  const { user, database } = step;
  const writable = [...own].filter(([, names]) => names.includes('WriteData')).map(([scope]) => showName(scope));
  const target = compileResource(databaseResource(database));
  const byRole = memberRoles(user, context.roles).filter(
    (role) => decidePrivilege(compilePrivileges(role.permissions), target, 'write').allowed,
  );
  const has = writable.length === 0 ? 'no WriteData permission' : `WriteData on ${writable.join(', ')} only`;
  const role =
    byRole.length === 0 ? '' : `; role ${byRole[0]!.name} grants it, but the user record does not include it`;
  const why = `write to database ${showName(database)}: ${user} has ${has}${role}`;
  return explanation('write-database', why, [grantFix(user, 'WriteData', database)], [cache]);
}
