import type { Change } from '../mutations/change.js';
import type { Secret } from '../model/secret.js';
import { leftOutSentence } from '../model/role-sentences.js';
import { perhapsCopied, rolesByMember, rolesInUserRecords } from '../model/roles-in-user-records.js';
import type { Permissions, Role, RolesInUserRecords, User } from '../model/user.js';
import { byText, minus } from './plan/permissions.js';
import type { Actual } from './wanted.js';

export interface DocumentUser {
  readonly name: string;
  /** Written in clear: only where it was asked for. */
  readonly hash?: Secret | undefined;
  readonly permissions: Permissions;
  readonly roles?: readonly string[];
}

export interface DocumentRole {
  readonly name: string;
  readonly permissions: Permissions;
  readonly members: readonly string[];
}

/** A file of wanted state that is yet to be written. */
export interface StateDocument {
  /** Comment lines at its head. */
  readonly comments: readonly string[];
  /** Permissions that are left out of users because a role gives them too. */
  readonly leftOut: number;
  readonly users: readonly DocumentUser[];
  readonly roles: readonly DocumentRole[];
  readonly absentUsers: readonly string[];
  readonly absentRoles: readonly string[];
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return byText(a.name, b.name);
}

/** A role without members that are no users: no file may name them. */
function toRole({ name, permissions, users }: Role, actual: Actual): DocumentRole {
  return { name, permissions, members: users.filter((user) => actual.users.has(user)) };
}

/** Members of roles that are no users, as `role: user`. */
export function danglingMembers({ users, roles }: Actual): readonly { readonly role: string; readonly user: string }[] {
  return [...roles.values()].flatMap((role) =>
    role.users.filter((user) => !users.has(user)).map((user) => ({ role: role.name, user })),
  );
}

/** The permissions that a file gives to users themselves, and how many are left out since a role gives them too. */
interface OwnPermissions {
  readonly of: (user: User) => Permissions;
  readonly leftOut: number;
}

/** What a user record may have from a role is no permission of the user's own: the role gives it anyway. */
function ownPermissions({ users, roles }: Actual, probed: RolesInUserRecords | undefined): OwnPermissions {
  const fact = rolesInUserRecords(users.values(), roles.values(), probed);
  const byMember = rolesByMember(roles.values());
  const copies = new Map<string, Permissions>();
  let leftOut = 0;
  for (const user of fact === 'no' ? [] : users.values()) {
    const copied = perhapsCopied(user, byMember.get(user.name) ?? [], fact);
    if (copied.size === 0) continue;
    copies.set(user.name, copied);
    for (const names of copied.values()) leftOut += names.length;
  }
  return {
    of: ({ name, permissions }) => {
      const copied = copies.get(name);
      return copied === undefined ? permissions : (minus(permissions, copied) ?? new Map());
    },
    leftOut,
  };
}

/** A cluster as a file of wanted state. */
export function exportState(
  actual: Actual,
  options: { readonly withHashes: boolean; readonly probed?: RolesInUserRecords },
): StateDocument {
  const own = ownPermissions(actual, options.probed);
  const users = [...actual.users.values()].sort(byName).map((user): DocumentUser => {
    const { name, hash } = user;
    const shown = options.withHashes && hash !== undefined && hash.reveal() !== '' ? hash : undefined;
    return { name, hash: shown, permissions: own.of(user) };
  });
  const roles = [...actual.roles.values()].sort(byName).map((role) => toRole(role, actual));
  const comments = own.leftOut > 0 ? [leftOutSentence(own.leftOut)] : [];
  return { comments, leftOut: own.leftOut, users, roles, absentUsers: [], absentRoles: [] };
}

/**
 * The found state of all that a list of changes touches, as a file: applied with `--prune`, it takes the changes back,
 * but for passwords that they change. Users that they delete keep their hashes in it.
 */
export function undoState(changes: readonly Change[], actual: Actual, probed?: RolesInUserRecords): StateDocument {
  const own = ownPermissions(actual, probed);
  const touched = (on: 'user' | 'role'): string[] =>
    [...new Set(changes.filter((change) => change.on === on).map(({ name }) => name))].sort(byText);
  const deleted = new Set(
    changes.filter(({ on, action }) => on === 'user' && action === 'delete').map(({ name }) => name),
  );
  const [users, roles] = [touched('user'), touched('role')];
  const rolesOfUser = rolesByMember(actual.roles.values());
  return {
    comments: [
      'The state before a change. To take the change back: kapadmin apply --prune FILE',
      ...(own.leftOut > 0 ? [leftOutSentence(own.leftOut)] : []),
    ],
    leftOut: own.leftOut,
    users: users.flatMap((name): DocumentUser[] => {
      const there = actual.users.get(name);
      if (there === undefined) return [];
      const hash = deleted.has(name) ? there.hash : undefined;
      return [
        { name, hash, permissions: own.of(there), roles: (rolesOfUser.get(name) ?? []).map((role) => role.name) },
      ];
    }),
    roles: roles.flatMap((name) => {
      const there = actual.roles.get(name);
      return there === undefined ? [] : [toRole(there, actual)];
    }),
    absentUsers: users.filter((name) => !actual.users.has(name)),
    absentRoles: roles.filter((name) => !actual.roles.has(name)),
  };
}
