import { toBinary, toText } from '../go-compat/utf8.js';
import { bcryptKey } from '../auth-engine/bcrypt-hash.js';
import type { MetaResult, MetaRequestEffect } from '../auth-engine/effects.js';
import { bcryptDigest } from '../auth-engine/bcrypt-digest.js';
import type { MetaClient } from '../meta/api.js';
import { MetaError } from '../meta/errors.js';

/** A user of a cluster that exists only in a test. */
export interface KnownUser {
  readonly name: string;
  /** Of LDAP it is what `/authorized` takes for right; else it is hashed. */
  readonly password?: string;
  /** A ready hash in place of a password. */
  readonly hash?: string;
  /** Its document shows no hash. */
  readonly ldap?: boolean;
  /** Permission names by database; "" means all databases. */
  readonly permissions?: Readonly<Record<string, readonly string[]>>;
}

const cost = 4;
const salt = 'abcdefghijklmnopqrstuu';

async function hashOf({ password, hash, ldap }: KnownUser): Promise<string> {
  if (hash !== undefined || ldap === true) return hash ?? '';
  const key = bcryptKey(toBinary(password ?? ''));
  return `$2a$0${cost}$${salt}${await bcryptDigest({ want: 'bcrypt', cost, salt, key })}`;
}

function answer(status: number, value?: object): MetaResult {
  return { status, location: '', body: value === undefined ? '' : toBinary(JSON.stringify(value)) };
}

/** A meta node that holds a list of users and takes any account; users are those of the moment of the request. */
export function nodeOf(users: readonly KnownUser[]): (request: MetaRequestEffect) => Promise<MetaResult> {
  return async ({ path, query }) => {
    const asked = new Map(query);
    const user = users.find(({ name }) => toBinary(name) === asked.get('name'));
    if (user === undefined) return answer(404, { error: 'user not found' });
    const { name, password, permissions = {} } = user;
    if (path === '/user') return answer(200, { users: [{ name, hash: await hashOf(user), permissions }] });
    const isRight = password !== undefined && toBinary(password) === asked.get('password');
    return isRight ? answer(200) : answer(401, { error: 'authorization failed' });
  };
}

/** A client of the meta API, of which only `get` is called. */
export type MetaNode = Pick<MetaClient, 'get'>;

/** A real meta node, asked by a client with its own account; its first failure counts for all tries of Kapacitor. */
export function nodeOfClient(client: MetaNode): (request: MetaRequestEffect) => Promise<MetaResult> {
  return async ({ path, query }) => {
    const words = query.map((pair) => pair.map((text) => encodeURIComponent(toText(text))).join('='));
    try {
      const { status, body } = await client.get(`${path}?${words.join('&')}`);
      return { status, location: '', body: Buffer.from(body).toString('latin1'), last: true };
    } catch (error) {
      if (!(error instanceof MetaError)) throw error;
      return { error: 'refused', text: toBinary(error.message), last: true };
    }
  };
}
