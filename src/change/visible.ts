import type { Clock } from '../context.js';
import { KapadminError } from '../errors.js';
import type { Change } from './change.js';
import { foundOf, type Found } from './found.js';
import { changePolicy } from './policy.js';
import { isShown, type ChangeClient, type SecretSource } from './requests.js';

export interface VisibleOptions {
  readonly client: Pick<ChangeClient, 'users' | 'roles'>;
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
  /** Why the reads ended early. */
  readonly error?: KapadminError;
}

/** More names than this are read as one list. */
const mostNamed = 16;

async function readOf<T>(
  names: ReadonlySet<string>,
  read: (options: { name?: string; signal: AbortSignal }) => Promise<readonly T[]>,
  signal: AbortSignal,
): Promise<readonly T[]> {
  if (names.size === 0) return [];
  if (names.size > mostNamed) return read({ signal });
  return (await Promise.all([...names].map((name) => read({ name, signal })))).flat();
}

/** What is there of the users and roles that these changes touch. */
export async function readTouched(
  changes: readonly Change[],
  client: Pick<ChangeClient, 'users' | 'roles'>,
  signal: AbortSignal,
): Promise<Found> {
  const touched = (on: 'user' | 'role'): ReadonlySet<string> =>
    new Set(changes.filter((change) => change.on === on).map(({ name }) => name));
  const [users, roles] = await Promise.all([
    readOf(touched('user'), (options) => client.users(options), signal),
    readOf(touched('role'), (options) => client.roles(options), signal),
  ]);
  return foundOf(users, roles);
}

/**
 * Reads until all of these changes show, or the wait is over. A password whose hash is not bcrypt, and what a node that
 * merges roles hides, count as shown.
 */
export async function awaitVisible(changes: readonly Change[], options: VisibleOptions): Promise<Visibility> {
  const { client, before, secret, wait, clock, stop } = options;
  const until = clock.now() + wait;
  let hidden = changes;
  while (hidden.length > 0 && !stop.aborted) {
    try {
      const now = await readTouched(hidden, client, stop);
      const seen = await Promise.all(hidden.map((change) => isShown(change, now, before, secret)));
      hidden = hidden.filter((_, i) => seen[i] === false);
    } catch (error) {
      if (error instanceof KapadminError) return { hidden, error };
      throw error;
    }
    if (hidden.length === 0 || clock.now() >= until) break;
    await clock.sleep(Math.min(changePolicy.every, until - clock.now()), stop);
  }
  return { hidden };
}
