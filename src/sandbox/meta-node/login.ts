import { Buffer } from 'node:buffer';
import { Secret } from '../../model/secret.js';
import { errorReply, type NodeRequest, type Reply } from './messages.js';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { holdsPermission } from '../../model/permissions.js';
import type { ClusterState, StoredUser } from './store.js';

type NodeCredentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: Secret }
  | { readonly kind: 'bearer'; readonly token: string };

function basic(header: string): NodeCredentials | undefined {
  const encoded = /^basic ([A-Za-z0-9+/]+={0,2})$/i.exec(header)?.[1];
  if (encoded === undefined || encoded.length % 4 !== 0) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  return { kind: 'password', username: text.slice(0, colon), password: new Secret(text.slice(colon + 1)) };
}

/** Query `u` and `p` first, then the Authorization header; undefined where neither can be read. */
export function parseCredentials(
  request: NodeRequest,
  query: ReadonlyMap<string, string>,
): NodeCredentials | undefined {
  const username = query.get('u');
  const password = query.get('p');
  if (username && password) return { kind: 'password', username, password: new Secret(password) };
  const given = request.headers['authorization'];
  const header = (typeof given === 'string' ? given : given?.[0]) ?? '';
  const token = /^Bearer ([^ ]+)$/.exec(header)?.[1];
  return token === undefined ? basic(header) : { kind: 'bearer', token };
}

const algorithms = new Map([
  ['HS256', 'sha256'],
  ['HS384', 'sha384'],
  ['HS512', 'sha512'],
]);

interface TokenSecrets {
  /** Signs tokens that name a user. */
  readonly shared: Secret | undefined;
  /** Signs tokens with an empty user name: everything is allowed. */
  readonly internal: Secret | undefined;
}

function decode(segment: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The user name of a bearer token that is signed with the right secret and not expired at `now` (ms), else undefined. */
export function userOfToken(token: string, secrets: TokenSecrets, now: number): string | undefined {
  const [head = '', claims = '', signature = '', ...rest] = token.split('.');
  const hash = algorithms.get(String(decode(head)?.['alg']));
  const content = decode(claims);
  const username = content?.['username'];
  const expiry = content?.['exp'];
  if (rest.length > 0 || hash === undefined || typeof username !== 'string' || typeof expiry !== 'number')
    return undefined;
  const secret = username === '' ? secrets.internal : secrets.shared;
  if (secret === undefined || secret.reveal() === '') return undefined;
  const expected = createHmac(hash, secret.reveal()).update(`${head}.${claims}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return expiry * 1000 > now ? username : undefined;
}

/** Remembers, as salted SHA-256, which password was found to fit which hash: bcrypt is paid once. */
export interface VerifiedPasswords {
  knows(name: string, hash: Secret, password: Secret): boolean;
  remember(name: string, hash: Secret, password: Secret): void;
  forget(name: string): void;
}

export function createVerifiedPasswords(salt: string): VerifiedPasswords {
  const digests = new Map<string, Uint8Array>();
  const digest = (hash: Secret, password: Secret): Uint8Array =>
    createHash('sha256').update(`${salt}\0${hash.reveal()}\0`).update(password.reveal()).digest();
  return {
    knows(name, hash, password) {
      const known = digests.get(name);
      return known !== undefined && timingSafeEqual(known, digest(hash, password));
    },
    remember: (name, hash, password) => void digests.set(name, digest(hash, password)),
    forget: (name) => void digests.delete(name),
  };
}

/** Who may log in at a node. */
export type LoginRule =
  /** Authentication is off. */
  | { readonly kind: 'anyone' }
  /** One name and password, by Basic or query; no tokens. */
  | { readonly kind: 'account'; readonly username: string; readonly password: Secret }
  /** The users of the cluster, and tokens signed with its secrets. */
  | { readonly kind: 'users'; readonly secrets: TokenSecrets };

/** Who sent a request: somebody who may do everything, or a user with the permissions it has. */
type Principal = 'all-rights' | StoredUser;

type LoginOutcome = { readonly who: Principal } | { readonly reply: Reply };

interface LoginFacts {
  readonly state: ClusterState;
  readonly memory: VerifiedPasswords;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const failed: LoginOutcome = { reply: errorReply(401, 'authorization failed') };

/** Whether a password matches a stored user; bcrypt runs only if the result is not in memory. */
export function* nodePasswordMatches(
  user: StoredUser,
  password: Secret,
  memory: VerifiedPasswords,
): BcryptComputation<boolean> {
  if (user.hash.reveal() === '') return false;
  if (memory.knows(user.name, user.hash, password)) return true;
  const fits = yield* requestCompare(password, user.hash);
  if (fits) memory.remember(user.name, user.hash, password);
  return fits;
}

export function* authenticateRequest(
  rule: LoginRule,
  given: NodeCredentials | undefined,
  facts: LoginFacts,
): BcryptComputation<LoginOutcome> {
  if (rule.kind === 'anyone') return { who: 'all-rights' };
  if (rule.kind === 'users' && facts.state.users.size === 0) {
    return { reply: errorReply(400, 'must create admin user first') };
  }
  if (given === undefined) return { reply: errorReply(401, 'unable to parse authentication credentials') };
  if (given.kind === 'bearer') {
    const name = rule.kind === 'users' ? userOfToken(given.token, rule.secrets, facts.now) : undefined;
    const user = name === undefined ? undefined : name === '' ? 'all-rights' : facts.state.users.get(name);
    return user === undefined ? failed : { who: user };
  }
  if (given.username === '') return { reply: errorReply(401, 'username required') };
  if (rule.kind === 'account') {
    const isCorrect = given.username === rule.username && given.password.reveal() === rule.password.reveal();
    return isCorrect ? { who: 'all-rights' } : failed;
  }
  const user = facts.state.users.get(given.username);
  if (user === undefined || !(yield* nodePasswordMatches(user, given.password, facts.memory))) return failed;
  return { who: user };
}

/** Whether users and roles may be read and changed: CreateUserAndRole, held directly or through a role. */
export function mayManageUsers(who: Principal, state: ClusterState): boolean {
  if (who === 'all-rights' || holdsPermission(who.permissions, 'CreateUserAndRole', '')) return true;
  for (const role of state.roles.values()) {
    if (role.users.has(who.name) && holdsPermission(role.permissions, 'CreateUserAndRole', '')) return true;
  }
  return false;
}

/** Slow work that the handler leaves to its driver; it is resumed with the hash, or with whether the password fits. */
type HashRequest =
  | { readonly want: 'hash'; readonly password: Secret }
  | { readonly want: 'compare'; readonly password: Secret; readonly hash: Secret };

/** A computation that may ask for bcrypt on its way. */
export type BcryptComputation<T> = Generator<HashRequest, T, Secret | boolean>;

export function* requestHash(password: Secret): BcryptComputation<Secret> {
  return (yield { want: 'hash', password }) as Secret;
}

function* requestCompare(password: Secret, hash: Secret): BcryptComputation<boolean> {
  return (yield { want: 'compare', password, hash }) as boolean;
}

export interface Bcrypt {
  hash(password: Secret): Secret;
  compare(password: Secret, hash: Secret): boolean;
}

export interface AsyncBcrypt {
  hash(password: Secret): Promise<Secret>;
  compare(password: Secret, hash: Secret): Promise<boolean>;
}

/** Runs a computation to its end, bcrypt included, without ever waiting. */
export function runSync<T>(asking: BcryptComputation<T>, bcrypt: Bcrypt): T {
  let step = asking.next();
  while (!step.done) {
    const want = step.value;
    step = asking.next(want.want === 'hash' ? bcrypt.hash(want.password) : bcrypt.compare(want.password, want.hash));
  }
  return step.value;
}

/** Runs a computation to its end; a promise only where it asks for bcrypt. */
export function runAsync<T>(asking: BcryptComputation<T>, bcrypt: AsyncBcrypt): T | Promise<T> {
  const step = asking.next();
  return step.done ? step.value : resume(asking, step.value, bcrypt);
}

async function resume<T>(asking: BcryptComputation<T>, first: HashRequest, bcrypt: AsyncBcrypt): Promise<T> {
  let want = first;
  for (;;) {
    const reply = await (want.want === 'hash' ? bcrypt.hash(want.password) : bcrypt.compare(want.password, want.hash));
    const step = asking.next(reply);
    if (step.done) return step.value;
    want = step.value;
  }
}
