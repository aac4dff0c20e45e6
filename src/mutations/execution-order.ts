import type { Change } from './change.js';
import type { Snapshot } from './snapshot.js';

/** A change at its place in the order. */
export interface ExecutionStep {
  /** Its index in the given list. */
  readonly index: number;
  readonly change: Change;
  /** Steps of the same wave that must have ended, however they ended, before this one starts. */
  readonly after: readonly number[];
}

/**
 * The order of a list of changes. A wave starts when the one before it has ended:
 * additions; revocations; deletes; the password of the connection's account; revocations from that account.
 * So nobody temporarily loses a permission that is only moved, and the account can finish the run.
 */
interface ExecutionOrder {
  readonly waves: readonly (readonly ExecutionStep[])[];
  readonly creates: CreateIndexes;
}

/** Index of the change that creates a user or role, by name. */
export type CreateIndexes = Readonly<Record<'user' | 'role', ReadonlyMap<string, number>>>;

const ranks: Readonly<Record<Change['action'], number>> = {
  create: 0,
  'change-password': 1,
  'add-permissions': 2,
  'add-users': 3,
  'remove-permissions': 4,
  'remove-users': 5,
  delete: 6,
};

const waveCount = 5;

function waveOf(change: Change, before: Snapshot, joiningUsers: JoiningUsers, login: string | undefined): number {
  const isLogin = (name: string): boolean => name === login;
  if (change.action === 'change-password') return isLogin(change.name) ? 3 : 0;
  if (ranks[change.action] <= ranks['add-users']) return 0;
  if (login !== undefined && affectedUsers(change, before, joiningUsers).some(isLogin)) return 4;
  return change.action === 'delete' ? 2 : 1;
}

/**
 * @param login the user that sends the changes
 * Throws where a list creates and deletes the same user or role, or does either twice.
 */
export function orderChanges(
  changes: readonly Change[],
  before: Snapshot,
  joiningUsers: JoiningUsers,
  login?: string,
): ExecutionOrder {
  const creates = { user: new Map<string, number>(), role: new Map<string, number>() };
  const deletes = { user: new Set<string>(), role: new Set<string>() };
  for (const [index, { on, name, action }] of changes.entries()) {
    if (action !== 'create' && action !== 'delete') continue;
    if (creates[on].has(name) || deletes[on].has(name)) {
      throw new Error(`a list of changes creates or deletes ${on} ${name} twice`);
    }
    if (action === 'create') creates[on].set(name, index);
    else deletes[on].add(name);
  }
  const sorted: { index: number; change: Change }[][] = Array.from({ length: waveCount }, () => []);
  for (const [index, change] of changes.entries()) {
    sorted[waveOf(change, before, joiningUsers, login)]?.push({ index, change });
  }
  return { waves: sorted.filter((wave) => wave.length > 0).map((wave) => linked(wave, creates)), creates };
}

function linked(wave: readonly { index: number; change: Change }[], creates: CreateIndexes): ExecutionStep[] {
  const last = { user: new Map<string, number>(), role: new Map<string, number>() };
  return [...wave]
    .sort((a, b) => ranks[a.change.action] - ranks[b.change.action])
    .map(({ index, change }) => {
      const { on, name } = change;
      const previous = last[on].get(name);
      last[on].set(name, index);
      const after = previous === undefined ? [] : [previous];
      if (change.action !== 'add-users') return { index, change, after };
      const members = change.users.flatMap((user) => creates.user.get(user) ?? []);
      return { index, change, after: [...after, ...members] };
    });
}

/** Users that a list of changes adds to a role, by role. */
export type JoiningUsers = ReadonlyMap<string, readonly string[]>;

export function findJoiningUsers(changes: readonly Change[]): JoiningUsers {
  const joiningUsers = new Map<string, string[]>();
  for (const change of changes) {
    if (change.action !== 'add-users') continue;
    const users = joiningUsers.get(change.name);
    if (users) users.push(...change.users);
    else joiningUsers.set(change.name, [...change.users]);
  }
  return joiningUsers;
}

/** The users whose permissions a change affects: for a role, its members and those that are being added. */
export function affectedUsers(change: Change, before: Snapshot, joiningUsers: JoiningUsers): readonly string[] {
  if (change.on === 'user') return [change.name];
  if (change.action === 'add-users' || change.action === 'remove-users') return change.users;
  return [...(before.roles.get(change.name)?.users ?? []), ...(joiningUsers.get(change.name) ?? [])];
}
