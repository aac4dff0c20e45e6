import type { Clock } from '../context.js';
import { KapadminError } from '../errors.js';
import type { Change } from './change.js';
import { type Snapshot, snapshotOf, type SnapshotReader, readSnapshot } from './snapshot.js';
import { executionPolicy } from './apply-change.js';
import { isVisibleIn, type SecretSource } from './change-transport.js';

export interface VisibilityOptions {
  readonly client: SnapshotReader;
  /** As found before the first write. */
  readonly before: Snapshot;
  readonly secret: SecretSource;
  /** Milliseconds; 0 reads once. */
  readonly wait: number;
  readonly clock: Clock;
  readonly stop: AbortSignal;
}

export interface Visibility {
  /** Changes that no read has shown. */
  readonly hidden: readonly Change[];
  /** Revocations that the user record does not show, because a role grants the same permission. */
  readonly hiddenByRole: readonly Change[];
  /** What the last read showed. */
  readonly now: Snapshot;
  /** Why the reads ended early. */
  readonly error?: KapadminError;
}

/** The users and roles that these changes affect. */
function readTouched(changes: readonly Change[], client: SnapshotReader, signal: AbortSignal): Promise<Snapshot> {
  const touched = (on: 'user' | 'role'): string[] =>
    changes.filter((change) => change.on === on).map(({ name }) => name);
  return readSnapshot(client, { users: touched('user'), roles: touched('role') }, signal);
}

/**
 * Reads until all of these changes show, or the wait is over. A password whose hash is not bcrypt counts as shown.
 */
export async function awaitVisible(changes: readonly Change[], options: VisibilityOptions): Promise<Visibility> {
  const { client, before, secret, wait, clock, stop } = options;
  const until = clock.now() + wait;
  /** What a role hides may never show: no longer than a read lags. */
  const maskedUntil = Math.min(until, clock.now() + executionPolicy.readLag);
  let hidden = changes;
  let hiddenByRole: readonly Change[] = [];
  let now = snapshotOf([], []);
  while (hidden.length + hiddenByRole.length > 0 && !stop.aborted) {
    const open = [...hidden, ...hiddenByRole];
    try {
      now = await readTouched(open, client, stop);
    } catch (error) {
      if (error instanceof KapadminError) return { hidden, hiddenByRole, now, error };
      throw error;
    }
    const read = now;
    const seen = await Promise.all(open.map((change) => isVisibleIn(change, read, before, secret)));
    hidden = open.filter((_, i) => seen[i] === false);
    hiddenByRole = open.filter(({ action }, i) => seen[i] === undefined && action === 'remove-permissions');
    if (clock.now() >= (hidden.length > 0 ? until : maskedUntil) || hidden.length + hiddenByRole.length === 0) break;
    await clock.sleep(Math.min(executionPolicy.pollInterval, until - clock.now()), stop);
  }
  return { hidden, hiddenByRole, now };
}
