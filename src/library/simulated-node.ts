import { KapadminError } from '../errors.js';
import { toBytes, fromBytes, toBinary, toText } from '../go-compat/utf8.js';
import { bcryptKey } from '../auth-engine/bcrypt-hash.js';
import type { MetaRequestEffect, MetaResult } from '../auth-engine/effects.js';
import { plainBcryptDigest } from './plain-bcrypt.js';

/** A user of a cluster that exists only in a test. */
export interface SimulatedUser {
  readonly name: string;
  /** Hashed; of a user of LDAP it is the one that LDAP accepts. */
  readonly password?: string;
  /** A hash instead of a password. */
  readonly hash?: string;
  /** LDAP knows the password: the user record has no hash. */
  readonly ldap?: boolean;
  /** Permission names by database; "" means all databases. */
  readonly permissions?: Readonly<Record<string, readonly string[]>>;
}

/** Responds to Kapacitor's requests to the meta node: a `MetaClient`, or a function of your own. */
export interface MetaNode {
  /** Throws a `KapadminError` if there is no response; the code `timeout` is treated separately. */
  get(path: string): Promise<{ readonly status: number; readonly body: Uint8Array }>;
}

const cost = 4;
const salt = 'abcdefghijklmnopqrstuu';

async function hashOf({ password, hash, ldap }: SimulatedUser): Promise<string> {
  if (hash !== undefined || ldap === true) return hash ?? '';
  const key = bcryptKey(toBinary(password ?? ''));
  return `$2a$0${cost}$${salt}${await plainBcryptDigest({ want: 'bcrypt', cost, salt, key })}`;
}

function respond(status: number, value?: object): { status: number; body: Uint8Array } {
  return { status, body: toBytes(value === undefined ? '' : toBinary(JSON.stringify(value))) };
}

/** A meta node that holds a list of users and takes any account; users are those of the moment of the request. */
export function createSimulatedNode(users: readonly SimulatedUser[]): MetaNode {
  return {
    async get(target) {
      const [path, query = ''] = target.split('?');
      const asked = new Map(
        query.split('&').map((pair) => pair.split('=').map(decodeURIComponent) as [string, string]),
      );
      const user = users.find(({ name }) => name === asked.get('name'));
      if (user === undefined) return respond(404, { error: 'user not found' });
      const { name, password, permissions = {} } = user;
      if (path === '/user') return respond(200, { users: [{ name, hash: await hashOf(user), permissions }] });
      const isRight = password !== undefined && password === asked.get('password');
      return isRight ? respond(200) : respond(401, { error: 'authorization failed' });
    },
  };
}

/** Performs the engine's requests on a node, whose first failure counts for all tries of Kapacitor. */
export function requestsTo(node: MetaNode): (request: MetaRequestEffect) => Promise<MetaResult> {
  return async ({ path, query }) => {
    const words = query.map((pair) => pair.map((text) => encodeURIComponent(toText(text))).join('='));
    try {
      const { status, body } = await node.get(`${path}?${words.join('&')}`);
      return { status, location: '', body: fromBytes(body), last: true };
    } catch (error) {
      if (!(error instanceof KapadminError)) throw error;
      return { error: error.code === 'timeout' ? 'timeout' : 'refused', text: toBinary(error.message), last: true };
    }
  };
}
