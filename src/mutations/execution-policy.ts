/**
 * How the executor handles a write of unknown delivery status, and an interruption. Retries of what was not sent, and
 * the wait for a leader, are the client's own policy (src/meta/retry.ts).
 */
export const executionPolicy = {
  /** How often a write of unknown delivery status is sent again. */
  maxRepeats: 8,
  /** The same after a 5xx response. */
  maxRepeatsOfErrors: 5,
  /** Milliseconds after which it is neither sent nor read again: a server that never responds uses up every timeout. */
  giveUpMs: 30_000,
  /** Milliseconds before it is verified or sent again: `first`, then times `factor` up to `max`. */
  backoff: { first: 50, factor: 2, max: 1_000 },
  /** Milliseconds that a read may lag behind a write, and the pause between two reads. */
  readLag: 500,
  pollInterval: 50,
  /** Failed reads, after all retries of the client, before the outcome stays unknown. */
  maxFailedReads: 3,
  /** Milliseconds for what is under way when the run is stopped. */
  graceMs: 5_000,
  /** A run ends after this many times its concurrency of errors in a row that every change would meet. */
  maxErrorsInRow: 2,
} as const;
