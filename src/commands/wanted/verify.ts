import type { Change } from '../../change/change.js';
import { inPlace } from '../../change/in-place.js';
import type { SecretSource } from '../../change/requests.js';
import type { Login } from '../../change/reach.js';
import { readFound, type Reader } from '../../change/found.js';
import { didDo } from '../../change/words.js';
import type { Deps } from '../../deps.js';
import { KapadminError } from '../../errors.js';
import { showNames } from '../../model/name.js';
import type { Actual } from '../../state/wanted.js';

export interface Done {
  readonly changes: readonly Change[];
  readonly before: Actual;
  readonly secret: SecretSource;
  readonly login: Login | undefined;
}

const mostNamed = 3;

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
  const { limits } = await deps.settings();
  if (done.changes.length === 0 || context.stop.aborted) return undefined;
  try {
    const reader = await readerAfter(done, deps);
    const look = async (): Promise<readonly [Actual, readonly Change[]]> => {
      const now = await readFound(reader, { users: 'all', roles: 'all' }, context.stop);
      return [now, done.changes.filter((change) => inPlace(change, now, done.before) === false)];
    };
    let [now, hidden] = await look();
    if (hidden.length > 0 && limits.wait > 0) {
      await context.clock.sleep(limits.wait, context.stop);
      [now, hidden] = await look();
    }
    if (hidden.length > 0) {
      const some = hidden.slice(0, mostNamed).map(didDo).join('; ');
      const more = hidden.length > mostNamed ? `; and ${hidden.length - mostNamed} more` : '';
      notes.warn(`done, and not visible in a read: ${some}${more}`);
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
