/**
 * How the executor meets a write whose fate is unknown, and an interruption. What is known not to have been sent, and
 * the wait for a leader, are the client's own policy (src/meta/retry.ts).
 */
export const changePolicy = {
  /** How often a write of unknown fate is sent again. */
  repeats: 8,
  /** The same where the server answered with an error of its own. */
  repeatsOfErrors: 5,
  /** Milliseconds before it is looked for or sent again: `first`, then times `factor` up to `most`. */
  backoff: { first: 50, factor: 2, most: 1_000 },
  /** Milliseconds that a read may lag behind a write, and the pause between two reads. */
  lag: 500,
  every: 50,
  /** Reads that fail, after all tries of the client, before the fate stays unknown. */
  reads: 3,
  /** Milliseconds for what is under way when the run is stopped. */
  grace: 5_000,
  /** A run ends after this many times its concurrency of errors in a row that every change would meet. */
  hopeless: 2,
} as const;

/** Milliseconds of the pause before repeat number `count` (from 0). */
export function pauseBefore(count: number): number {
  const { first, factor, most } = changePolicy.backoff;
  return Math.min(most, first * factor ** Math.min(count, 20));
}
