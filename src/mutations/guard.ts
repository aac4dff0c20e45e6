import { KapadminError } from '../errors.js';
import { nearest, quoteName, quoteNames, showName, showNames } from '../model/text.js';
import type { Outcome } from './summary.js';
import { type Change, toDo } from './change.js';
import type { Found } from './snapshot.js';
import { type Creates, holdersOf, type Joining, type Step } from './order.js';
import { type LockoutGuard, lockoutReason, mayLockOut } from './lockout.js';

/** How a change ended without anything sent; or what of it is sent, and the members that are left out. */
export type Admission =
  | { readonly outcome: Outcome }
  | { readonly outcome?: undefined; readonly send: Change; readonly without: readonly string[] };

/** Holds back what would fail, or would harm, after what has failed before it. */
export interface Gate {
  admit(step: Step): Admission;
  /** @param sent the outcome of what was sent; @returns the outcome of the whole change */
  ended(step: Step, admission: Admission, sent: Outcome): Outcome;
}

export interface GateFacts {
  readonly before: Found;
  readonly joining: Joining;
  readonly creates: Creates;
  /** How changes ended so far, by their index. */
  readonly outcomes: readonly (Outcome | undefined)[];
  /** To create what is there, and to delete what is not, is `unchanged`. */
  readonly tolerant: boolean;
  /** Undefined where a lock-out is allowed, or no change could cause one. */
  readonly guard: LockoutGuard | undefined;
}

function isRight(outcome: Outcome | undefined): boolean {
  return outcome?.status === 'done' || outcome?.status === 'unchanged';
}

export function makeGate({ before, joining, creates, outcomes, tolerant, guard }: GateFacts): Gate {
  /** Users that did not get a right they were to get: nothing is taken from them. */
  const short = new Set<string>();

  const isUncreated = (on: 'user' | 'role', name: string): boolean => {
    const index = creates[on].get(name);
    return index !== undefined && !isRight(outcomes[index]);
  };

  const notStarted = (because: string): Admission => ({ outcome: { status: 'not-started', because } });

  const members = (change: Change & { users: readonly string[] }, isHeld: (user: string) => boolean): Admission => {
    const without = change.users.filter(isHeld);
    if (without.length === 0) return { send: change, without };
    if (without.length === change.users.length) return notStarted(reasonFor(change, without));
    return { send: { ...change, users: change.users.filter((user) => !isHeld(user)) } as Change, without };
  };

  /** What takes something away counts as done once it is let through, since it may be under way with others. */
  const guarded = (admission: Admission): Admission => {
    if (guard === undefined || admission.outcome !== undefined || !mayLockOut(admission.send)) return admission;
    const lockout = guard.lockoutBy(admission.send);
    if (lockout !== undefined) return notStarted(lockoutReason(lockout));
    guard.done(admission.send);
    return admission;
  };

  const admit = ({ change }: Step): Admission => {
    const objection = objectionTo(change, before, creates);
    if (objection !== undefined) {
      const unchanged = tolerant && isAlreadySo(change, objection);
      return { outcome: unchanged ? { status: 'unchanged' } : { status: 'failed', error: objection } };
    }
    if (change.action !== 'create' && isUncreated(change.on, change.name)) {
      return notStarted(`${change.on} ${showName(change.name)} was not created`);
    }
    if (change.action === 'add-users') return members(change, (user) => isUncreated('user', user));
    if (change.action === 'remove-users') return members(change, (user) => short.has(user));
    if (change.action === 'remove-permissions' || (change.action === 'delete' && change.on === 'role')) {
      const held = holdersOf(change, before, joining).filter((user) => short.has(user));
      if (held.length > 0) return notStarted(reasonFor(change, held));
    }
    return { send: change, without: [] };
  };

  return {
    admit: (step) => guarded(admit(step)),
    ended({ change }, admission, sent) {
      const without = admission.outcome === undefined ? admission.without : [];
      if (admission.outcome === undefined && isRight(sent) && !mayLockOut(admission.send)) guard?.done(admission.send);
      const gives = change.action === 'add-permissions' || change.action === 'add-users';
      if (gives) for (const user of isRight(sent) ? without : holdersOf(change, before, joining)) short.add(user);
      if (without.length === 0 || !isRight(sent)) return sent;
      const message = `cannot ${toDo(change)} in full: ${reasonFor(change, without)}`;
      return { status: 'failed', error: new KapadminError('partial', 'members-left-out', message) };
    },
  };
}

function reasonFor(change: Change, users: readonly string[]): string {
  const who = `${users.length === 1 ? 'user' : 'users'} ${showNames(users, 3)}`;
  const were = users.length === 1 ? 'was' : 'were';
  return change.action === 'add-users' ? `${who} ${were} not created` : `${who} did not get the rights that come first`;
}

/**
 * Why a change cannot be carried out as things were found: its user or role is missing, or is there already.
 * @param creates what the same list creates
 */
export function objectionTo(change: Change, before: Found, creates: Creates): KapadminError | undefined {
  const isThere = (on: 'user' | 'role', name: string): boolean =>
    (on === 'user' ? before.users : before.roles).has(name);
  const there = isThere(change.on, change.name);
  if (change.action === 'create') {
    if (!there) return undefined;
    return new KapadminError('exists', `${change.on}-exists`, `cannot ${toDo(change)}: it already exists`);
  }
  if (!there && !creates[change.on].has(change.name))
    return notFound(change.on, [change.name], `cannot ${toDo(change)}`);
  if (change.action !== 'add-users') return undefined;
  const strangers = change.users.filter((user) => !isThere('user', user) && !creates.user.has(user));
  return strangers.length > 0 ? notFound('user', strangers, `cannot ${toDo(change)}`) : undefined;
}

/** Whether an objection only says that things are as the change would make them. */
export function isAlreadySo(change: Change, objection: KapadminError): boolean {
  return (
    (change.action === 'create' && objection.kind === 'exists') ||
    (change.action === 'delete' && objection.kind === 'not-found')
  );
}

/**
 * The error for users or roles that the cluster does not have.
 * @param cannot what failed, before the colon
 * @param known names that one of them may have meant
 */
export function notFound(
  what: 'user' | 'role',
  names: readonly string[],
  cannot?: string,
  known: readonly string[] = [],
): KapadminError {
  const [only = '', ...others] = names;
  const who = others.length === 0 ? `${what} ${quoteName(only)}` : `${what}s ${quoteNames(names)}`;
  const near = others.length === 0 ? nearest(only, known) : undefined;
  const hint = near === undefined ? `See kapadmin ${what} list.` : `Did you mean ${quoteName(near)}?`;
  const message = `${cannot === undefined ? '' : `${cannot}: `}${who} not found`;
  return new KapadminError('not-found', `${what}-not-found`, message, { hint });
}
