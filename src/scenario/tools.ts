import { systemReason, type Files } from '../files.js';
import type { FileFact } from '../kapacitor/configuration/index.js';
import { toBinary } from '../kapacitor/go/utf8.js';
import { bcryptKey } from '../kapacitor/hash.js';
import type { BcryptRequest } from '../kapacitor/wanted.js';
import { bcryptDigest } from '../login/bcrypt.js';
import { Secret } from '../model/secret.js';
import type { PlayTools } from './play.js';

const salt = 'abcdefghijklmnopqrstuu';
const cost = 4;
const remembered = 10_000;

/** Each computation once: scenarios ask the same again and again. */
function memoized(digest: (request: BcryptRequest) => Promise<string>): (request: BcryptRequest) => Promise<string> {
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

/** A file that the daemon opens, with its permission bits, or with Go's words where it cannot be opened. */
export async function fileFact(files: Files, file: string): Promise<FileFact & { readonly mode?: number }> {
  try {
    const { text, mode } = await files.read(file);
    return { content: text, mode };
  } catch (error) {
    const { cause } = error as Error;
    return { error: cause === undefined ? 'is a directory' : systemReason(cause) };
  }
}

/** The tools of a player: real bcrypt, real files. */
export function makeTools(files: Files): PlayTools {
  const bcrypt = memoized(bcryptDigest);
  return {
    bcrypt,
    async hash(password) {
      const digest = await bcrypt({ want: 'bcrypt', cost, salt, key: bcryptKey(toBinary(password.reveal())) });
      return new Secret(`$2a$0${cost}$${salt}${digest}`);
    },
    file: (file) => fileFact(files, file),
  };
}
