import { type Change, describePlanned, isSuccess, type MutationOutcome } from './change.js';
import type { Snapshot } from './snapshot.js';
import { KapadminError } from '../errors.js';
import { notFoundError } from '../model/user.js';
import { showName, showNames } from '../model/text.js';
import { type LockoutGuard, lockoutReason, mayLockOut } from './lockout.js';

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
type CreateIndexes = Readonly<Record<'user' | 'role', ReadonlyMap<string, number>>>;

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
type JoiningUsers = ReadonlyMap<string, readonly string[]>;

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
function affectedUsers(change: Change, before: Snapshot, joiningUsers: JoiningUsers): readonly string[] {
  if (change.on === 'user') return [change.name];
  if (change.action === 'add-users' || change.action === 'remove-users') return change.users;
  return [...(before.roles.get(change.name)?.users ?? []), ...(joiningUsers.get(change.name) ?? [])];
}

/** How a change ended without anything sent; or what of it is sent, and the members that are left out. */
type GuardDecision =
  | { readonly outcome: MutationOutcome }
  | { readonly outcome?: undefined; readonly send: Change; readonly without: readonly string[] };

/** Holds back what would fail, or would harm, after what has failed before it. */
interface DependencyGuard {
  check(step: ExecutionStep): GuardDecision;
  /** @param sent the outcome of what was sent; @returns the outcome of the whole change */
  finish(step: ExecutionStep, decision: GuardDecision, sent: MutationOutcome): MutationOutcome;
}

interface DependencyGuardOptions {
  readonly before: Snapshot;
  readonly joiningUsers: JoiningUsers;
  readonly creates: CreateIndexes;
  /** How changes ended so far, by their index. */
  readonly outcomes: readonly (MutationOutcome | undefined)[];
  /** Creating what exists and deleting what does not is `unchanged`. */
  readonly tolerant: boolean;
  /** Undefined where a lock-out is allowed, or no change could cause one. */
  readonly guard: LockoutGuard | undefined;
}

export function createDependencyGuard({
  before,
  joiningUsers,
  creates,
  outcomes,
  tolerant,
  guard,
}: DependencyGuardOptions): DependencyGuard {
  /** Users whose grant failed: nothing is revoked from them. */
  const short = new Set<string>();

  const isUncreated = (on: 'user' | 'role', name: string): boolean => {
    const index = creates[on].get(name);
    return index !== undefined && !isSuccess(outcomes[index]);
  };

  const notStarted = (because: string): GuardDecision => ({ outcome: { status: 'not-started', because } });

  const members = (change: Change & { users: readonly string[] }, isHeld: (user: string) => boolean): GuardDecision => {
    const without = change.users.filter(isHeld);
    if (without.length === 0) return { send: change, without };
    if (without.length === change.users.length) return notStarted(reasonFor(change, without));
    return { send: { ...change, users: change.users.filter((user) => !isHeld(user)) } as Change, without };
  };

  /** A removal counts as done once it passes, because it may run concurrently with others. */
  const guarded = (decision: GuardDecision): GuardDecision => {
    if (guard === undefined || decision.outcome !== undefined || !mayLockOut(decision.send)) return decision;
    const lockout = guard.lockoutBy(decision.send);
    if (lockout !== undefined) return notStarted(lockoutReason(lockout));
    guard.done(decision.send);
    return decision;
  };

  const admit = ({ change }: ExecutionStep): GuardDecision => {
    const error = preconditionError(change, before, creates);
    if (error !== undefined) {
      const unchanged = tolerant && isAlreadyApplied(change, error);
      return { outcome: unchanged ? { status: 'unchanged' } : { status: 'failed', error } };
    }
    if (change.action !== 'create' && isUncreated(change.on, change.name)) {
      return notStarted(`${change.on} ${showName(change.name)} was not created`);
    }
    if (change.action === 'add-users') return members(change, (user) => isUncreated('user', user));
    if (change.action === 'remove-users') return members(change, (user) => short.has(user));
    if (change.action === 'remove-permissions' || (change.action === 'delete' && change.on === 'role')) {
      const held = affectedUsers(change, before, joiningUsers).filter((user) => short.has(user));
      if (held.length > 0) return notStarted(reasonFor(change, held));
    }
    return { send: change, without: [] };
  };

  return {
    check: (step) => guarded(admit(step)),
    finish({ change }, decision, sent) {
      const without = decision.outcome === undefined ? decision.without : [];
      if (decision.outcome === undefined && isSuccess(sent) && !mayLockOut(decision.send)) guard?.done(decision.send);
      const gives = change.action === 'add-permissions' || change.action === 'add-users';
      if (gives)
        for (const user of isSuccess(sent) ? without : affectedUsers(change, before, joiningUsers)) short.add(user);
      if (without.length === 0 || !isSuccess(sent)) return sent;
      const message = `cannot ${describePlanned(change)} in full: ${reasonFor(change, without)}`;
      return { status: 'failed', error: new KapadminError('partial', 'members-left-out', message) };
    },
  };
}

function reasonFor(change: Change, users: readonly string[]): string {
  const who = `${users.length === 1 ? 'user' : 'users'} ${showNames(users, 3)}`;
  const were = users.length === 1 ? 'was' : 'were';
  return change.action === 'add-users'
    ? `${who} ${were} not created`
    : `${who} did not get the permissions that had to be granted first`;
}

/**
 * Why a change cannot be applied to this snapshot: its user or role is missing or already exists.
 * @param creates what the same list creates
 */
function preconditionError(change: Change, before: Snapshot, creates: CreateIndexes): KapadminError | undefined {
  const isThere = (on: 'user' | 'role', name: string): boolean =>
    (on === 'user' ? before.users : before.roles).has(name);
  const existing = isThere(change.on, change.name);
  if (change.action === 'create') {
    if (!existing) return undefined;
    return new KapadminError('exists', `${change.on}-exists`, `cannot ${describePlanned(change)}: it already exists`);
  }
  if (!existing && !creates[change.on].has(change.name))
    return notFoundError(change.on, [change.name], `cannot ${describePlanned(change)}`);
  if (change.action !== 'add-users') return undefined;
  const unknownUsers = change.users.filter((user) => !isThere('user', user) && !creates.user.has(user));
  return unknownUsers.length > 0 ? notFoundError('user', unknownUsers, `cannot ${describePlanned(change)}`) : undefined;
}

/** Whether an objection only says that things are as the change would make them. */
export function isAlreadyApplied(change: Change, error: KapadminError): boolean {
  return (
    (change.action === 'create' && error.kind === 'exists') ||
    (change.action === 'delete' && error.kind === 'not-found')
  );
}
