import { pause, type Again } from './policy.js';

/** The pauses of one request, and their end. */
export interface Pauses {
  /** Milliseconds to wait after a round in which these nodes failed, or undefined when the request is given up. */
  next(failed: readonly Again[], now: number): number | undefined;
}

export interface PauseLimits {
  readonly retries: number;
  /** Milliseconds; see `leaderWait` of the policy. */
  readonly leaderWait: number;
  readonly random: () => number;
}

export function createPauses({ retries, leaderWait, random }: PauseLimits, started: number): Pauses {
  let counted = 0;
  let leaderless = 0;
  let waited = 0;
  return {
    next(failed, now) {
      if (failed.includes('leader')) {
        const ms = pause(leaderless, random());
        if (Math.max(waited, now - started) + ms > leaderWait) return undefined;
        leaderless += 1;
        waited += ms;
        return ms;
      }
      if (counted >= retries || !failed.includes('counted')) return undefined;
      return pause(counted++, random());
    },
  };
}
