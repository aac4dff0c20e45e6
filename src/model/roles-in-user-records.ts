import { holds, rolesOf } from './effective.js';
import type { Permissions, Role, RolesInUserRecords, User } from './user.js';

type UserRights = Pick<User, 'name' | 'permissions'>;

/** A member whose user record lacks a permission of its role. */
export interface UncopiedPermission {
  readonly user: string;
  readonly role: string;
  readonly permission: string;
  readonly scope: string;
}

/** A cluster may leave it out of a record for what it means. */
const meaningless = 'NoPermissions';

/**
 * The first member that lacks a permission of its role. A permission that the record has for all databases counts as
 * there: a cluster may leave out what that covers.
 */
export function findUncopied(users: Iterable<UserRights>, roles: Iterable<Role>): UncopiedPermission | undefined {
  const records = new Map([...users].map((user) => [user.name, user]));
  for (const role of roles) {
    for (const name of role.users) {
      const record = records.get(name);
      if (record === undefined) continue;
      for (const [scope, permissions] of role.permissions) {
        const permission = permissions.find((one) => one !== meaningless && !holds(record.permissions, one, scope));
        if (permission !== undefined) return { user: name, role: role.name, permission, scope };
      }
    }
  }
  return undefined;
}

/**
 * The fact as records prove it, else as a probe found it out before. Records alone never prove `yes`: what a user and
 * its role both have may have been granted twice.
 * @param probed what `doctor --probe` found out about this cluster
 */
export function rolesInUserRecords(
  users: Iterable<UserRights>,
  roles: Iterable<Role>,
  probed: RolesInUserRecords = 'unknown',
): RolesInUserRecords {
  return findUncopied(users, roles) === undefined ? probed : 'no';
}

const nothing: Permissions = new Map();

/**
 * What a user record has that is not known to be granted to the user itself, because a role of the user gives it as
 * well: nothing where the cluster is known not to copy role permissions.
 * @param roles all roles, or those of the user
 */
export function perhapsCopied(user: User, roles: Iterable<Role>, fact: RolesInUserRecords): Permissions {
  if (fact === 'no' || user.permissions.size === 0) return nothing;
  const giving = rolesOf(user.name, roles);
  if (giving.length === 0) return nothing;
  const copied = new Map<string, readonly string[]>();
  for (const [scope, permissions] of user.permissions) {
    const both = permissions.filter((one) =>
      giving.some((role) => role.permissions.get(scope)?.includes(one) === true),
    );
    if (both.length > 0) copied.set(scope, both);
  }
  return copied;
}

/** The roles of each member. */
export function rolesByMember(roles: Iterable<Role>): ReadonlyMap<string, readonly Role[]> {
  const found = new Map<string, Role[]>();
  for (const role of roles) {
    for (const name of new Set(role.users)) {
      const known = found.get(name);
      if (known === undefined) found.set(name, [role]);
      else known.push(role);
    }
  }
  return found;
}
