import type { DeliveryStatus } from './errors.js';

/**
 * When a request is sent again. With several nodes the next one is tried at once; only after all of them failed there
 * is a pause, which counts as a retry. A write that may have been applied is never repeated, and a node with an
 * untrusted certificate is not tried again.
 */
export const retryPolicy = {
  /** Rounds after the first one. */
  retries: 3,
  /** Milliseconds of the pauses: `first`, then times `factor` up to `max`; a share of `jitter` of it is random. */
  backoff: { first: 100, factor: 2, max: 1_000, jitter: 0.5 },
  /** Repeated as long as nothing was sent, reads and writes alike. */
  unsent: ['dns-failed', 'connection-refused', 'network-unreachable', 'timeout', 'connection-lost', 'proxy-failed'],
  /** Repeated for reads also after they were sent. */
  reads: ['connection-lost', 'truncated', 'not-json'],
  /** Repeated for reads after a response with such a status, whatever its code. */
  readStatus: (status: number): boolean => status >= 500,
  /** Repeated for reads, on another node only: the limit of time was already used up. */
  elsewhere: ['timeout'],
  /** The cluster has no leader, so nothing was done: repeated until the wait is over, whatever the count. */
  leader: ['no-leader', 'leader-unreachable'],
  /** Milliseconds to wait while the nodes report no leader, or one that does not respond. */
  leaderWait: 10_000,
} as const;

export interface AttemptFailure {
  readonly code: string;
  /** The HTTP status, if the node responded. */
  readonly status?: number | undefined;
  readonly deliveryStatus: DeliveryStatus;
}

export type RetryDecision = 'never' | 'elsewhere' | 'counted' | 'leader';

const retriedUnsent: ReadonlySet<string> = new Set(retryPolicy.unsent);
const retriedReads: ReadonlySet<string> = new Set(retryPolicy.reads);
const retriedElsewhere: ReadonlySet<string> = new Set(retryPolicy.elsewhere);
const retriedLeader: ReadonlySet<string> = new Set(retryPolicy.leader);

/** Whether, and counted by what, a failed read or write may be sent again. */
export function retryDecision(failed: AttemptFailure, read: boolean): RetryDecision {
  if (retriedLeader.has(failed.code) && failed.deliveryStatus !== 'unknown') return 'leader';
  if (failed.deliveryStatus === 'not-sent' && retriedUnsent.has(failed.code)) return 'counted';
  if (read && (retriedReads.has(failed.code) || retryPolicy.readStatus(failed.status ?? 0))) return 'counted';
  return read && retriedElsewhere.has(failed.code) ? 'elsewhere' : 'never';
}

/** Milliseconds of the pause before retry number `retry` (from 0); `random` in [0, 1). */
export function backoff(retry: number, random: number): number {
  const { first, factor, max, jitter } = retryPolicy.backoff;
  const full = Math.min(max, first * factor ** Math.min(retry, 30));
  return Math.round(full * (1 - jitter * random));
}

/** The pauses of one request, and their end. */
export interface RetryState {
  /**
   * Milliseconds to wait after a round in which these nodes failed, or undefined when the request is given up. The wait
   * for a leader starts at the first response without one, and always allows a second round: a node may
   * take its time to say so.
   */
  next(failed: readonly FailedTry[], now: number): number | undefined;
}

/** How one node failed in a round, and when. */
export interface FailedTry {
  readonly decision: RetryDecision;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface RetryLimits {
  readonly retries: number;
  /** Milliseconds; see `leaderWait` of the policy. */
  readonly leaderWait: number;
  readonly random: () => number;
}

export function createRetryState({ retries, leaderWait, random }: RetryLimits): RetryState {
  let counted = 0;
  let leaderless = 0;
  let waited = 0;
  let leaderlessSince: number | undefined;
  return {
    next(failed, now) {
      const first = failed.find(({ decision }) => decision === 'leader');
      if (first !== undefined) {
        leaderlessSince ??= first.at;
        const ms = backoff(leaderless, random());
        const isOver = Math.max(waited, now - leaderlessSince) + ms > leaderWait;
        if (isOver && (leaderless > 0 || ms > leaderWait)) return undefined;
        leaderless += 1;
        waited += ms;
        return ms;
      }
      if (counted >= retries || !failed.some(({ decision }) => decision === 'counted')) return undefined;
      return backoff(counted++, random());
    },
  };
}
