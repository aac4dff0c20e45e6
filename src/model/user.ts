import type { Answer } from './open-questions.js';
import type { Secret } from './secret.js';
import { KapadminError, usageError } from '../errors.js';
import { holdsPermission, kapacitorPermissions, type Permissions } from './permissions.js';
import { excerpt, hasControls, nearest, quoteName, quoteNames } from './text.js';

export interface User {
  readonly name: string;
  /** The stored password hash; absent or empty for users of LDAP. */
  readonly hash: Secret | undefined;
  readonly permissions: Permissions;
}

/**
 * Whether a cluster copies the permissions of a role into the user records of its members: what `GET /user` returns,
 * and all that Kapacitor reads.
 */
export type RolesInUserRecords = Answer;

export interface Role {
  readonly name: string;
  readonly permissions: Permissions;
  /** Names of the members. */
  readonly users: readonly string[];
}

/**
 * The error for users or roles that the cluster does not have.
 * @param cannot what failed: the text before the colon
 * @param known names to suggest from, where one name is not found
 */
export function notFoundError(
  what: 'user' | 'role',
  names: readonly string[],
  cannot?: string,
  known: readonly string[] = [],
): KapadminError {
  const [only = '', ...others] = names;
  const who = others.length === 0 ? `${what} ${quoteName(only)}` : `${what}s ${quoteNames(names)}`;
  const near = others.length === 0 ? nearest(only, known) : undefined;
  const hint = near === undefined ? `To list all: kapadmin ${what} list` : `Did you mean ${quoteName(near)}?`;
  const message = `${cannot === undefined ? '' : `${cannot}: `}${who} not found`;
  const missing = others.length === 0 && near === undefined && known.length === 0 ? { what, name: only } : undefined;
  return new KapadminError('not-found', `${what}-not-found`, message, { hint, missing });
}

/** Whether Kapacitor sees a permission: it reads only the user record. */
export type KapacitorVisibility = 'seen' | 'not-seen' | 'no-meaning';

/** A permission that a user has, and all its sources. */
export interface EffectivePermission {
  readonly permission: string;
  /** A database; `""` means all. */
  readonly scope: string;
  /** In the user record, which is all that Kapacitor reads. */
  readonly inUserRecord: boolean;
  /** Granted to the user itself; `unknown` where the record may have it from a role. */
  readonly direct: 'yes' | 'no' | 'unknown';
  /** Names of the roles that grant it, sorted. */
  readonly roles: readonly string[];
  readonly kapacitor: KapacitorVisibility;
}

function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The roles that have this user as a member, sorted by name. */
export function rolesOf(user: string, roles: Iterable<Role>): readonly Role[] {
  return [...roles].filter((role) => role.users.includes(user)).sort((a, b) => compareStrings(a.name, b.name));
}

/**
 * All that a user may do, with the origin of each permission; all databases first, then by scope and name.
 * @param rolesCopied whether the cluster copies role permissions into user records
 */
export function effectivePermissions(
  user: User,
  roles: Iterable<Role>,
  rolesCopied: RolesInUserRecords,
): readonly EffectivePermission[] {
  const found = new Map<string, Map<string, { inUserRecord: boolean; roles: string[] }>>();
  const add = (permissions: Permissions, role: string | undefined): void => {
    for (const [scope, names] of permissions) {
      const inScope = found.get(scope) ?? new Map<string, { inUserRecord: boolean; roles: string[] }>();
      found.set(scope, inScope);
      for (const name of new Set(names)) {
        const origin = inScope.get(name) ?? { inUserRecord: false, roles: [] };
        inScope.set(name, origin);
        if (role === undefined) origin.inUserRecord = true;
        else origin.roles.push(role);
      }
    }
  };
  add(user.permissions, undefined);
  for (const role of rolesOf(user.name, roles)) add(role.permissions, role.name);
  return [...found]
    .sort(([a], [b]) => compareStrings(a, b))
    .flatMap(([scope, names]) =>
      [...names]
        .sort(([a], [b]) => compareStrings(a, b))
        .map(([permission, { inUserRecord, roles }]) => ({
          permission,
          scope,
          inUserRecord,
          direct: !inUserRecord ? 'no' : rolesCopied === 'no' || roles.length === 0 ? 'yes' : 'unknown',
          roles,
          kapacitor: !kapacitorPermissions.has(permission) ? 'no-meaning' : inUserRecord ? 'seen' : 'not-seen',
        })),
    );
}

/** A user with the names of its roles, sorted. */
export interface ListedUser {
  readonly user: User;
  readonly roles: readonly Role[];
}

export interface UserFilter {
  /** Has this permission. */
  readonly permission?: string | undefined;
  /** Is a member of this role. */
  readonly role?: string | undefined;
  /** Has a permission for this database, or for all. */
  readonly db?: string | undefined;
  /** Include permissions from roles; by default only direct ones. */
  readonly viaRole?: boolean | undefined;
}

/** The roles of each user. */
function memberships(roles: readonly Role[]): ReadonlyMap<string, readonly Role[]> {
  const byUser = new Map<string, Role[]>();
  for (const role of roles.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const user of new Set(role.users)) {
      const own = byUser.get(user);
      if (own) own.push(role);
      else byUser.set(user, [role]);
    }
  }
  return byUser;
}

function matchesFilter({ user, roles }: ListedUser, { permission, role, db, viaRole }: UserFilter): boolean {
  if (role !== undefined && !roles.some(({ name }) => name === role)) return false;
  if (permission === undefined && db === undefined) return true;
  const sources = [user.permissions, ...(viaRole === true ? roles.map((one) => one.permissions) : [])];
  return sources.some((permissions) => {
    if (permission !== undefined && db !== undefined) return holdsPermission(permissions, permission, db);
    if (permission !== undefined) return [...permissions.values()].some((names) => names.includes(permission));
    return [db ?? '', ''].some((scope) => (permissions.get(scope)?.length ?? 0) > 0);
  });
}

/** The users that match, sorted by name, each with its roles. */
export function listUsers(users: readonly User[], roles: readonly Role[], filter: UserFilter): readonly ListedUser[] {
  const byUser = memberships(roles);
  return users
    .map((user): ListedUser => ({ user, roles: byUser.get(user.name) ?? [] }))
    .filter((listed) => matchesFilter(listed, filter))
    .sort((a, b) => compareStrings(a.user.name, b.user.name));
}

/** Throws a usage error unless a name is valid for a new user or role. */
export function checkNewName(what: 'user' | 'role', name: string): void {
  if (name.trim() === '') throw usageError('invalid-name', `the name of a ${what} must not be empty or blank`);
  if (hasControls(name)) {
    throw usageError(
      'invalid-name',
      `the name of a ${what} must not contain control characters: "${excerpt(name, 60)}"`,
    );
  }
  if (/[\ud800-\udfff]/u.test(name)) {
    throw usageError('invalid-unicode', `the name of a ${what} must be valid Unicode: "${excerpt(name, 60)}"`);
  }
}
