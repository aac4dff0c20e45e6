import { KapadminError, usageError } from '../errors.js';
import { fromBytes, toBinary, toBytes, toText } from '../go-compat/utf8.js';
import { bcryptKey } from '../auth-engine/bcrypt-hash.js';
import type { BcryptEffect, MetaRequestEffect, MetaResult } from '../auth-engine/effects.js';
import { hash } from 'bcryptjs';

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

const digestLength = 31;

/** What completes a character whose last bytes were cut off, one of which fits each first byte. */
const endings = [
  '',
  '\u0080',
  '\u00a0',
  '\u0080\u0080',
  '\u00a0\u0080',
  '\u0090\u0080',
  '\u0080\u0080\u0080',
  '\u0090\u0080\u0080',
];

/** A text whose UTF-8 form begins with these bytes: bcryptjs takes no bytes. */
function textOfKey(key: string): string | undefined {
  const whole = endings.map((ending) => key + ending).find((binary) => toBinary(toText(binary)) === binary);
  return whole === undefined ? undefined : toText(whole);
}

const known = new Map<string, Promise<string>>();
const maxKnown = 50;

async function compute({ cost, salt, key }: BcryptEffect): Promise<string> {
  const text = textOfKey(key);
  if (text === undefined) throw usageError('password-not-utf8', 'a password that is not UTF-8 cannot be hashed here');
  const hashed = await hash(text, `$2b$${String(cost).padStart(2, '0')}$${salt}`);
  return hashed.slice(-digestLength);
}

/**
 * Computes the digest for a bcrypt effect in plain JavaScript: WebAssembly needs 'wasm-unsafe-eval' in the policy of a
 * page, and is not faster here. The last ones are kept: simulations repeat them. Throws a usage error for a password
 * that is not UTF-8.
 */
export function plainBcryptDigest(effect: BcryptEffect): Promise<string> {
  const name = `${effect.cost}$${effect.salt}${effect.key}`;
  const found = known.get(name) ?? compute(effect);
  known.delete(name);
  known.set(name, found);
  for (const [oldest] of known) if (known.size > maxKnown) known.delete(oldest);
  return found;
}
