import type { Change } from '../../change/change.js';
import { membersOf, type Actual, type Wanted, type WantedUser } from '../wanted.js';
import { after, between, isNothing } from './after.js';
import { editOf, editsFor, type Edits, type Members, type RoleEdit, type UserEdit } from './edits.js';
import { materialize } from './materialize.js';
import { byText, scoped } from './permissions.js';
import { protect, type Kept, type Protection } from './protect.js';

export interface PlanOptions extends Partial<Protection> {
  /** Also take away what the files do not have, within what they manage. */
  readonly prune?: boolean;
  /** Set the passwords of users that exist: of all that have one in the files, or of these. */
  readonly setPasswords?: 'all' | ReadonlySet<string>;
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

function permissionChanges(
  on: 'user' | 'role',
  { name, add, remove }: UserEdit | RoleEdit,
): readonly [added: Change[], removed: Change[]] {
  return [
    add === undefined ? [] : [{ on, name, action: 'add-permissions', permissions: scoped(add) }],
    remove === undefined ? [] : [{ on, name, action: 'remove-permissions', permissions: scoped(remove) }],
  ];
}

function creating(name: string, wanted: WantedUser | undefined): Change {
  return {
    on: 'user',
    name,
    action: 'create',
    ...(wanted?.password === undefined ? {} : { password: wanted.password }),
    ...(wanted?.hash === undefined ? {} : { hash: wanted.hash }),
  };
}

function userChanges(edit: UserEdit, wanted: WantedUser | undefined, setsPassword: boolean): readonly Change[] {
  const { name } = edit;
  if (edit.isDeleted) return [{ on: 'user', name, action: 'delete' }];
  const [added, removed] = permissionChanges('user', edit);
  const password = edit.isNew || !setsPassword ? undefined : wanted?.password;
  const changed: Change[] = password === undefined ? [] : [{ on: 'user', name, action: 'change-password', password }];
  return [...(edit.isNew ? [creating(name, wanted)] : []), ...changed, ...added, ...removed];
}

function memberChanges(name: string, action: 'add-users' | 'remove-users', members: ReadonlySet<string>): Change[] {
  const users = [...members].sort(byText);
  const changes: Change[] = [];
  for (let at = 0; at < users.length; at += mostMembers) {
    changes.push({ on: 'role', name, action, users: users.slice(at, at + mostMembers) });
  }
  return changes;
}

function roleChanges(edit: RoleEdit): readonly Change[] {
  const { name } = edit;
  if (edit.isDeleted) return [{ on: 'role', name, action: 'delete' }];
  const [added, removed] = permissionChanges('role', edit);
  const created: Change[] = edit.isNew ? [{ on: 'role', name, action: 'create' }] : [];
  return [
    ...created,
    ...added,
    ...memberChanges(name, 'add-users', edit.join),
    ...removed,
    ...memberChanges(name, 'remove-users', edit.leave),
  ];
}

interface Settled {
  readonly edits: Edits;
  readonly kept: readonly Kept[];
}

function editOnce(wanted: Wanted, actual: Actual, members: Members, prune: boolean, protection: Protection): Settled {
  const edits = editsFor(wanted, actual, members, prune);
  const kept = prune ? protect(edits, actual, protection) : [];
  if (wanted.options.materializeRoles) materialize(edits, wanted, actual, members);
  return { edits, kept };
}

/**
 * The edits after which a second plan has nothing to do. What is kept may itself let somebody manage users, and so
 * decide what need not be kept any more: where anything is kept, the plan is made again for the cluster after it.
 */
function settle(wanted: Wanted, actual: Actual, members: Members, prune: boolean, protection: Protection): Settled {
  const first = editOnce(wanted, actual, members, prune, protection);
  if (first.kept.length === 0) return first;
  const touched = [first.edits];
  let { kept } = first;
  let state = after(first.edits, actual);
  for (let round = 0; round < mostRounds; round++) {
    const next = editOnce(wanted, state, members, prune, protection);
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
 * roles that they do not name; never the account in use or the last one that can manage users, unless allowed.
 */
export function plan(wanted: Wanted, actual: Actual, options: PlanOptions = {}): Plan {
  const { prune = false, setPasswords, login, allowRemove = new Set<string>() } = options;
  const members = membersOf(wanted);
  const { edits, kept } = settle(wanted, actual, members, prune, { login, allowRemove });
  const setsPassword = (name: string): boolean => setPasswords === 'all' || setPasswords?.has(name) === true;
  if (setPasswords !== undefined) {
    for (const { name, password } of wanted.users.values()) {
      if (password !== undefined && setsPassword(name)) editOf(edits, name);
    }
  }
  const users = sorted(edits.users.values()).flatMap((edit) =>
    userChanges(edit, wanted.users.get(edit.name), setsPassword(edit.name)),
  );
  const roles = sorted(edits.roles.values()).flatMap(roleChanges);
  return { changes: [...users, ...roles], kept };
}
