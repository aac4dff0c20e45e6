import type { StopSignal } from '../context.js';
import { bugError } from '../errors.js';
import {
  type Change,
  type ChangeResult,
  describePlanned,
  type ExecutionSummary,
  type MutationOutcome,
} from './change.js';
import { applyChange } from './retry-change.js';
import { executionPolicy } from './execution-policy.js';
import { createDependencyGuard } from './dependency-guard.js';
import { type ExecutionStep, findJoiningUsers, orderChanges } from './execution-order.js';
import { createLockoutGuard, findLockout, lockoutError, type LockoutOptions, mayLockOut } from './lockout.js';
import { type ChangeTransportOptions, createChangeTransport, endAfterGrace } from './send-and-verify.js';

export interface ExecuteOptions extends ChangeTransportOptions {
  /** Writes at the same time. */
  readonly concurrency: number;
  /** The first failure ends the run. */
  readonly failFast?: boolean;
  /** Creating what exists and deleting what does not is not an error: it is `unchanged`. */
  readonly tolerant?: boolean;
  /** The guard against lock-outs; the default uses `before` and the login. */
  readonly lockout?: LockoutOptions;
  onProgress?(progress: ExecutionProgress): void;
}

/** In the order of execution. */
function changesOf(waves: readonly (readonly ExecutionStep[])[]): readonly Change[] {
  return waves.flat().map(({ change }) => change);
}

const notStarted: MutationOutcome = { status: 'not-started' };

/** A bug in one change must not cost the account of the others; whether the change was sent is then unknown. */
function unknownOutcome(cause: unknown, change: Change): MutationOutcome {
  return { status: 'unknown', error: bugError(cause, describePlanned(change)) };
}

/**
 * Applies changes in a safe order, independent ones concurrently.
 * A failure stops only what depends on it. The summary has the outcome of each. Throws a usage error, before
 * anything is sent, where the changes would lock out the account of the connection or all that can manage users and roles.
 */
export async function execute(changes: readonly Change[], options: ExecuteOptions): Promise<ExecutionSummary> {
  const { before, clock, stop, concurrency, tolerant = false } = options;
  const outcomes: (MutationOutcome | undefined)[] = Array.from({ length: changes.length });
  const joiningUsers = findJoiningUsers(changes);
  const { waves, creates } = orderChanges(changes, before, joiningUsers, options.login?.name);
  const lockout = { account: options.login?.name, ...options.lockout };
  const isGuarded = lockout.allowed !== true && changes.some(mayLockOut);
  const locksOut = isGuarded ? findLockout(changesOf(waves), before, lockout) : undefined;
  if (locksOut !== undefined) throw lockoutError(locksOut);
  const guard = isGuarded ? createLockoutGuard(before, lockout) : undefined;
  const dependencyGuard = createDependencyGuard({ before, joiningUsers, creates, outcomes, tolerant, guard });
  const counter = createProgressCounter(changes.length, concurrency * executionPolicy.maxErrorsInRow);
  const finished = new AbortController();
  const transport = createChangeTransport(options, endAfterGrace(stop, clock, finished.signal));
  let halted = false;

  const outcomeOf = async (step: ExecutionStep): Promise<MutationOutcome> => {
    if (stop.aborted || halted) return notStarted;
    const decision = dependencyGuard.check(step);
    const sent =
      decision.outcome ??
      (await applyChange(decision.send, transport).catch((bug) => unknownOutcome(bug, step.change)));
    return dependencyGuard.finish(step, decision, sent);
  };

  const run = async (step: ExecutionStep): Promise<void> => {
    const outcome = await outcomeOf(step);
    outcomes[step.index] = outcome;
    const progress = counter.add(outcome);
    const failed = outcome.status === 'failed' || outcome.status === 'unknown';
    halted ||= counter.isHopeless() || (options.failFast === true && failed);
    options.onProgress?.(progress);
  };

  try {
    for (const wave of waves) await runWave(wave, concurrency, run);
  } finally {
    finished.abort();
  }
  const results = changes.map((change, index): ChangeResult => ({ change, ...(outcomes[index] ?? notStarted) }));
  const isCut = stop.aborted && results.some(({ status }) => status === 'not-started' || status === 'unknown');
  return isCut ? { results, stopped: stop.reason as StopSignal } : { results };
}

interface WaitingSteps {
  /** How many steps must end before this one. */
  readonly left: Map<ExecutionStep, number>;
  readonly followers: ReadonlyMap<number, readonly ExecutionStep[]>;
}

function waitingSteps(steps: readonly ExecutionStep[]): WaitingSteps {
  const left = new Map<ExecutionStep, number>();
  const followers = new Map<number, ExecutionStep[]>();
  for (const step of steps) {
    if (step.after.length === 0) continue;
    const after = new Set(step.after);
    left.set(step, after.size);
    for (const index of after) {
      const list = followers.get(index);
      if (list) list.push(step);
      else followers.set(index, [step]);
    }
  }
  return { left, followers };
}

/**
 * Runs the steps of one wave, at most `concurrency` at a time, each when all of its `after` have ended. Followers go
 * first, so that what was begun for a user is ended before the next user's turn. `run` never rejects but for a bug.
 */
function runWave(
  steps: readonly ExecutionStep[],
  concurrency: number,
  run: (step: ExecutionStep) => Promise<void>,
): Promise<void> {
  const { left, followers } = waitingSteps(steps);
  const next: ExecutionStep[] = [];
  let taken = 0;
  let underWay = 0;

  const take = (): ExecutionStep | undefined => {
    if (next.length > 0) return next.pop();
    while (taken < steps.length) {
      const step = steps[taken++];
      if (step !== undefined && step.after.length === 0) return step;
    }
    return undefined;
  };

  return new Promise((resolve, reject) => {
    const ended = (step: ExecutionStep): void => {
      underWay--;
      for (const follower of followers.get(step.index) ?? []) {
        const still = (left.get(follower) ?? 0) - 1;
        left.set(follower, still);
        if (still === 0) next.push(follower);
      }
      pump();
    };
    const pump = (): void => {
      while (underWay < concurrency) {
        const step = take();
        if (step === undefined) break;
        underWay++;
        run(step).then(() => ended(step), reject);
      }
      if (underWay === 0) resolve();
    };
    pump();
  });
}

/** The progress of a run, reported after each change. */
export interface ExecutionProgress {
  readonly total: number;
  /** Changes that came to an end, of whatever kind. */
  readonly ended: number;
  readonly done: number;
  readonly failed: number;
  readonly unknown: number;
}

export interface ProgressCounter {
  add(outcome: MutationOutcome): ExecutionProgress;
  /** Whether the last outcomes show that no change can succeed: no connection, or no permission. */
  isHopeless(): boolean;
}

/** @param maxErrorsInRow errors in a row after which it is hopeless */
function createProgressCounter(total: number, maxErrorsInRow: number): ProgressCounter {
  const counts = { done: 0, failed: 0, unknown: 0, unchanged: 0, 'not-started': 0 };
  let ended = 0;
  let inRow = 0;
  return {
    add(outcome) {
      counts[outcome.status] += 1;
      ended += 1;
      const kind = outcome.status === 'failed' || outcome.status === 'unknown' ? outcome.error.kind : undefined;
      if (kind === 'unreachable' || kind === 'refused') inRow += 1;
      else if (outcome.status !== 'not-started') inRow = 0;
      return { total, ended, done: counts.done, failed: counts.failed, unknown: counts.unknown };
    },
    isHopeless: () => inRow >= maxErrorsInRow,
  };
}
