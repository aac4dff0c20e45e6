import type { Permissions } from './permissions-and-presets.js';
import type { Role, User, RolesInUserRecords } from './user.js';
import { perhapsCopied } from './roles-in-user-records.js';

/** The permission to change users and roles. */
export const managingPermission = 'CreateUserAndRole';

export function isManaging(permissions: Permissions | undefined): boolean {
  return permissions?.get('')?.includes(managingPermission) === true;
}

/** The roles that let their members manage users and roles. */
export function managingRoles(roles: Iterable<Role>): readonly Role[] {
  return [...roles].filter(({ permissions }) => isManaging(permissions));
}

/** Users that are sure to manage users and roles by themselves: what a record may have from a role does not count. */
export function directManagers(
  users: Iterable<User>,
  managing: readonly Role[],
  rolesCopied: RolesInUserRecords,
): ReadonlySet<string> {
  const direct = new Set<string>();
  for (const user of users) {
    if (isManaging(user.permissions) && !isManaging(perhapsCopied(user, managing, rolesCopied))) direct.add(user.name);
  }
  return direct;
}
