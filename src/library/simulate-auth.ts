import { usageError } from '../errors.js';
import { outlineConfig, readConfiguration } from '../kapacitor-config/read.js';
import { type Daemon, type DaemonSettings, startDaemon, toDaemonSettings } from '../auth-engine/daemon.js';
import { basicHeader } from '../go-compat/base64.js';
import { parseGoDuration } from '../go-compat/duration.js';
import { toBinary, toText } from '../go-compat/utf8.js';
import { handleRequest } from '../auth-engine/handle.js';
import type { HttpRequest } from '../auth-engine/request.js';
import { findVerdict, type Trace, type Verdict } from '../auth-engine/trace.js';
import {
  defaultVersion,
  type KapacitorVersion,
  knownReleasesHint,
  parseKapacitorVersion,
} from '../model/kapacitor-versions.js';
import { runEngine } from '../auth-engine/effects.js';
import { excerpt } from '../model/text.js';
import type { Permissions } from '../model/user.js';
import { daemonMessage } from '../diagnostics/config/redact.js';
import { explainTrace } from '../diagnostics/login/explain.js';
import type { CauseId } from '../diagnostics/login/explanation.js';
import { describeTrace, type TraceLine } from '../diagnostics/login/trace-lines.js';
import {
  createSimulatedNode,
  type MetaNode,
  plainBcryptDigest,
  requestsTo,
  type SimulatedUser,
} from './simulated-node.js';
import type { Fix } from '../diagnostics/finding.js';
import { accessPath, createAccessDecider, parseMethod } from '../access-matrix/access.js';

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
