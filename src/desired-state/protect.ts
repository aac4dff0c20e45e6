import type { Change } from '../mutations/change.js';
import { directManagers, managingRoles, managingPermission as right } from '../model/roles-in-user-records.js';
import type { RolesInUserRecords } from '../model/user.js';
import type { CurrentState } from './desired-state.js';
import { compareStrings, type Edits, hasPermission, type RoleEdit, type UserEdit, removeGrant } from './diff.js';

/** A removal that the plan skips to prevent a lockout. */
export interface ProtectedChange {
  readonly user: string;
  readonly reason: 'own-account' | 'last-user-manager';
  readonly change: Change;
}

export interface ProtectionOptions {
  /** The account that sends the changes. */
  readonly login: string | undefined;
}

const removeRight = { action: 'remove-permissions', permissions: [{ scope: '', permissions: [right] }] } as const;

/** Users that can manage users now: by themselves, or by a role as well. */
function managersOf({ users, roles }: CurrentState, direct: ReadonlySet<string>): ReadonlySet<string> {
  const managers = new Set(direct);
  for (const role of managingRoles(roles.values())) {
    for (const user of role.users) if (users.has(user)) managers.add(user);
  }
  return managers;
}

/** Whether the permission is held after an edit. */
function rightAfter(had: boolean, edit: UserEdit | RoleEdit | undefined): boolean {
  if (edit?.isDeleted === true) return false;
  return (had && !hasPermission(edit?.remove, '', right)) || hasPermission(edit?.add, '', right);
}

/** Users that can manage users after the edits. */
function managersAfter(edits: Edits, cluster: CurrentState, direct: ReadonlySet<string>): ReadonlySet<string> {
  const managers = new Set<string>();
  for (const name of direct) if (rightAfter(true, edits.users.get(name))) managers.add(name);
  for (const edit of edits.users.values())
    if (!edit.isDeleted && hasPermission(edit.add, '', right)) managers.add(edit.name);
  for (const name of new Set([...cluster.roles.keys(), ...edits.roles.keys()])) {
    const role = cluster.roles.get(name);
    const edit = edits.roles.get(name);
    if (!rightAfter(hasPermission(role?.permissions, '', right), edit)) continue;
    for (const user of role?.users ?? []) {
      const stays = cluster.users.has(user) && edits.users.get(user)?.isDeleted !== true;
      if (stays && edit?.leave.has(user) !== true) managers.add(user);
    }
    for (const user of edit?.join ?? []) managers.add(user);
  }
  return managers;
}

/** Undoes the edits that would take the permission from a user: its own grant, else all roles that grant it. */
function keepManager(
  name: string,
  edits: Edits,
  cluster: CurrentState,
  direct: ReadonlySet<string>,
  keep: (change: Change) => void,
): void {
  const edit = edits.users.get(name);
  if (direct.has(name)) {
    if (edit === undefined || !hasPermission(edit.remove, '', right)) return;
    edit.remove = removeGrant(edit.remove, '', right);
    keep({ on: 'user', name, ...removeRight });
    return;
  }
  const giving = [...cluster.roles.values()].filter((role) => {
    return hasPermission(role.permissions, '', right) && role.users.includes(name);
  });
  for (const role of giving.sort((a, b) => compareStrings(a.name, b.name))) keepRole(role.name, name, edits, keep);
}

/** Undoes the edits that would stop a role from granting the permission to a member. */
function keepRole(name: string, member: string, edits: Edits, keep: (change: Change) => void): void {
  const role = edits.roles.get(name);
  if (role === undefined) return;
  if (role.isDeleted) {
    role.isDeleted = false;
    keep({ on: 'role', name, action: 'delete' });
  }
  if (hasPermission(role.remove, '', right)) {
    role.remove = removeGrant(role.remove, '', right);
    keep({ on: 'role', name, ...removeRight });
  }
  if (role.leave.delete(member)) keep({ on: 'role', name, action: 'remove-users', users: [member] });
}

/**
 * Undoes the removals that would delete the connection's account or take its permission, or leave no user manager.
 * Returns the removals that were skipped.
 */
export function protectAccounts(
  edits: Edits,
  cluster: CurrentState,
  { login }: ProtectionOptions,
  rolesCopied: RolesInUserRecords,
): readonly ProtectedChange[] {
  const protectedChanges: ProtectedChange[] = [];
  const direct = directManagers(cluster.users.values(), managingRoles(cluster.roles.values()), rolesCopied);
  const before = managersOf(cluster, direct);
  const guard = (users: readonly string[], reason: ProtectedChange['reason']): void => {
    for (const user of users) {
      const edit = edits.users.get(user);
      if (edit?.isDeleted !== true) continue;
      edit.isDeleted = false;
      protectedChanges.push({ user, reason, change: { on: 'user', name: user, action: 'delete' } });
    }
    const after = managersAfter(edits, cluster, direct);
    for (const user of users) {
      if (!before.has(user) || after.has(user)) continue;
      keepManager(user, edits, cluster, direct, (change) => void protectedChanges.push({ user, reason, change }));
    }
  };
  if (login !== undefined) guard([login], 'own-account');
  if (before.size > 0 && managersAfter(edits, cluster, direct).size === 0) {
    guard([...before].sort(compareStrings), 'last-user-manager');
  }
  return protectedChanges;
}
