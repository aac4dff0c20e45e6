import type { Change, ScopedPermissions } from '../mutations/change.js';
import type { Permissions, Role, User } from '../model/user.js';
import type { CurrentState } from './desired-state.js';

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
