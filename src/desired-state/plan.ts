import type { Change } from '../mutations/change.js';
import { type Actual, membersOf, type Wanted, type WantedUser } from './desired-state.js';
import { perhapsCopied, rolesByMember, rolesInUserRecords } from '../model/roles-in-user-records.js';
import type { RolesInUserRecords } from '../model/user.js';
import {
  after,
  between,
  byText,
  editOf,
  type Edits,
  editsFor,
  grant,
  has,
  isNothing,
  type Members,
  type RoleEdit,
  scoped,
  type UserEdit,
  without,
} from './edits.js';
import { type Kept, protect, type Protection } from './protect.js';
import { isKapacitorPermission } from '../model/effective-permissions.js';

export interface PlanOptions {
  /** The account that sends the changes. */
  readonly login?: string | undefined;
  /** Plan also what locks out that account, or all that can manage users. */
  readonly allowLockout?: boolean;
  /** Also take away what the files do not have, within what they manage. */
  readonly prune?: boolean;
  /** Set the passwords of users that exist: of all that have one in the files, or of these. */
  readonly setPasswords?: 'all' | ReadonlySet<string>;
  /** What is known of the cluster besides its records. */
  readonly probed?: RolesInUserRecords;
}

export interface Plan {
  /** Sorted: users by name, then roles by name. */
  readonly changes: readonly Change[];
  /** What would be removed, and is not, to keep an account. */
  readonly kept: readonly Kept[];
}

/** Plans that are made for what the plan before has kept; two are enough for all that was tried. */
const mostRounds = 10;
/** Members in one request. */
const mostMembers = 1000;

function sorted<T extends { readonly name: string }>(edits: Iterable<T>): T[] {
  return [...edits].sort((a, b) => byText(a.name, b.name));
}

function create(name: string, wanted: WantedUser | undefined): Change {
  if (wanted?.password !== undefined) return { on: 'user', name, action: 'create', password: wanted.password };
  if (wanted?.hash !== undefined) return { on: 'user', name, action: 'create', hash: wanted.hash };
  return { on: 'user', name, action: 'create' };
}

/** Adds the changes of one user to a list: one list for all, since there may be a hundred thousand. */
function addUserChanges(list: Change[], edit: UserEdit, wanted: WantedUser | undefined, setsPassword: boolean): void {
  const { name, isNew, add, remove } = edit;
  if (edit.isDeleted) {
    list.push({ on: 'user', name, action: 'delete' });
    return;
  }
  if (isNew) list.push(create(name, wanted));
  else if (setsPassword && wanted?.password !== undefined) {
    list.push({ on: 'user', name, action: 'change-password', password: wanted.password });
  }
  if (add !== undefined) list.push({ on: 'user', name, action: 'add-permissions', permissions: scoped(add) });
  if (remove !== undefined) list.push({ on: 'user', name, action: 'remove-permissions', permissions: scoped(remove) });
}

function addMemberChanges(
  list: Change[],
  name: string,
  action: 'add-users' | 'remove-users',
  members: ReadonlySet<string>,
): void {
  const users = [...members].sort(byText);
  for (let at = 0; at < users.length; at += mostMembers) {
    list.push({ on: 'role', name, action, users: users.slice(at, at + mostMembers) });
  }
}

function addRoleChanges(list: Change[], { name, isNew, isDeleted, add, remove, join, leave }: RoleEdit): void {
  if (isDeleted) {
    list.push({ on: 'role', name, action: 'delete' });
    return;
  }
  if (isNew) list.push({ on: 'role', name, action: 'create' });
  if (add !== undefined) list.push({ on: 'role', name, action: 'add-permissions', permissions: scoped(add) });
  addMemberChanges(list, name, 'add-users', join);
  if (remove !== undefined) list.push({ on: 'role', name, action: 'remove-permissions', permissions: scoped(remove) });
  addMemberChanges(list, name, 'remove-users', leave);
}

interface Settled {
  readonly edits: Edits;
  readonly kept: readonly Kept[];
}

interface Basis {
  readonly wanted: Wanted;
  readonly members: Members;
  readonly prune: boolean;
  /** Undefined where accounts may be locked out. */
  readonly protection: Protection | undefined;
  /** Whether the cluster copies role permissions into user records. */
  readonly fact: RolesInUserRecords;
}

function editOnce({ wanted, members, prune, protection, fact }: Basis, actual: Actual): Settled {
  const edits = editsFor(wanted, actual, members, prune);
  settleCopied(edits, wanted, actual, fact);
  const kept = prune && protection !== undefined ? protect(edits, actual, protection, fact) : [];
  if (wanted.options.materializeRoles) materialize(edits, wanted, actual, members);
  return { edits, kept };
}

/**
 * The edits after which a second plan has nothing to do. What is kept may itself let somebody manage users, and so
 * decide what need not be kept any more: where anything is kept, the plan is made again for the cluster after it.
 */
function settle(basis: Basis, actual: Actual): Settled {
  const first = editOnce(basis, actual);
  if (first.kept.length === 0) return first;
  const touched = [first.edits];
  let { kept } = first;
  let state = after(first.edits, actual);
  for (let round = 0; round < mostRounds; round++) {
    const next = editOnce(basis, state);
    kept = next.kept;
    if (isNothing(next.edits)) break;
    touched.push(next.edits);
    state = after(next.edits, state);
  }
  return { edits: between(actual, state, touched), kept };
}

/**
 * The changes that make a cluster as the files want it. Without `prune` nothing is ever taken away. With it go the
 * permissions and members that listed users and roles do not have in the files and, where they manage all, users and
 * roles that they do not name; never the account in use or the last one that can manage users, unless that is allowed.
 */
export function plan(wanted: Wanted, actual: Actual, options: PlanOptions = {}): Plan {
  const { prune = false, setPasswords, login, allowLockout = false, probed } = options;
  const members = membersOf(wanted);
  const fact = rolesInUserRecords(actual.users.values(), actual.roles.values(), probed);
  const protection = allowLockout ? undefined : { login };
  const { edits, kept } = settle({ wanted, members, prune, protection, fact }, actual);
  const setsPassword = (name: string): boolean => setPasswords === 'all' || setPasswords?.has(name) === true;
  if (setPasswords !== undefined) {
    for (const { name, password } of wanted.users.values()) {
      if (password !== undefined && setsPassword(name)) editOf(edits, name);
    }
  }
  const changes: Change[] = [];
  for (const edit of sorted(edits.users.values())) {
    addUserChanges(changes, edit, wanted.users.get(edit.name), setsPassword(edit.name));
  }
  for (const edit of sorted(edits.roles.values())) addRoleChanges(changes, edit);
  return { changes, kept };
}

type Right = readonly [scope: string, name: string];

/** The rights of a role after the plan that Kapacitor would not see. */
function kapacitorRights(name: string, edits: Edits, actual: Actual): readonly Right[] {
  const edit = edits.roles.get(name);
  const rights: Right[] = [];
  for (const permissions of [actual.roles.get(name)?.permissions, edit?.add]) {
    for (const [scope, names] of permissions ?? []) {
      for (const permission of names) {
        if (isKapacitorPermission(permission) && !has(edit?.remove, scope, permission))
          rights.push([scope, permission]);
      }
    }
  }
  return rights;
}

/** The members of a role after the plan that exist then. */
function membersAfter(name: string, edits: Edits, actual: Actual): readonly string[] {
  const edit = edits.roles.get(name);
  const stay = (actual.roles.get(name)?.users ?? []).filter((user) => edit?.leave.has(user) !== true);
  return [...stay, ...(edit?.join ?? [])].filter((user) => {
    const own = edits.users.get(user);
    return own?.isDeleted !== true && (actual.users.has(user) || own?.isNew === true);
  });
}

/** Gives the members of the roles that the files name their Kapacitor rights directly. */
export function materialize(edits: Edits, wanted: Wanted, actual: Actual, members: Members): void {
  for (const name of new Set([...wanted.roles.keys(), ...members.keys()])) {
    const rights = kapacitorRights(name, edits, actual);
    if (rights.length === 0 || edits.roles.get(name)?.isDeleted === true) continue;
    for (const user of membersAfter(name, edits, actual)) {
      const edit = editOf(edits, user);
      const there = actual.users.get(user)?.permissions;
      for (const [scope, permission] of rights) {
        if (has(there, scope, permission)) edit.remove = without(edit.remove, scope, permission);
        else edit.add = grant(edit.add, scope, permission);
      }
    }
  }
}

/** Whether a role gives a permission to a member after the edits. */
function givesAfter(
  edits: Edits,
  actual: Actual,
  name: string,
  user: string,
  scope: string,
  permission: string,
): boolean {
  const role = actual.roles.get(name);
  const edit = edits.roles.get(name);
  if (edit?.isDeleted === true) return false;
  const isMember =
    (role?.users.includes(user) === true && edit?.leave.has(user) !== true) || edit?.join.has(user) === true;
  if (!isMember) return false;
  const had = has(role?.permissions, scope, permission) && !has(edit?.remove, scope, permission);
  return had || has(edit?.add, scope, permission);
}

/**
 * Settles what a user record may have from a role and not for itself: such a permission stays as it is as long as a
 * role gives it. Once none does any more, it is granted where the files list it for the user, and revoked by a prune
 * where they do not: each is right whether or not the user had it directly.
 */
export function settleCopied(edits: Edits, wanted: Wanted, actual: Actual, fact: RolesInUserRecords): void {
  if (fact === 'no') return;
  const roles = rolesByMember(actual.roles.values());
  const joined = new Map<string, string[]>();
  for (const { name, join } of edits.roles.values()) {
    for (const user of join) joined.set(user, [...(joined.get(user) ?? []), name]);
  }
  for (const [name, { permissions }] of wanted.users) {
    const record = actual.users.get(name);
    const own = roles.get(name);
    if (record === undefined || own === undefined) continue;
    const sources = new Set([...own.map((role) => role.name), ...(joined.get(name) ?? [])]);
    for (const [scope, copied] of perhapsCopied(record, own, fact)) {
      for (const permission of copied) {
        const stays = [...sources].some((role) => givesAfter(edits, actual, role, name, scope, permission));
        const edit = editOf(edits, name);
        if (stays) edit.remove = without(edit.remove, scope, permission);
        else if (has(permissions, scope, permission)) edit.add = grant(edit.add, scope, permission);
      }
    }
  }
}
