import { KapadminError } from '../errors.js';
import { showName, showNames } from '../model/name.js';
import type { Outcome } from './account.js';
import type { Change } from './change.js';
import type { Found } from './found.js';
import { holdersOf, type Joining } from './holders.js';
import { isAlreadySo, objectionTo } from './objection.js';
import { lockoutReason, mayLockOut, type LockoutGuard } from './lockout.js';
import type { Creates, Step } from './order.js';
import { toDo } from './words.js';

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
