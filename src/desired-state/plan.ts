import type { Change } from '../mutations/change.js';
import { type CurrentState, desiredMembers, type DesiredState, type DesiredUser } from './desired-state.js';
import { perhapsCopied, rolesByMember, rolesInUserRecords } from '../model/roles-in-user-records.js';
import type { RolesInUserRecords } from '../model/user.js';
import {
  applyClusterEdits,
  editsBetween,
  compareStrings,
  ensureUserEdit,
  type Edits,
  computeEdits,
  addGrant,
  hasPermission,
  isEmptyEdits,
  type MembersByRole,
  type RoleEdit,
  toScopedPermissions,
  type UserEdit,
  removeGrant,
} from './diff.js';
import { type ProtectedChange, protectAccounts, type ProtectionOptions } from './protect.js';
import { isKapacitorPermission } from '../model/permissions.js';

export interface PlanOptions {
  /** The account that sends the changes. */
  readonly login?: string | undefined;
  /** Plan also what locks out that account, or all that can manage users. */
  readonly allowLockout?: boolean;
  /** Also delete what the files do not list, within what they manage. */
  readonly prune?: boolean;
  /** Set the passwords of users that exist: of all that have one in the files, or of these. */
  readonly setPasswords?: 'all' | ReadonlySet<string>;
  /** What is known of the cluster besides its records. */
  readonly probed?: RolesInUserRecords;
}

export interface Plan {
  /** Sorted: users by name, then roles by name. */
  readonly changes: readonly Change[];
  /** Removals that were skipped to prevent a lockout. */
  readonly protectedChanges: readonly ProtectedChange[];
}

/** Rounds of planning after skipped removals; two are enough in all tests. */
const maxRounds = 10;
/** Members in one request. */
const maxMembers = 1000;

function sorted<T extends { readonly name: string }>(edits: Iterable<T>): T[] {
  return [...edits].sort((a, b) => compareStrings(a.name, b.name));
}

function create(name: string, desired: DesiredUser | undefined): Change {
  if (desired?.password !== undefined) return { on: 'user', name, action: 'create', password: desired.password };
  if (desired?.hash !== undefined) return { on: 'user', name, action: 'create', hash: desired.hash };
  return { on: 'user', name, action: 'create' };
}

/** Adds the changes of one user to a list: one list for all, since there may be a hundred thousand. */
function addUserChanges(list: Change[], edit: UserEdit, desired: DesiredUser | undefined, setsPassword: boolean): void {
  const { name, isNew, add, remove } = edit;
  if (edit.isDeleted) {
    list.push({ on: 'user', name, action: 'delete' });
    return;
  }
  if (isNew) list.push(create(name, desired));
  else if (setsPassword && desired?.password !== undefined) {
    list.push({ on: 'user', name, action: 'change-password', password: desired.password });
  }
  if (add !== undefined)
    list.push({ on: 'user', name, action: 'add-permissions', permissions: toScopedPermissions(add) });
  if (remove !== undefined)
    list.push({ on: 'user', name, action: 'remove-permissions', permissions: toScopedPermissions(remove) });
}

function addMemberChanges(
  list: Change[],
  name: string,
  action: 'add-users' | 'remove-users',
  members: ReadonlySet<string>,
): void {
  const users = [...members].sort(compareStrings);
  for (let at = 0; at < users.length; at += maxMembers) {
    list.push({ on: 'role', name, action, users: users.slice(at, at + maxMembers) });
  }
}

function addRoleChanges(list: Change[], { name, isNew, isDeleted, add, remove, join, leave }: RoleEdit): void {
  if (isDeleted) {
    list.push({ on: 'role', name, action: 'delete' });
    return;
  }
  if (isNew) list.push({ on: 'role', name, action: 'create' });
  if (add !== undefined)
    list.push({ on: 'role', name, action: 'add-permissions', permissions: toScopedPermissions(add) });
  addMemberChanges(list, name, 'add-users', join);
  if (remove !== undefined)
    list.push({ on: 'role', name, action: 'remove-permissions', permissions: toScopedPermissions(remove) });
  addMemberChanges(list, name, 'remove-users', leave);
}

interface Settled {
  readonly edits: Edits;
  readonly protectedChanges: readonly ProtectedChange[];
}

interface Basis {
  readonly desired: DesiredState;
  readonly members: MembersByRole;
  readonly prune: boolean;
  /** Undefined where accounts may be locked out. */
  readonly protection: ProtectionOptions | undefined;
  /** Whether the cluster copies role permissions into user records. */
  readonly rolesCopied: RolesInUserRecords;
}

function editOnce({ desired, members, prune, protection, rolesCopied }: Basis, cluster: CurrentState): Settled {
  const edits = computeEdits(desired, cluster, members, prune);
  settleCopiedPermissions(edits, desired, cluster, rolesCopied);
  const protectedChanges =
    prune && protection !== undefined ? protectAccounts(edits, cluster, protection, rolesCopied) : [];
  if (desired.options.materializeRoles) materializeRoles(edits, desired, cluster, members);
  return { edits, protectedChanges };
}

/**
 * The edits after which a second plan is empty. A skipped removal may itself let somebody manage users and so
 * make another skip unnecessary: after any skip, the plan is computed again for the resulting cluster.
 */
function settle(basis: Basis, cluster: CurrentState): Settled {
  const first = editOnce(basis, cluster);
  if (first.protectedChanges.length === 0) return first;
  const touched = [first.edits];
  let { protectedChanges } = first;
  let state = applyClusterEdits(first.edits, cluster);
  for (let round = 0; round < maxRounds; round++) {
    const next = editOnce(basis, state);
    protectedChanges = next.protectedChanges;
    if (isEmptyEdits(next.edits)) break;
    touched.push(next.edits);
    state = applyClusterEdits(next.edits, state);
  }
  return { edits: editsBetween(cluster, state, touched), protectedChanges };
}

/**
 * The changes that lead from the current to the desired state. Without `prune` nothing is removed. With it, the
 * permissions and members that listed users and roles do not have in the files and, where they manage all, users and
 * roles that they do not name; never the account in use or the last one that can manage users, unless that is allowed.
 */
export function planChanges(desired: DesiredState, cluster: CurrentState, options: PlanOptions = {}): Plan {
  const { prune = false, setPasswords, login, allowLockout = false, probed } = options;
  const members = desiredMembers(desired);
  const rolesCopied = rolesInUserRecords(cluster.users.values(), cluster.roles.values(), probed);
  const protection = allowLockout ? undefined : { login };
  const { edits, protectedChanges } = settle({ desired, members, prune, protection, rolesCopied }, cluster);
  const setsPassword = (name: string): boolean => setPasswords === 'all' || setPasswords?.has(name) === true;
  if (setPasswords !== undefined) {
    for (const { name, password } of desired.users.values()) {
      if (password !== undefined && setsPassword(name)) ensureUserEdit(edits, name);
    }
  }
  const changes: Change[] = [];
  for (const edit of sorted(edits.users.values())) {
    addUserChanges(changes, edit, desired.users.get(edit.name), setsPassword(edit.name));
  }
  for (const edit of sorted(edits.roles.values())) addRoleChanges(changes, edit);
  return { changes, protectedChanges };
}

type ScopedPermission = readonly [scope: string, name: string];

/** The Kapacitor permissions of a role after the plan. */
function kapacitorPermissionsOf(name: string, edits: Edits, cluster: CurrentState): readonly ScopedPermission[] {
  const edit = edits.roles.get(name);
  const scopedPermissions: ScopedPermission[] = [];
  for (const permissions of [cluster.roles.get(name)?.permissions, edit?.add]) {
    for (const [scope, names] of permissions ?? []) {
      for (const permission of names) {
        if (isKapacitorPermission(permission) && !hasPermission(edit?.remove, scope, permission))
          scopedPermissions.push([scope, permission]);
      }
    }
  }
  return scopedPermissions;
}

/** The members of a role after the plan that exist then. */
function membersAfter(name: string, edits: Edits, cluster: CurrentState): readonly string[] {
  const edit = edits.roles.get(name);
  const stay = (cluster.roles.get(name)?.users ?? []).filter((user) => edit?.leave.has(user) !== true);
  return [...stay, ...(edit?.join ?? [])].filter((user) => {
    const own = edits.users.get(user);
    return own?.isDeleted !== true && (cluster.users.has(user) || own?.isNew === true);
  });
}

/** Grants the Kapacitor permissions of the listed roles directly to their members. */
function materializeRoles(edits: Edits, desired: DesiredState, cluster: CurrentState, members: MembersByRole): void {
  for (const name of new Set([...desired.roles.keys(), ...members.keys()])) {
    const scopedPermissions = kapacitorPermissionsOf(name, edits, cluster);
    if (scopedPermissions.length === 0 || edits.roles.get(name)?.isDeleted === true) continue;
    for (const user of membersAfter(name, edits, cluster)) {
      const edit = ensureUserEdit(edits, user);
      const existing = cluster.users.get(user)?.permissions;
      for (const [scope, permission] of scopedPermissions) {
        if (hasPermission(existing, scope, permission)) edit.remove = removeGrant(edit.remove, scope, permission);
        else edit.add = addGrant(edit.add, scope, permission);
      }
    }
  }
}

/** Whether a role grants a permission to a member after the edits. */
function givesAfter(
  edits: Edits,
  cluster: CurrentState,
  name: string,
  user: string,
  scope: string,
  permission: string,
): boolean {
  const role = cluster.roles.get(name);
  const edit = edits.roles.get(name);
  if (edit?.isDeleted === true) return false;
  const isMember =
    (role?.users.includes(user) === true && edit?.leave.has(user) !== true) || edit?.join.has(user) === true;
  if (!isMember) return false;
  const had = hasPermission(role?.permissions, scope, permission) && !hasPermission(edit?.remove, scope, permission);
  return had || hasPermission(edit?.add, scope, permission);
}

/**
 * Handles permissions that a user record may have from a role only: such a permission is unchanged as long as a
 * role grants it. Otherwise it is granted if the files list it for the user, and revoked by a prune
 * if they do not: both are correct whether or not the user had it directly.
 */
function settleCopiedPermissions(
  edits: Edits,
  desired: DesiredState,
  cluster: CurrentState,
  rolesCopied: RolesInUserRecords,
): void {
  if (rolesCopied === 'no') return;
  const roles = rolesByMember(cluster.roles.values());
  const joined = new Map<string, string[]>();
  for (const { name, join } of edits.roles.values()) {
    for (const user of join) joined.set(user, [...(joined.get(user) ?? []), name]);
  }
  for (const [name, { permissions }] of desired.users) {
    const record = cluster.users.get(name);
    const own = roles.get(name);
    if (record === undefined || own === undefined) continue;
    const sources = new Set([...own.map((role) => role.name), ...(joined.get(name) ?? [])]);
    for (const [scope, copied] of perhapsCopied(record, own, rolesCopied)) {
      for (const permission of copied) {
        const stays = [...sources].some((role) => givesAfter(edits, cluster, role, name, scope, permission));
        const edit = ensureUserEdit(edits, name);
        if (stays) edit.remove = removeGrant(edit.remove, scope, permission);
        else if (hasPermission(permissions, scope, permission)) edit.add = addGrant(edit.add, scope, permission);
      }
    }
  }
}
