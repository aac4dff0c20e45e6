import { isPermission } from './permission.js';
import type { Permissions, Role, User } from './user.js';

/** Permissions that mean something to Kapacitor; the others it ignores. */
const meaningful: ReadonlySet<string> = new Set(['KapacitorAPI', 'KapacitorConfigAPI', 'ReadData', 'WriteData']);

/** Permissions that Kapacitor takes for all of it, whatever database they are granted for. */
const global: ReadonlySet<string> = new Set(['KapacitorAPI', 'KapacitorConfigAPI']);

export function isKapacitorPermission(permission: string): boolean {
  return global.has(permission);
}

/** Whether Kapacitor sees a permission: only the user's own count, never a role's. */
export type KapacitorSight = 'seen' | 'not-seen' | 'no-meaning';

/** A permission that a user has, and all the ways by which it has it. */
export interface EffectivePermission {
  readonly permission: string;
  /** A database; `""` means all. */
  readonly scope: string;
  /** In the user's own document. */
  readonly direct: boolean;
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

/** All that a user may do, with the origin of each permission; all databases first, then by scope and name. */
export function effectivePermissions(user: User, roles: Iterable<Role>): readonly EffectivePermission[] {
  const found = new Map<string, Map<string, { direct: boolean; roles: string[] }>>();
  const add = (permissions: Permissions, role: string | undefined): void => {
    for (const [scope, names] of permissions) {
      const inScope = found.get(scope) ?? new Map<string, { direct: boolean; roles: string[] }>();
      found.set(scope, inScope);
      for (const name of new Set(names)) {
        const origin = inScope.get(name) ?? { direct: false, roles: [] };
        inScope.set(name, origin);
        if (role === undefined) origin.direct = true;
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
        .map(([permission, { direct, roles }]) => ({
          permission,
          scope,
          direct,
          roles,
          kapacitor: !meaningful.has(permission) ? 'no-meaning' : direct ? 'seen' : 'not-seen',
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
