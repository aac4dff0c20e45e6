import type { CurrentState, DesiredState, DesiredRole } from './desired-state.js';
import type { ScopedPermissions } from '../mutations/change.js';
import type { Permissions } from '../model/permissions.js';
import type { Role, User } from '../model/user.js';

/** What is to become of one user. */
export interface UserEdit {
  readonly name: string;
  readonly isNew: boolean;
  isDeleted: boolean;
  add: PermissionGrants | undefined;
  remove: PermissionGrants | undefined;
}

/** What is to become of one role. */
export interface RoleEdit {
  readonly name: string;
  readonly isNew: boolean;
  isDeleted: boolean;
  add: PermissionGrants | undefined;
  remove: PermissionGrants | undefined;
  readonly join: Set<string>;
  readonly leave: Set<string>;
}

/** The edits of the users and roles that are touched, by name. */
export interface Edits {
  readonly users: Map<string, UserEdit>;
  readonly roles: Map<string, RoleEdit>;
}

export type MembersByRole = ReadonlyMap<string, ReadonlySet<string>>;

const noUsers: ReadonlySet<string> = new Set();

/** The edit of a user that may have none yet. */
export function ensureUserEdit(edits: Edits, name: string): UserEdit {
  const known = edits.users.get(name);
  if (known !== undefined) return known;
  const edit = { name, isNew: false, isDeleted: false, add: undefined, remove: undefined };
  edits.users.set(name, edit);
  return edit;
}

function editUsers(
  { users, options }: DesiredState,
  cluster: CurrentState,
  members: MembersByRole,
  prune: boolean,
): Edits['users'] {
  const edits = new Map<string, UserEdit>();
  for (const desired of users.values()) {
    const { name } = desired;
    const existing = cluster.users.get(name);
    const add = permissionsMinus(desired.permissions, existing?.permissions);
    const remove = prune ? permissionsMinus(existing?.permissions, desired.permissions) : undefined;
    const isNew = existing === undefined;
    if (isNew || add !== undefined || remove !== undefined)
      edits.set(name, { name, isNew, isDeleted: false, add, remove });
  }
  if (!prune || (options.manage === 'listed' && options.absentUsers.size === 0)) return edits;
  const named = new Set([...members.values()].flatMap((users) => [...users]));
  for (const name of cluster.users.keys()) {
    const isManaged = options.manage === 'all' || options.absentUsers.has(name);
    if (!isManaged || users.has(name) || named.has(name)) continue;
    edits.set(name, { name, isNew: false, isDeleted: true, add: undefined, remove: undefined });
  }
  return edits;
}

/** Members to remove from a role: those the files do not list for it, if they list the role or the member. */
function leavingUsers(
  existing: readonly string[],
  isListed: boolean,
  { users }: DesiredState,
  kept: ReadonlySet<string>,
  edits: Edits['users'],
): Set<string> {
  const leave = new Set<string>();
  for (const user of existing) {
    if (kept.has(user) || (!isListed && !users.has(user)) || edits.get(user)?.isDeleted === true) continue;
    leave.add(user);
  }
  return leave;
}

/** Members to add to a role: users that the files list for it. */
function joiningUsers(existing: readonly string[], kept: ReadonlySet<string>): Set<string> {
  const join = new Set(kept);
  for (const user of existing) join.delete(user);
  return join;
}

function editRole(
  name: string,
  role: DesiredRole | undefined,
  desired: DesiredState,
  cluster: CurrentState,
  members: MembersByRole,
  prune: boolean,
  users: Edits['users'],
): RoleEdit {
  const existing = cluster.roles.get(name);
  const { manage, absentRoles } = desired.options;
  const kept = members.get(name) ?? noUsers;
  const isNamed = role !== undefined || kept.size > 0;
  const isDeleted = prune && !isNamed && (manage === 'all' || absentRoles.has(name));
  const present = existing?.users ?? [];
  return {
    name,
    isNew: existing === undefined,
    isDeleted,
    add: permissionsMinus(role?.permissions, existing?.permissions),
    remove: prune && role !== undefined ? permissionsMinus(existing?.permissions, role.permissions) : undefined,
    join: joiningUsers(present, kept),
    leave: prune && !isDeleted ? leavingUsers(present, role !== undefined, desired, kept, users) : new Set(),
  };
}

/** The edits that lead to the desired state, for each user and role by itself. */
export function computeEdits(
  desired: DesiredState,
  cluster: CurrentState,
  members: MembersByRole,
  prune: boolean,
): Edits {
  const users = editUsers(desired, cluster, members, prune);
  const names = new Set([...desired.roles.keys(), ...members.keys(), ...(prune ? cluster.roles.keys() : [])]);
  const roles = new Map<string, RoleEdit>();
  for (const name of names) {
    const role = desired.roles.get(name);
    if (role === undefined && !cluster.roles.has(name)) continue;
    roles.set(name, editRole(name, role, desired, cluster, members, prune, users));
  }
  return { users, roles };
}

/** Permissions by scope, as the plan adds or removes them. */
export type PermissionGrants = Map<string, string[]>;

const noPermissions: Permissions = new Map();

/** The permissions in `a` that are not in `b`; undefined if none. */
export function permissionsMinus(
  a: Permissions = noPermissions,
  b: Permissions = noPermissions,
): PermissionGrants | undefined {
  let rest: PermissionGrants | undefined;
  for (const [scope, names] of a) {
    const existing = b.get(scope);
    for (const name of names) {
      if (existing?.includes(name) === true) continue;
      rest = addGrant(rest, scope, name);
    }
  }
  return rest;
}

/** Adds a permission, once. */
export function addGrant(grants: PermissionGrants | undefined, scope: string, name: string): PermissionGrants {
  const all = grants ?? new Map<string, string[]>();
  const names = all.get(scope);
  if (names === undefined) all.set(scope, [name]);
  else if (!names.includes(name)) names.push(name);
  return all;
}

export function hasPermission(permissions: Permissions | undefined, scope: string, name: string): boolean {
  return permissions?.get(scope)?.includes(name) === true;
}

/** Takes a permission out; what is left, undefined where that is nothing. */
export function removeGrant(
  grants: PermissionGrants | undefined,
  scope: string,
  name: string,
): PermissionGrants | undefined {
  if (grants === undefined || !hasPermission(grants, scope, name)) return grants;
  const names = (grants.get(scope) ?? []).filter((other) => other !== name);
  if (names.length > 0) grants.set(scope, names);
  else grants.delete(scope);
  return grants.size > 0 ? grants : undefined;
}

export function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** As in a change: scopes and names sorted. */
export function toScopedPermissions(grants: Permissions): readonly ScopedPermissions[] {
  if (grants.size === 1) {
    const [[scope, names] = ['', []]] = grants;
    return [{ scope, permissions: names.length > 1 ? [...names].sort(compareStrings) : names }];
  }
  return [...grants]
    .sort(([a], [b]) => compareStrings(a, b))
    .map(([scope, names]) => ({ scope, permissions: [...names].sort(compareStrings) }));
}

function editPermissions(permissions: Permissions, { add, remove }: UserEdit | RoleEdit): Permissions {
  const after = new Map<string, readonly string[]>();
  for (const [scope, names] of permissions)
    after.set(
      scope,
      names.filter((name) => !hasPermission(remove, scope, name)),
    );
  for (const [scope, names] of add ?? []) after.set(scope, [...(after.get(scope) ?? []), ...names]);
  return after;
}

function editedRole(name: string, role: Role | undefined, edit: RoleEdit): Role {
  const stay = (role?.users ?? []).filter((user) => !edit.leave.has(user));
  return {
    name,
    permissions: editPermissions(role?.permissions ?? noPermissions, edit),
    users: [...stay, ...edit.join],
  };
}

/** The cluster after these edits; a deleted user leaves its roles. */
export function applyClusterEdits(edits: Edits, cluster: CurrentState): CurrentState {
  const users = new Map<string, User>(cluster.users);
  const roles = new Map<string, Role>(cluster.roles);
  const deleted = new Set<string>();
  for (const [name, edit] of edits.users) {
    const user = users.get(name);
    if (edit.isDeleted) {
      users.delete(name);
      deleted.add(name);
    } else
      users.set(name, {
        name,
        hash: user?.hash,
        permissions: editPermissions(user?.permissions ?? noPermissions, edit),
      });
  }
  for (const [name, edit] of edits.roles) {
    if (edit.isDeleted) roles.delete(name);
    else roles.set(name, editedRole(name, roles.get(name), edit));
  }
  if (deleted.size > 0) {
    for (const [name, role] of roles) {
      if (role.users.some((user) => deleted.has(user))) {
        roles.set(name, { ...role, users: role.users.filter((user) => !deleted.has(user)) });
      }
    }
  }
  return { users, roles };
}

/** The edits that lead from one cluster to another, of the users and roles that some edits touch. */
export function editsBetween(from: CurrentState, to: CurrentState, touched: readonly Edits[]): Edits {
  const users = new Map<string, UserEdit>();
  const roles = new Map<string, RoleEdit>();
  for (const name of new Set(touched.flatMap((edits) => [...edits.users.keys()]))) {
    const [old, made] = [from.users.get(name), to.users.get(name)];
    users.set(name, {
      name,
      isNew: old === undefined,
      isDeleted: made === undefined,
      add: permissionsMinus(made?.permissions, old?.permissions),
      remove: made === undefined ? undefined : permissionsMinus(old?.permissions, made.permissions),
    });
  }
  for (const name of new Set(touched.flatMap((edits) => [...edits.roles.keys()]))) {
    const [old, made] = [from.roles.get(name), to.roles.get(name)];
    const [before, now] = [new Set(old?.users), new Set(made?.users)];
    const isDeleted = made === undefined;
    roles.set(name, {
      name,
      isNew: old === undefined,
      isDeleted,
      add: permissionsMinus(made?.permissions, old?.permissions),
      remove: isDeleted ? undefined : permissionsMinus(old?.permissions, made.permissions),
      join: new Set([...now].filter((user) => !before.has(user))),
      leave: new Set([...before].filter((user) => !isDeleted && !now.has(user) && users.get(user)?.isDeleted !== true)),
    });
  }
  return { users, roles };
}

/** Whether edits change anything at all. */
export function isEmptyEdits({ users, roles }: Edits): boolean {
  const changes = ({ isNew, isDeleted, add, remove }: UserEdit | RoleEdit): boolean => {
    return isNew || isDeleted || add !== undefined || remove !== undefined;
  };
  const moves = ({ join, leave }: RoleEdit): boolean => join.size > 0 || leave.size > 0;
  return ![...users.values()].some(changes) && ![...roles.values()].some((edit) => changes(edit) || moves(edit));
}
