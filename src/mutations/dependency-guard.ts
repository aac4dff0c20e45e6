import { KapadminError } from '../errors.js';
import { showName, showNames } from '../model/text.js';
import { notFoundError } from '../model/user.js';
import { type Change, describePlanned, isSuccess, type MutationOutcome } from './change.js';
import { affectedUsers, type CreateIndexes, type ExecutionStep, type JoiningUsers } from './execution-order.js';
import { type LockoutGuard, lockoutReason, mayLockOut } from './lockout.js';
import type { Snapshot } from './snapshot.js';

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
