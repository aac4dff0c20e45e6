import { readDaemonFile } from '../settings/kapacitor-conf.js';
import type { Context } from '../context.js';
import { toBinary } from '../go-compat/utf8.js';
import { bcryptKey } from '../auth-engine/bcrypt-hash.js';
import type { BcryptEffect } from '../auth-engine/effects.js';
import { Secret } from '../model/secret.js';
import type { PlayTools } from './play.js';

/** No bcrypt encoder produces this last character of a salt: some of its bits belong to no byte. */
const ownSalt = 'kapadmin/scenario/mark';
const remembered = 10_000;

/** Caches digests: scenarios repeat the same computations. */
function memoized(digest: (request: BcryptEffect) => Promise<string>): (request: BcryptEffect) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  return (request) => {
    const key = `${request.cost}$${request.salt}${request.key}`;
    let value = known.get(key);
    if (value === undefined) {
      if (known.size >= remembered) known.clear();
      value = digest(request);
      known.set(key, value);
    }
    return value;
  };
}

/**
 * The player's own hashes, each with a number instead of a digest. With one salt, equal keys have equal digests, so
 * comparing the numbers gives the same results as bcrypt.
 */
function numberedHashes() {
  const numbers = new Map<string, string>();
  return {
    hash(password: Secret): Secret {
      const key = bcryptKey(toBinary(password.reveal()));
      const number = numbers.get(key) ?? String(numbers.size).padStart(31, '0');
      numbers.set(key, number);
      return new Secret(`$2a$04$${ownSalt}${number}`);
    },
    digest: (key: string): string => numbers.get(key) ?? '',
  };
}

/** The tools of a player: bcrypt for hashes in a scenario, numbers for hashes of its passwords, and real files. */
export function createPlayTools({ files, clock }: Pick<Context, 'files' | 'clock'>): PlayTools {
  const own = numberedHashes();
  const real = memoized(async (request) => (await import('../auth-engine/bcrypt-digest.js')).bcryptDigest(request));
  return {
    bcrypt: async (request) => (request.salt === ownSalt ? own.digest(request.key) : real(request)),
    hash: own.hash,
    file: (file) => readDaemonFile(files, file),
    now: () => clock.now(),
  };
}
