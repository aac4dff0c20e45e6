import type { Change, ScopedPermissions, SecretRef } from '../mutations/change.js';
import type { Secret } from '../model/secret.js';
import type { Permissions } from '../model/permissions.js';
import type { Role, User } from '../model/user.js';

export interface DesiredUser {
  readonly name: string;
  /** The file that defines it. */
  readonly file: string;
  readonly password?: SecretRef;
  readonly hash?: SecretRef;
  /** The hash itself, if it is in the file. */
  readonly hashValue?: Secret;
  /** As in the file, with presets expanded. */
  readonly permissions: Permissions;
  readonly roles: readonly string[];
}

export interface DesiredRole {
  readonly name: string;
  readonly file: string;
  readonly permissions: Permissions;
  readonly members: readonly string[];
}

export interface StateOptions {
  /** What `--prune` may remove: see `plan`. */
  readonly manage: 'listed' | 'all';
  /** The file that says so, or the first one. */
  readonly managedBy: string;
  /** Kapacitor permissions of a role are granted directly to its members. */
  readonly materializeRoles: boolean;
  /** Removed by `--prune`, whatever it manages. */
  readonly absentUsers: ReadonlySet<string>;
  readonly absentRoles: ReadonlySet<string>;
}

/** The desired state of a cluster, of all files together. */
export interface DesiredState {
  readonly users: ReadonlyMap<string, DesiredUser>;
  readonly roles: ReadonlyMap<string, DesiredRole>;
  readonly options: StateOptions;
}

/** What was read of a cluster: all its users and roles, by name. */
export interface CurrentState {
  readonly users: ReadonlyMap<string, User>;
  readonly roles: ReadonlyMap<string, Role>;
}

/** The members of each role in the files, from either side. */
export function desiredMembers(desired: DesiredState): ReadonlyMap<string, ReadonlySet<string>> {
  const members = new Map<string, Set<string>>();
  const add = (role: string, user: string): void => {
    const known = members.get(role);
    if (known === undefined) members.set(role, new Set([user]));
    else known.add(user);
  };
  for (const role of desired.roles.values()) for (const user of role.members) add(role.name, user);
  for (const user of desired.users.values()) for (const role of user.roles) add(role, user.name);
  return members;
}

const noPermissions: Permissions = new Map();

function editPermissions(
  permissions: Permissions,
  scopedPermissions: readonly ScopedPermissions[],
  action: 'add-permissions' | 'remove-permissions',
): Permissions {
  const after = new Map(permissions);
  for (const { scope, permissions: names } of scopedPermissions) {
    const held = after.get(scope) ?? [];
    const kept = held.filter((name) => !names.includes(name));
    const list = action === 'add-permissions' ? [...kept, ...names] : kept;
    if (list.length > 0) after.set(scope, list);
    else after.delete(scope);
  }
  return after;
}

function editMembers(role: Role, names: readonly string[], action: 'add-users' | 'remove-users'): Role {
  const members = new Set(role.users);
  for (const name of names) {
    if (action === 'add-users') members.add(name);
    else members.delete(name);
  }
  return { ...role, users: [...members] };
}

/**
 * The users and roles after these changes, if each of them succeeds: what was granted directly, without what a cluster
 * may copy from roles into user records. A deleted user leaves its roles.
 */
export function stateAfter(before: CurrentState, changes: readonly Change[]): CurrentState {
  const users = new Map<string, User>(before.users);
  const roles = new Map<string, Role>(before.roles);
  const deleted = new Set<string>();
  for (const change of changes) {
    const { name } = change;
    const user = users.get(name);
    const role = roles.get(name);
    switch (change.action) {
      case 'create':
        if (change.on === 'user') users.set(name, { name, hash: undefined, permissions: noPermissions });
        else roles.set(name, { name, permissions: noPermissions, users: [] });
        break;
      case 'delete':
        if (change.on === 'role') roles.delete(name);
        else {
          users.delete(name);
          deleted.add(name);
        }
        break;
      case 'add-users':
      case 'remove-users':
        if (role !== undefined) roles.set(name, editMembers(role, change.users, change.action));
        break;
      case 'add-permissions':
      case 'remove-permissions': {
        const edit = ({ permissions }: User | Role) => ({
          permissions: editPermissions(permissions, change.permissions, change.action),
        });
        if (change.on === 'user' && user !== undefined) users.set(name, { ...user, ...edit(user) });
        if (change.on === 'role' && role !== undefined) roles.set(name, { ...role, ...edit(role) });
        break;
      }
      case 'change-password':
    }
  }
  if (deleted.size > 0) {
    for (const [name, role] of roles) {
      if (role.users.some((user) => deleted.has(user)))
        roles.set(name, editMembers(role, [...deleted], 'remove-users'));
    }
  }
  return { users, roles };
}
