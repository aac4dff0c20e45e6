import { KapadminError, usageError } from '../errors.js';
import { outlineConfig, readConfiguration } from '../kapacitor-config/read-and-validate.js';
import { type Daemon, type DaemonSettings, startDaemon, toDaemonSettings } from '../auth-engine/daemon-state.js';
import { basicHeader } from '../go-compat/base64.js';
import { parseGoDuration } from '../go-compat/duration.js';
import { fromBytes, toBinary, toBytes, toText } from '../go-compat/utf8.js';
import { handleRequest } from '../auth-engine/handle.js';
import type { HttpRequest } from '../auth-engine/request.js';
import { findVerdict, type Trace, type Verdict } from '../auth-engine/trace.js';
import {
  defaultVersion,
  type KapacitorVersion,
  knownReleasesHint,
  parseKapacitorVersion,
} from '../model/kapacitor-versions.js';
import { type BcryptEffect, type MetaRequestEffect, type MetaResult, runEngine } from '../auth-engine/effects.js';
import { excerpt } from '../model/text.js';
import type { Permissions } from '../model/permissions.js';
import { daemonMessage } from '../diagnostics/config/redact.js';
import { explainTrace } from '../diagnostics/login/explain.js';
import type { CauseId } from '../diagnostics/login/explanation.js';
import { describeTrace, type TraceLine } from '../diagnostics/login/trace-lines.js';
import type { Fix } from '../diagnostics/finding.js';
import { accessPath, createAccessDecider, parseMethod } from '../access-matrix/decide-access.js';
import { bcryptKey } from '../auth-engine/parse-bcrypt.js';
import { hash } from 'bcryptjs';

export interface SimulationOptions {
  /** The text of a kapacitor.conf. */
  readonly config: string;
  /** The daemon's variables, such as `KAPACITOR_AUTH_CACHE_EXPIRATION`; no others count. */
  readonly env?: Readonly<Record<string, string>>;
  /** Who knows the users: a list, which is read at each request; a client of a meta node; or your own `get`. */
  readonly users: readonly SimulatedUser[] | MetaNode;
  /** The version of Kapacitor, such as `1.6.5`; 1.8 where it is left out. */
  readonly version?: string;
  /** When the daemon starts (tokens depend on it); now where it is left out. */
  readonly start?: Date;
}

export interface LoginRequest {
  /** GET where it is left out. */
  readonly method?: string;
  /** Path and query, sent as they are. */
  readonly path: string;
  readonly username?: string;
  readonly password?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body of POST /write, or of a request to /kapacitor/v1/users. */
  readonly body?: string;
  /** When it comes, since the daemon started: `5m`, `1h30m`. Time never goes back; it stands still where this is left out. */
  readonly at?: string;
}

/** What Kapacitor responds, and why. */
export interface LoginResult {
  /** Authentication and authorization passed. */
  readonly allowed: boolean;
  readonly verdict: Verdict;
  /** 401 or 403, 301, 404, 400; null where allowed. */
  readonly status: number | null;
  /** The text in `error` of a refusal. */
  readonly message: string | null;
  /** Where a redirect leads. */
  readonly location: string | null;
  /** The authenticated user, even if denied later. */
  readonly user: string | null;
  /** A stable word for why. */
  readonly cause: CauseId;
  readonly why: string;
  /** Commands and settings that fix a rejection. */
  readonly fixes: readonly SuggestedFix[];
  /** What to know besides: caches, users of Kapacitor's own. */
  readonly notes: readonly string[];
  /** What should worry even where it is allowed. */
  readonly warnings: readonly string[];
  /** The steps, one line each. */
  readonly steps: readonly TraceLine[];
  /** The same for programs, as `-o json` prints it. */
  readonly trace: Trace;
}

/** The authentication of one Kapacitor daemon with its two caches, in virtual time. */
export interface AuthSimulation {
  /** What the daemon responds to a request. Nothing is sent, except by a client of a real meta node. */
  test(request: LoginRequest): Promise<LoginResult>;
}

function wireOf({ method = 'GET', path, username, password = '', headers = {}, body }: LoginRequest): HttpRequest {
  const account = username === undefined ? [] : [['Authorization', basicHeader(username, password)] as const];
  const sent = [...Object.entries(headers), ...account];
  return {
    method: toBinary(method),
    target: toBinary(path),
    headers: sent.map(([name, value]) => [toBinary(name), toBinary(value)] as const),
    ...(body === undefined ? {} : { body: toBinary(body) }),
  };
}

/** The version of a name; throws a usage error if it is unknown. */
export function requireVersion(name: string | undefined): KapacitorVersion {
  const version = name === undefined ? defaultVersion : parseKapacitorVersion(name);
  if (version !== undefined) return version;
  throw usageError(
    'bad-version',
    `version: "${excerpt(name ?? '', 40)}" is not a known version of Kapacitor`,
    knownReleasesHint,
  );
}

function startOf({ config, env = {}, version: named, start = new Date() }: SimulationOptions): Daemon {
  const version = requireVersion(named);
  const result = readConfiguration(config, new Map(Object.entries(env)), version);
  if (result.starts) return startDaemon(toDaemonSettings(result.configuration), start.getTime(), version);
  throw usageError(
    'kapacitor-refuses',
    `Kapacitor does not start: ${daemonMessage(result, outlineConfig(config, version))}`,
  );
}

function isList(users: SimulationOptions['users']): users is readonly SimulatedUser[] {
  return Array.isArray(users);
}

function accountOf({ metaSecret, metaUsername }: DaemonSettings): string {
  if (metaSecret !== '') return 'with a bearer token';
  return metaUsername === '' ? 'without credentials' : `as ${toText(metaUsername)}`;
}

/** Nanoseconds of `at`, which must not lie before `now`. */
function timeOf(at: string | undefined, now: number): number {
  if (at === undefined) return now;
  const { nanoseconds } = parseGoDuration(at);
  if (nanoseconds === undefined) {
    throw usageError('bad-duration', `at: "${excerpt(at, 40)}" is not a duration such as 5m`);
  }
  if (Number(nanoseconds) < now) throw usageError('bad-duration', `at: ${at} is earlier than the request before it`);
  return Number(nanoseconds);
}

function textOrNull(binary: string | null): string | null {
  return binary === null ? null : toText(binary);
}

/**
 * Simulates the authentication of one Kapacitor daemon. Throws a usage error where the daemon rejects the configuration;
 * certificates and keys that it names are not read.
 */
export function simulateAuth(options: SimulationOptions): AuthSimulation {
  const { users } = options;
  const daemon = startOf(options);
  const { settings, startedAt } = daemon;
  const meta = requestsTo(isList(users) ? createSimulatedNode(users) : users);
  /** What the records of users contained when they were last read. */
  const permissions = new Map<string, Permissions>();
  let now = 0;

  const remember = (trace: Trace): void => {
    for (const step of trace) {
      if (step.kind !== 'user-record') continue;
      permissions.set(step.name, new Map(step.permissions.map((one) => [one.scope, one.permissions])));
    }
  };

  return {
    async test(request) {
      now = timeOf(request.at, now);
      const trace = await runEngine(handleRequest(daemon, wireOf(request), now), { meta, bcrypt: plainBcryptDigest });
      remember(trace);
      const { verdict, status, ...texts } = findVerdict(trace);
      const user = textOrNull(texts.user);
      const context = { settings, conf: 'kapacitor.conf', roles: undefined, at: startedAt };
      const { cause, why, fixes, notes, warnings } = explainTrace(trace, context, permissions.get(user ?? ''));
      return {
        allowed: verdict === 'allow',
        verdict,
        status,
        message: textOrNull(texts.message),
        location: textOrNull(texts.location),
        user,
        cause,
        why,
        fixes: fixes.map(toSuggestedFix),
        notes,
        warnings,
        steps: describeTrace(trace, accountOf(settings)),
        trace,
      };
    },
  };
}

/** What to do about it: a command to paste, or a setting to change. */
export interface SuggestedFix {
  readonly what: string;
  /** Quoted for sh, bash, dash, zsh and fish; absent where a name in it cannot be. */
  readonly command?: string;
  readonly setting?: string;
}

export function toSuggestedFix({ command, ...rest }: Fix): SuggestedFix {
  const line = command?.line;
  return line === undefined ? rest : { ...rest, command: line };
}

/**
 * Whether Kapacitor executes a request of a user, once logged in: by the permissions of the user record alone, as
 * `auth can-i` does. Throws a usage error for a method that Kapacitor does not route.
 * @param path such as `/kapacitor/v1/tasks`, or `/write?db=telegraf`
 */
export function can(
  user: { readonly permissions?: Readonly<Record<string, readonly string[]>> },
  method: string,
  path: string,
): boolean {
  const permissions = new Map(Object.entries(user.permissions ?? {}));
  const decisions = createAccessDecider(parseMethod(method), accessPath(path), false);
  return decisions({ name: '', hash: undefined, permissions }).every(({ allowed }) => allowed);
}

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
function createSimulatedNode(users: readonly SimulatedUser[]): MetaNode {
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
function requestsTo(node: MetaNode): (request: MetaRequestEffect) => Promise<MetaResult> {
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
