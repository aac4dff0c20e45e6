import { pause, type Again } from './policy.js';

/** The pauses of one request, and their end. */
export interface Pauses {
  /**
   * Milliseconds to wait after a round in which these nodes failed, or undefined when the request is given up. The wait
   * for a leader counts from the first answer that there is none, and allows a second round in any case: a node may
   * take its time to say so.
   */
  next(failed: readonly FailedTry[], now: number): number | undefined;
}

/** How one node failed in a round, and when. */
export interface FailedTry {
  readonly again: Again;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface PauseLimits {
  readonly retries: number;
  /** Milliseconds; see `leaderWait` of the policy. */
  readonly leaderWait: number;
  readonly random: () => number;
}

export function createPauses({ retries, leaderWait, random }: PauseLimits): Pauses {
  let counted = 0;
  let leaderless = 0;
  let waited = 0;
  let leaderlessSince: number | undefined;
  return {
    next(failed, now) {
      const first = failed.find(({ again }) => again === 'leader');
      if (first !== undefined) {
        leaderlessSince ??= first.at;
        const ms = pause(leaderless, random());
        const isOver = Math.max(waited, now - leaderlessSince) + ms > leaderWait;
        if (isOver && (leaderless > 0 || ms > leaderWait)) return undefined;
        leaderless += 1;
        waited += ms;
        return ms;
      }
      if (counted >= retries || !failed.some(({ again }) => again === 'counted')) return undefined;
      return pause(counted++, random());
    },
  };
}
