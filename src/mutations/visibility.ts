import type { Clock } from '../context.js';
import { KapadminError } from '../errors.js';
import type { Change } from './change.js';
import { type Found, foundOf, type Reader, readFound } from './snapshot.js';
import { changePolicy } from './apply-change.js';
import { isShown, type SecretSource } from './transport.js';

export interface VisibleOptions {
  readonly client: Reader;
  /** As found before the first write. */
  readonly before: Found;
  readonly secret: SecretSource;
  /** Milliseconds; 0 reads once. */
  readonly wait: number;
  readonly clock: Clock;
  readonly stop: AbortSignal;
}

export interface Visibility {
  /** Changes that no read has shown. */
  readonly hidden: readonly Change[];
  /** Revokes after which the user record still shows what was revoked, as a role gives it too. */
  readonly masked: readonly Change[];
  /** What the last read showed. */
  readonly now: Found;
  /** Why the reads ended early. */
  readonly error?: KapadminError;
}

/** What is there of the users and roles that these changes touch. */
function readTouched(changes: readonly Change[], client: Reader, signal: AbortSignal): Promise<Found> {
  const touched = (on: 'user' | 'role'): string[] =>
    changes.filter((change) => change.on === on).map(({ name }) => name);
  return readFound(client, { users: touched('user'), roles: touched('role') }, signal);
}

/**
 * Reads until all of these changes show, or the wait is over. A password whose hash is not bcrypt counts as shown.
 */
export async function awaitVisible(changes: readonly Change[], options: VisibleOptions): Promise<Visibility> {
  const { client, before, secret, wait, clock, stop } = options;
  const until = clock.now() + wait;
  /** What a role hides may never show: no longer than a read lags. */
  const maskedUntil = Math.min(until, clock.now() + changePolicy.lag);
  let hidden = changes;
  let masked: readonly Change[] = [];
  let now = foundOf([], []);
  while (hidden.length + masked.length > 0 && !stop.aborted) {
    const open = [...hidden, ...masked];
    try {
      now = await readTouched(open, client, stop);
    } catch (error) {
      if (error instanceof KapadminError) return { hidden, masked, now, error };
      throw error;
    }
    const read = now;
    const seen = await Promise.all(open.map((change) => isShown(change, read, before, secret)));
    hidden = open.filter((_, i) => seen[i] === false);
    masked = open.filter(({ action }, i) => seen[i] === undefined && action === 'remove-permissions');
    if (clock.now() >= (hidden.length > 0 ? until : maskedUntil) || hidden.length + masked.length === 0) break;
    await clock.sleep(Math.min(changePolicy.every, until - clock.now()), stop);
  }
  return { hidden, masked, now };
}
