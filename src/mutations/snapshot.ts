import type { MetaClient } from '../meta/client-types.js';
import type { Permissions } from '../model/permissions.js';
import { type Role, rolesOf, type User } from '../model/user.js';
import type { Change, ScopedPermissions } from './change.js';

/** The existing users and roles at the time of a read, by name. */
export interface Snapshot {
  readonly users: ReadonlyMap<string, User>;
  readonly roles: ReadonlyMap<string, Role>;
}

export type SnapshotReader = Pick<MetaClient, 'users' | 'roles'>;

export function createSnapshot(users: Iterable<User>, roles: Iterable<Role>): Snapshot {
  return {
    users: new Map([...users].map((user) => [user.name, user])),
    roles: new Map([...roles].map((role) => [role.name, role])),
  };
}

/** More names than this are read as one list. */
const maxNamed = 16;

async function readList<T>(
  names: Iterable<string> | 'all' | undefined,
  read: (options: { name?: string; signal: AbortSignal }) => Promise<readonly T[]>,
  signal: AbortSignal,
): Promise<readonly T[]> {
  if (names === undefined) return [];
  const distinct = names === 'all' ? [] : [...new Set(names)];
  if (names === 'all' || distinct.length > maxNamed) return read({ signal });
  return (await Promise.all(distinct.map((name) => read({ name, signal })))).flat();
}

/** Reads the users and roles of these names, or all of them; what does not exist is missing. */
export async function readSnapshot(
  client: SnapshotReader,
  selection: { readonly users?: Iterable<string> | 'all'; readonly roles?: Iterable<string> | 'all' },
  signal: AbortSignal,
): Promise<Snapshot> {
  const [users, roles] = await Promise.all([
    readList(selection.users, (options) => client.users(options), signal),
    readList(selection.roles, (options) => client.roles(options), signal),
  ]);
  return createSnapshot(users, roles);
}

function has(permissions: Permissions, scope: string, name: string): boolean {
  return permissions.get(scope)?.includes(name) === true;
}

function all(scopedPermissions: Iterable<ScopedPermissions>, test: (scope: string, name: string) => boolean): boolean {
  return [...scopedPermissions].every(({ scope, permissions }) => permissions.every((name) => test(scope, name)));
}

/**
 * What a user record may include from its roles: a node may copy their permissions into it. Empty if the record read
 * before lacks a permission of such a role, because then the node does not copy.
 */
function copiedFromRoles(user: string, before: Snapshot): readonly ScopedPermissions[] {
  const through = rolesOf(user, before.roles.values()).flatMap(({ permissions }) =>
    [...permissions].map(([scope, names]) => ({ scope, permissions: names })),
  );
  const recorded = before.users.get(user)?.permissions ?? new Map<string, readonly string[]>();
  return all(through, (scope, name) => has(recorded, scope, name)) ? through : [];
}

function isRevoked(
  scopedPermissions: readonly ScopedPermissions[],
  current: Permissions,
  roleCopies: () => readonly ScopedPermissions[],
): boolean | undefined {
  if (all(scopedPermissions, (scope, name) => !has(current, scope, name))) return true;
  const merged = roleCopies();
  const byRole = (scope: string, name: string): boolean =>
    merged.some((given) => given.scope === scope && given.permissions.includes(name));
  return all(scopedPermissions, (scope, name) => !has(current, scope, name) || byRole(scope, name)) ? undefined : false;
}

/**
 * Whether what a read shows is what the change makes; undefined where it may be and a merged role hides it. A password
 * is not compared: it is applied when its user exists.
 */
export function isApplied(change: Change, now: Snapshot, before: Snapshot): boolean | undefined {
  const existing = change.on === 'user' ? now.users.get(change.name) : now.roles.get(change.name);
  switch (change.action) {
    case 'create':
    case 'change-password':
      return existing !== undefined;
    case 'delete':
      return existing === undefined;
    case 'add-permissions':
      return existing !== undefined && all(change.permissions, (scope, name) => has(existing.permissions, scope, name));
    case 'remove-permissions': {
      if (existing === undefined) return true;
      const merging = (): readonly ScopedPermissions[] =>
        change.on === 'user' ? copiedFromRoles(change.name, before) : [];
      return isRevoked(change.permissions, existing.permissions, merging);
    }
    case 'add-users':
    case 'remove-users': {
      const members = new Set(now.roles.get(change.name)?.users);
      return change.users.every((user) => members.has(user) === (change.action === 'add-users'));
    }
  }
}

export interface NeededChanges {
  /** What is to be sent. */
  readonly needed: readonly Change[];
  /** What is already applied. */
  readonly unchanged: readonly Change[];
}

function splitChange(change: Change, before: Snapshot, isNeeded: boolean): readonly Change[] {
  const existing = (change.on === 'user' ? before.users : before.roles).get(change.name);
  if (existing === undefined) return isNeeded ? [change] : [];
  switch (change.action) {
    case 'create':
    case 'delete':
    case 'change-password':
      return isNeeded ? [change] : [];
    case 'add-users':
    case 'remove-users': {
      const members = new Set(before.roles.get(change.name)?.users);
      const adds = change.action === 'add-users';
      const users = change.users.filter((user) => (members.has(user) !== adds) === isNeeded);
      return users.length > 0 ? [{ ...change, users }] : [];
    }
    case 'add-permissions':
    case 'remove-permissions': {
      const adds = change.action === 'add-permissions';
      const isWanted = (scope: string, name: string): boolean =>
        ((existing.permissions.get(scope)?.includes(name) === true) !== adds) === isNeeded;
      const permissions = change.permissions
        .map(({ scope, permissions }): ScopedPermissions => {
          return { scope, permissions: permissions.filter((name) => isWanted(scope, name)) };
        })
        .filter(({ permissions }) => permissions.length > 0);
      return permissions.length > 0 ? [{ ...change, permissions }] : [];
    }
  }
}

/** Splits each change into what has to be sent and what is already applied; for a missing target all has to be sent. */
export function splitNeeded(changes: readonly Change[], before: Snapshot): NeededChanges {
  return {
    needed: changes.flatMap((change) => splitChange(change, before, true)),
    unchanged: changes.flatMap((change) => splitChange(change, before, false)),
  };
}
