import { holdsPermission, type Permissions } from './permissions.js';
import { type Role, type RolesInUserRecords, rolesOf, type User } from './user.js';
import { openSentence } from './open-questions.js';
import { showNames } from './text.js';
import { commandLine } from './shell-command.js';

type UserPermissions = Pick<User, 'name' | 'permissions'>;

/** A member whose user record lacks a permission of its role. */
export interface UncopiedPermission {
  readonly user: string;
  readonly role: string;
  readonly permission: string;
  readonly scope: string;
}

/** A cluster may leave it out of a record for what it means. */
const placeholderPermission = 'NoPermissions';

/**
 * The first member that lacks a permission of its role. A permission that the record has for all databases counts as
 * there: a cluster may leave out what that covers.
 */
export function findUncopied(users: Iterable<UserPermissions>, roles: Iterable<Role>): UncopiedPermission | undefined {
  const records = new Map([...users].map((user) => [user.name, user]));
  for (const role of roles) {
    for (const name of role.users) {
      const record = records.get(name);
      if (record === undefined) continue;
      for (const [scope, permissions] of role.permissions) {
        const permission = permissions.find(
          (one) => one !== placeholderPermission && !holdsPermission(record.permissions, one, scope),
        );
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
  users: Iterable<UserPermissions>,
  roles: Iterable<Role>,
  probed: RolesInUserRecords = 'unknown',
): RolesInUserRecords {
  return findUncopied(users, roles) === undefined ? probed : 'no';
}

const noPermissions: Permissions = new Map();

/**
 * Permissions in a user record that may come from a role of the user and not be granted directly, because a role grants them as
 * well: nothing where the cluster is known not to copy role permissions.
 * @param roles all roles, or those of the user
 */
export function perhapsCopied(user: User, roles: Iterable<Role>, rolesCopied: RolesInUserRecords): Permissions {
  if (rolesCopied === 'no' || user.permissions.size === 0) return noPermissions;
  const giving = rolesOf(user.name, roles);
  if (giving.length === 0) return noPermissions;
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

/** Whether a role's permissions count for Kapacitor, as far as it is known. Only `no` says that they do not. */
export function roleSentence(rolesCopied: RolesInUserRecords): string {
  return openSentence('roles-in-user-records', rolesCopied);
}

/** A member whose user record lacks permissions of its role that Kapacitor knows. */
export interface LackingMember {
  readonly name: string;
  readonly permissions: readonly string[];
}

const maxCommands = 3;

/** The note after a change to a role: which members lack its permissions, and the commands that grant them. */
export function lackingNote(rolesCopied: RolesInUserRecords, members: readonly LackingMember[]): string {
  const commands = members
    .slice(0, maxCommands)
    .map(({ name, permissions }) => String(commandLine('kapadmin user grant', [name, ...permissions])));
  const others = members.slice(maxCommands).map(({ name }) => name);
  const rest = others.length > 0 ? `; likewise for ${showNames(others)}` : '';
  const lacked = [...new Set(members.flatMap(({ permissions }) => permissions))].join(' and ');
  const users = members.length === 1 ? 'the member of the role' : 'the members of the role';
  return `${roleSentence(rolesCopied)} Grant ${lacked} to ${users}: ${commands.join('; ')}${rest}`;
}

/** The note on users whom state files allow less than a cluster may that copies role permissions; none: no note. */
export function roleAccessNote(users: readonly string[]): string | undefined {
  if (users.length === 0) return undefined;
  return `A role gives more to ${showNames(users)}, which counts only if the cluster copies role permissions into user records.`;
}

/** What a file leaves out of users, in one sentence. */
export function leftOutSentence(count: number): string {
  return count === 1
    ? '1 permission was left out of users: a role grants it too, and whether it is also granted directly is unknown.'
    : `${count} permissions were left out of users: a role grants them too, and whether they are also granted directly is unknown.`;
}

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
