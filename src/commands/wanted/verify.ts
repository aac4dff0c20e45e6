import { type Change, didDo } from '../../mutations/change.js';
import { inPlace, type Reader, readFound } from '../../mutations/snapshot.js';
import type { Login, SecretSource } from '../../mutations/transport.js';
import type { Deps } from '../../deps.js';
import { KapadminError } from '../../errors.js';
import { showDuration } from '../../model/duration.js';
import { showNames } from '../../model/name.js';
import type { Actual } from '../../desired-state/desired-state.js';

export interface Done {
  readonly changes: readonly Change[];
  readonly before: Actual;
  readonly secret: SecretSource;
  readonly login: Login | undefined;
}

const mostNamed = 3;

function some(changes: readonly Change[]): string {
  const more = changes.length > mostNamed ? `; and ${changes.length - mostNamed} more` : '';
  return `${changes.slice(0, mostNamed).map(didDo).join('; ')}${more}`;
}

/** What a read shows of the changes: `hidden` it does not show, `masked` may be there behind the rights of a role. */
interface Seen {
  readonly now: Actual;
  readonly hidden: readonly Change[];
  readonly masked: readonly Change[];
}

/** A client that can still log in. */
async function readerAfter({ changes, secret, login }: Done, deps: Deps): Promise<Reader> {
  const own = changes.find((change) => change.action === 'change-password' && change.name === login?.name);
  if (own?.action !== 'change-password' || login === undefined) return deps.meta();
  return login.again(await secret(own.password, own));
}

/** Users that the server made, but not with the hash that it was given. */
async function otherHashes({ changes, secret }: Done, now: Actual): Promise<readonly string[]> {
  const other: string[] = [];
  for (const change of changes) {
    if (change.action !== 'create' || change.on !== 'user' || change.hash === undefined) continue;
    const user = now.users.get(change.name);
    const wanted = await secret(change.hash, change);
    if (user !== undefined && user.hash?.reveal() !== wanted.reveal()) other.push(change.name);
  }
  return other;
}

/**
 * Reads all users and roles once more, and a second time where what was done is not seen yet: warns of what stays
 * unseen. Returns the error of users that the server made without the hash that it was given.
 */
export async function verify(done: Done, deps: Deps): Promise<KapadminError | undefined> {
  const { context, notes } = deps;
  const { limits } = await deps.network();
  if (done.changes.length === 0 || context.stop.aborted) return undefined;
  try {
    const reader = await readerAfter(done, deps);
    const look = async (): Promise<Seen> => {
      const now = await readFound(reader, { users: 'all', roles: 'all' }, context.stop);
      const judged = done.changes.map((change) => ({ change, seen: inPlace(change, now, done.before) }));
      const of = (wanted: boolean | undefined): readonly Change[] =>
        judged.filter(({ seen }) => seen === wanted).map(({ change }) => change);
      return { now, hidden: of(false), masked: of(undefined) };
    };
    let { now, hidden, masked } = await look();
    if (hidden.length > 0 && limits.wait > 0) {
      await context.clock.sleep(limits.wait, context.stop);
      ({ now, hidden, masked } = await look());
    }
    if (masked.length > 0) {
      notes.warn(
        `done, and not visible in a read, which shows the rights of roles among those of their members: ${some(masked)}`,
      );
    }
    if (hidden.length > 0) {
      const message = `accepted, but not visible after ${showDuration(limits.wait * 1e6)}: ${some(hidden)}`;
      return new KapadminError('partial', 'not-visible', message, { hint: 'See what is there: kapadmin plan' });
    }
    const other = await otherHashes(done, now);
    if (other.length === 0) return undefined;
    const message = `the server made ${showNames(other, mostNamed)} without the hash that it was given: they cannot log in`;
    return new KapadminError('partial', 'hash-not-taken', message, {
      hint: 'Set a password: kapadmin user passwd NAME',
    });
  } catch (error) {
    if (!(error instanceof KapadminError)) throw error;
    if (!context.stop.aborted) notes.warn(`done, and not seen: ${error.message}`);
    return undefined;
  }
}
