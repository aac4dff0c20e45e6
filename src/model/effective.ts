import { isPermission } from './permission.js';
import type { Permissions, Role, RolesInUserRecords, User } from './user.js';

/** Permissions that mean something to Kapacitor; the others it ignores. */
const meaningful: ReadonlySet<string> = new Set(['KapacitorAPI', 'KapacitorConfigAPI', 'ReadData', 'WriteData']);

/** Permissions that Kapacitor takes for all of it, whatever database they are granted for. */
const global: ReadonlySet<string> = new Set(['KapacitorAPI', 'KapacitorConfigAPI']);

export function isKapacitorPermission(permission: string): boolean {
  return global.has(permission);
}

/** Whether Kapacitor sees a permission: it reads only the user record. */
export type KapacitorSight = 'seen' | 'not-seen' | 'no-meaning';

/** A permission that a user has, and all the ways by which it has it. */
export interface EffectivePermission {
  readonly permission: string;
  /** A database; `""` means all. */
  readonly scope: string;
  /** In the user record, which is all that Kapacitor reads. */
  readonly inUserRecord: boolean;
  /** Granted to the user itself; `unknown` where the record may have it from a role. */
  readonly direct: 'yes' | 'no' | 'unknown';
  /** Names of the roles that give it, sorted. */
  readonly roles: readonly string[];
  readonly kapacitor: KapacitorSight;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The roles that have this user as a member, sorted by name. */
export function rolesOf(user: string, roles: Iterable<Role>): readonly Role[] {
  return [...roles].filter((role) => role.users.includes(user)).sort((a, b) => compare(a.name, b.name));
}

/**
 * All that a user may do, with the origin of each permission; all databases first, then by scope and name.
 * @param fact whether the cluster copies role permissions into user records
 */
export function effectivePermissions(
  user: User,
  roles: Iterable<Role>,
  fact: RolesInUserRecords,
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
    .sort(([a], [b]) => compare(a, b))
    .flatMap(([scope, names]) =>
      [...names]
        .sort(([a], [b]) => compare(a, b))
        .map(([permission, { inUserRecord, roles }]) => ({
          permission,
          scope,
          inUserRecord,
          direct: !inUserRecord ? 'no' : fact === 'no' || roles.length === 0 ? 'yes' : 'unknown',
          roles,
          kapacitor: !meaningful.has(permission) ? 'no-meaning' : inUserRecord ? 'seen' : 'not-seen',
        })),
    );
}

/** Permission names in a document that Kapacitor does not know: it cannot log in a user that has one. */
export function unknownPermissions(permissions: Permissions): readonly string[] {
  return [...new Set([...permissions.values()].flat())].filter((name) => !isPermission(name));
}

/** Whether a permission is held for a database: granted for it, or for all (`""`). */
export function holds(permissions: Permissions, permission: string, scope: string): boolean {
  return [scope, ''].some((where) => permissions.get(where)?.includes(permission) === true);
}
