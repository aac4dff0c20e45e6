import { type KapadminError, usageError } from '../errors.js';
import { showName, showNames } from '../model/text.js';
import {
  directManagers,
  isManaging,
  managingPermission,
  managingRoles,
  rolesInUserRecords,
} from '../model/roles-in-user-records.js';
import type { RolesInUserRecords } from '../model/user.js';
import { type Change, describePlanned } from './change.js';
import { readSnapshot, type Snapshot } from './snapshot.js';
import type { MetaClient } from '../meta/client-types.js';

/** A change after which an account can no longer manage users and roles. */
export interface Lockout {
  readonly change: Change;
  /** `own-account`: the account of the connection; `last-manager`: the last one that can manage users. */
  readonly reason: 'own-account' | 'last-manager';
  readonly users: readonly string[];
}

export interface LockoutOptions {
  /** The account of the connection, where it is a user. */
  readonly account?: string | undefined;
  /** What the profile knows of the cluster. */
  readonly probed?: RolesInUserRecords;
  /** All users and roles, if `before` does not contain all that matter. */
  readonly cluster?: Snapshot;
  /** Nothing is refused. */
  readonly allowed?: boolean;
}

/** Tracks who can manage users and roles while changes are applied one after the other. */
export interface LockoutGuard {
  /** The lockout that a change would cause now; undefined if none. */
  lockoutBy(change: Change): Lockout | undefined;
  /** Takes a change as done. */
  done(change: Change): void;
}

function names(change: Change): boolean {
  return (
    (change.action === 'add-permissions' || change.action === 'remove-permissions') &&
    change.permissions.some(({ scope, permissions }) => scope === '' && permissions.includes(managingPermission))
  );
}

/** Whether a change revokes the permission from its user or role. */
function removesFrom(change: Change): boolean {
  return change.action === 'delete' || (change.action === 'remove-permissions' && names(change));
}

/** Whether a change could lock anybody out, whatever the cluster is like. */
export function mayLockOut(change: Change): boolean {
  return removesFrom(change) || change.action === 'remove-users';
}

/**
 * @param before all users and roles, unless the options hold them. A permission that a record may have from a role does
 * not count as the user's own.
 */
export function createLockoutGuard(
  before: Snapshot,
  { account, probed, cluster = before }: LockoutOptions,
): LockoutGuard {
  const { users, roles } = cluster;
  const rolesCopied = rolesInUserRecords(users.values(), roles.values(), probed);
  const giving = managingRoles(roles.values());
  const direct = new Set(directManagers(users.values(), giving, rolesCopied));
  const exists = new Set(users.keys());
  const gives = new Set(giving.map(({ name }) => name));
  const members = new Map([...roles.values()].map(({ name, users: list }) => [name, new Set(list)]));

  const isManager = (name: string, change?: Change): boolean => {
    if (change?.on === 'user' && change.action === 'delete' && change.name === name) return false;
    const taken = (on: Change['on'], from: string): boolean =>
      change !== undefined && change.on === on && change.name === from && removesFrom(change);
    if (direct.has(name) && !taken('user', name)) return true;
    if (!exists.has(name)) return false;
    const leaves = (role: string): boolean =>
      change?.action === 'remove-users' && change.name === role && change.users.includes(name);
    return [...gives].some((role) => members.get(role)?.has(name) === true && !taken('role', role) && !leaves(role));
  };

  const candidates = function* (): Generator<string> {
    yield* direct;
    for (const role of gives) yield* members.get(role) ?? [];
  };

  /** Whether anybody can manage after a change. */
  const isAnyoneLeft = (change: Change): boolean => {
    for (const name of candidates()) if (isManager(name, change)) return true;
    return false;
  };

  const managers = (): readonly string[] => [...new Set(candidates())].filter((name) => isManager(name)).sort();

  /** If no user could manage users at the start, no change can lock one out. */
  const isGuarded = managers().length > 0;
  const own = account !== undefined && exists.has(account) ? account : undefined;
  const ownIsManager = own !== undefined && isManager(own);

  return {
    lockoutBy(change) {
      if (!mayLockOut(change)) return undefined;
      const isDeleted = change.on === 'user' && change.action === 'delete' && change.name === own;
      const isDisarmed = ownIsManager && isManager(own) && !isManager(own, change);
      if (own !== undefined && (isDeleted || isDisarmed)) return { change, reason: 'own-account', users: [own] };
      if (!isGuarded || isAnyoneLeft(change)) return undefined;
      const before = managers();
      return before.length === 0 ? undefined : { change, reason: 'last-manager', users: before };
    },
    done(change) {
      const { on, name } = change;
      const holders = on === 'user' ? direct : gives;
      switch (change.action) {
        case 'create':
          if (on === 'user') exists.add(name);
          else members.set(name, new Set());
          return;
        case 'delete':
          holders.delete(name);
          if (on === 'user') exists.delete(name);
          else members.delete(name);
          if (on === 'user') for (const list of members.values()) list.delete(name);
          return;
        case 'add-permissions':
          if (names(change)) holders.add(name);
          return;
        case 'remove-permissions':
          if (names(change)) holders.delete(name);
          return;
        case 'add-users':
        case 'remove-users': {
          const list = members.get(name) ?? new Set<string>();
          members.set(name, list);
          for (const user of change.users) list[change.action === 'add-users' ? 'add' : 'delete'](user);
          return;
        }
        case 'change-password':
      }
    },
  };
}

/** Why a change is refused, after "cannot ...". */
export function lockoutReason({ reason, users }: Lockout): string {
  if (reason === 'own-account') {
    return `${showName(users[0] ?? '')} is the account of this connection and would lose ${managingPermission}`;
  }
  const who =
    users.length === 1 ? `${showName(users[0] ?? '')} is the last user` : `${showNames(users, 3)} are the last users`;
  return `${who} with ${managingPermission}: nobody could manage users and roles`;
}

/** The usage error of a change that would lock somebody out. */
export function lockoutError(lockout: Lockout): KapadminError {
  return usageError(
    'would-lock-out',
    `cannot ${describePlanned(lockout.change)}: ${lockoutReason(lockout)}`,
    'No changes were made. To do it anyway, add --allow-lockout.',
  );
}

/** The first lockout in a list of changes, in execution order, if each of them succeeds. */
export function findLockout(ordered: Iterable<Change>, before: Snapshot, options: LockoutOptions): Lockout | undefined {
  if (options.allowed === true) return undefined;
  const guard = createLockoutGuard(before, options);
  for (const change of ordered) {
    const lockout = guard.lockoutBy(change);
    if (lockout !== undefined) return lockout;
    guard.done(change);
  }
  return undefined;
}

/** All users and roles, where one of the changes takes something from an account that can manage users. */
export async function readClusterForLockout(
  risky: readonly Change[],
  before: Snapshot,
  account: string | undefined,
  client: MetaClient,
  stop: AbortSignal,
): Promise<Snapshot> {
  const { roles } = await readSnapshot(client, { roles: 'all' }, stop);
  const managing = managingRoles(roles.values());
  const mayAffectManager = ({ on, name }: Change): boolean => {
    if (on === 'role') return managing.some((role) => role.name === name);
    const isMember = managing.some((role) => role.users.includes(name));
    return name === account || isMember || isManaging(before.users.get(name)?.permissions);
  };
  if (!risky.some(mayAffectManager)) return { users: before.users, roles };
  const { users } = await readSnapshot(client, { users: 'all' }, stop);
  return { users, roles };
}
