import type { Actual, Wanted, WantedRole } from '../wanted.js';
import { minus, type Grants } from './permissions.js';

/** What is to become of one user. */
export interface UserEdit {
  readonly name: string;
  readonly isNew: boolean;
  isDeleted: boolean;
  add: Grants | undefined;
  remove: Grants | undefined;
}

/** What is to become of one role. */
export interface RoleEdit {
  readonly name: string;
  readonly isNew: boolean;
  isDeleted: boolean;
  add: Grants | undefined;
  remove: Grants | undefined;
  readonly join: Set<string>;
  readonly leave: Set<string>;
}

/** The edits of the users and roles that are touched, by name. */
export interface Edits {
  readonly users: Map<string, UserEdit>;
  readonly roles: Map<string, RoleEdit>;
}

export type Members = ReadonlyMap<string, ReadonlySet<string>>;

const nobody: ReadonlySet<string> = new Set();

/** The edit of a user that may have none yet. */
export function editOf(edits: Edits, name: string, isNew = false): UserEdit {
  const known = edits.users.get(name);
  if (known !== undefined) return known;
  const edit = { name, isNew, isDeleted: false, add: undefined, remove: undefined };
  edits.users.set(name, edit);
  return edit;
}

function editUsers({ users, options }: Wanted, actual: Actual, members: Members, prune: boolean): Edits['users'] {
  const edits = new Map<string, UserEdit>();
  for (const wanted of users.values()) {
    const { name } = wanted;
    const there = actual.users.get(name);
    const add = minus(wanted.permissions, there?.permissions);
    const remove = prune ? minus(there?.permissions, wanted.permissions) : undefined;
    const isNew = there === undefined;
    if (isNew || add !== undefined || remove !== undefined)
      edits.set(name, { name, isNew, isDeleted: false, add, remove });
  }
  if (!prune || (options.manage === 'listed' && options.absentUsers.size === 0)) return edits;
  const named = new Set([...members.values()].flatMap((users) => [...users]));
  for (const name of actual.users.keys()) {
    const isManaged = options.manage === 'all' || options.absentUsers.has(name);
    if (!isManaged || users.has(name) || named.has(name)) continue;
    edits.set(name, { name, isNew: false, isDeleted: true, add: undefined, remove: undefined });
  }
  return edits;
}

/** Who leaves a role: members that the files do not give to it, where they list the role or the member. */
function leaving(
  there: readonly string[],
  isListed: boolean,
  { users }: Wanted,
  kept: ReadonlySet<string>,
  edits: Edits['users'],
): Set<string> {
  const leave = new Set<string>();
  for (const user of there) {
    if (kept.has(user) || (!isListed && !users.has(user)) || edits.get(user)?.isDeleted === true) continue;
    leave.add(user);
  }
  return leave;
}

/** Who joins a role: users that the files give to it. */
function joining(there: readonly string[], kept: ReadonlySet<string>): Set<string> {
  const join = new Set(kept);
  for (const user of there) join.delete(user);
  return join;
}

function editRole(
  name: string,
  role: WantedRole | undefined,
  wanted: Wanted,
  actual: Actual,
  members: Members,
  prune: boolean,
  users: Edits['users'],
): RoleEdit {
  const there = actual.roles.get(name);
  const { manage, absentRoles } = wanted.options;
  const kept = members.get(name) ?? nobody;
  const isNamed = role !== undefined || kept.size > 0;
  const isDeleted = prune && !isNamed && (manage === 'all' || absentRoles.has(name));
  const present = there?.users ?? [];
  return {
    name,
    isNew: there === undefined,
    isDeleted,
    add: minus(role?.permissions, there?.permissions),
    remove: prune && role !== undefined ? minus(there?.permissions, role.permissions) : undefined,
    join: joining(present, kept),
    leave: prune && !isDeleted ? leaving(present, role !== undefined, wanted, kept, users) : new Set(),
  };
}

/** What has to change for the cluster to be as wanted, each user and role for itself. */
export function editsFor(wanted: Wanted, actual: Actual, members: Members, prune: boolean): Edits {
  const users = editUsers(wanted, actual, members, prune);
  const names = new Set([...wanted.roles.keys(), ...members.keys(), ...(prune ? actual.roles.keys() : [])]);
  const roles = new Map<string, RoleEdit>();
  for (const name of names) {
    const role = wanted.roles.get(name);
    if (role === undefined && !actual.roles.has(name)) continue;
    roles.set(name, editRole(name, role, wanted, actual, members, prune, users));
  }
  return { users, roles };
}
