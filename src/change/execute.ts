import type { StopSignal } from '../context.js';
import { bugError } from '../errors.js';
import type { Account, Entry, Outcome } from './account.js';
import { carryOut } from './attempt.js';
import type { Change } from './change.js';
import { makeGate } from './gate.js';
import { joiningOf } from './holders.js';
import { findLockout, lockoutError, makeLockoutGuard, mayLockOut, type LockoutOptions } from './lockout.js';
import { orderOf, type Step } from './order.js';
import { changePolicy } from './policy.js';
import { runWave } from './pool.js';
import { endAfterGrace, reachOf, type ReachOptions } from './reach.js';
import { makeTally, type Progress } from './tally.js';
import { toDo } from './words.js';

export interface ExecuteOptions extends ReachOptions {
  /** Writes at the same time. */
  readonly concurrency: number;
  /** The first failure ends the run. */
  readonly failFast?: boolean;
  /** To create what is there, and to delete what is not, is no failure: it is `unchanged`. */
  readonly tolerant?: boolean;
  /** The guard against lock-outs; by itself it goes by `before` and the login. */
  readonly lockout?: LockoutOptions;
  onProgress?(progress: Progress): void;
}

/** In the order of execution. */
function changesOf(waves: readonly (readonly Step[])[]): readonly Change[] {
  return waves.flat().map(({ change }) => change);
}

const notStarted: Outcome = { status: 'not-started' };

/** A bug in one change must not cost the account of the others; whether the change was sent is then unknown. */
function asUnknown(cause: unknown, change: Change): Outcome {
  return { status: 'unknown', error: bugError(cause, toDo(change)) };
}

/**
 * Carries out changes in an order that is safe whatever order they are given in, independent ones at the same time.
 * What fails does not stop what does not depend on it. The account tells how each ended. Throws a usage error, before
 * anything is sent, where the changes would lock out the account in use or all that can manage users and roles.
 */
export async function execute(changes: readonly Change[], options: ExecuteOptions): Promise<Account> {
  const { before, clock, stop, concurrency, tolerant = false } = options;
  const outcomes: (Outcome | undefined)[] = Array.from({ length: changes.length });
  const joining = joiningOf(changes);
  const { waves, creates } = orderOf(changes, before, joining, options.login?.name);
  const lockout = { account: options.login?.name, ...options.lockout };
  const isGuarded = lockout.allowed !== true && changes.some(mayLockOut);
  const locksOut = isGuarded ? findLockout(changesOf(waves), before, lockout) : undefined;
  if (locksOut !== undefined) throw lockoutError(locksOut);
  const guard = isGuarded ? makeLockoutGuard(before, lockout) : undefined;
  const gate = makeGate({ before, joining, creates, outcomes, tolerant, guard });
  const tally = makeTally(changes.length, concurrency * changePolicy.hopeless);
  const finished = new AbortController();
  const reach = reachOf(options, endAfterGrace(stop, clock, finished.signal));
  let halted = false;

  const outcomeOf = async (step: Step): Promise<Outcome> => {
    if (stop.aborted || halted) return notStarted;
    const admission = gate.admit(step);
    const sent =
      admission.outcome ?? (await carryOut(admission.send, reach).catch((bug) => asUnknown(bug, step.change)));
    return gate.ended(step, admission, sent);
  };

  const run = async (step: Step): Promise<void> => {
    const outcome = await outcomeOf(step);
    outcomes[step.index] = outcome;
    const progress = tally.add(outcome);
    const failed = outcome.status === 'failed' || outcome.status === 'unknown';
    halted ||= tally.isHopeless() || (options.failFast === true && failed);
    options.onProgress?.(progress);
  };

  try {
    for (const wave of waves) await runWave(wave, concurrency, run);
  } finally {
    finished.abort();
  }
  const entries = changes.map((change, index): Entry => ({ change, ...(outcomes[index] ?? notStarted) }));
  const isCut = stop.aborted && entries.some(({ status }) => status === 'not-started' || status === 'unknown');
  return isCut ? { entries, stopped: stop.reason as StopSignal } : { entries };
}
