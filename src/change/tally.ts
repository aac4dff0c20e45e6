import type { Outcome } from './account.js';

/** How far a run is, told after each change. */
export interface Progress {
  readonly total: number;
  /** Changes that came to an end, of whatever kind. */
  readonly ended: number;
  readonly done: number;
  readonly failed: number;
  readonly unknown: number;
}

export interface Tally {
  add(outcome: Outcome): Progress;
  /** Whether the last outcomes say that no change can succeed now: no connection, or no rights. */
  isHopeless(): boolean;
}

/** @param patience errors in a row after which it is hopeless */
export function makeTally(total: number, patience: number): Tally {
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
    isHopeless: () => inRow >= patience,
  };
}
