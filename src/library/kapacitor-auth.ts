import { usageError } from '../errors.js';
import { readConfiguration } from '../kapacitor-config/read.js';
import { type Daemon, startDaemon, toDaemonSettings } from '../auth-engine/daemon.js';
import { parseGoDuration } from '../go-compat/duration.js';
import { toBinary, toText } from '../go-compat/utf8.js';
import { handleRequest } from '../auth-engine/handle.js';
import type { HttpRequest } from '../auth-engine/request.js';
import { type Trace, type Verdict, verdictOf } from '../auth-engine/trace.js';
import {
  defaultVersion,
  type KapacitorVersion,
  knownReleasesHint,
  parseKapacitorVersion,
} from '../model/kapacitor-versions.js';
import { runEngine, type MetaResult, type MetaRequestEffect } from '../auth-engine/effects.js';
import { bcryptDigest } from '../auth-engine/bcrypt-digest.js';
import { basicHeader } from '../go-compat/base64.js';
import { excerpt } from '../model/text.js';
import type { Permissions } from '../model/user.js';
import { explainTrace } from '../diagnostics/login/explain.js';
import type { CauseId } from '../diagnostics/login/explanation.js';
import type { Fix } from '../diagnostics/fix.js';
import { type KnownUser, type MetaNode, nodeOf, nodeOfClient } from './meta-node.js';

export interface KapacitorAuthOptions {
  /** The text of a kapacitor.conf. */
  readonly config: string;
  /** The daemon's variables, such as `KAPACITOR_AUTH_CACHE_EXPIRATION`; no others count. */
  readonly env?: Readonly<Record<string, string>>;
  /** Who knows the users: a client of a meta node, or a list. */
  readonly meta: MetaNode | readonly KnownUser[];
  /** The version of Kapacitor, such as `1.6.5`; 1.8 where it is left out. */
  readonly version?: string;
  /** When the daemon starts; now where it is left out. */
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

/** What to do about a refusal: a command to paste, or a setting to change. */
export interface SuggestedFix {
  readonly what: string;
  /** Quoted for sh, bash, dash, zsh and fish; absent where a name in it cannot be. */
  readonly command?: string;
  readonly setting?: string;
}

function toSuggestedFix({ command, ...rest }: Fix): SuggestedFix {
  const line = command?.line;
  return line === undefined ? rest : { ...rest, command: line };
}

/** What Kapacitor answers, and why. */
export interface LoginResult {
  readonly allowed: boolean;
  readonly verdict: Verdict;
  /** 401 or 403, 301, 404, 400; null where allowed. */
  readonly status: number | null;
  /** The text in `error` of a refusal. */
  readonly message: string | null;
  /** Where a redirect leads. */
  readonly location: string | null;
  /** Who was let in, or refused after the login. */
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
  readonly trace: Trace;
}

function isUsers(meta: KapacitorAuthOptions['meta']): meta is readonly KnownUser[] {
  return Array.isArray(meta);
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

function versionOf(text: string): KapacitorVersion {
  const version = parseKapacitorVersion(text);
  if (version !== undefined) return version;
  throw usageError(
    'bad-version',
    `version: "${excerpt(text, 40)}" is not a known version of Kapacitor`,
    knownReleasesHint,
  );
}

function startOf({ config, env = {}, version: named, start = new Date() }: KapacitorAuthOptions): Daemon {
  const version = named === undefined ? defaultVersion : versionOf(named);
  const reading = readConfiguration(config, new Map(Object.entries(env)), version);
  if (reading.starts) return startDaemon(toDaemonSettings(reading.configuration), start.getTime(), version);
  const piece = reading.secretPiece;
  const message = piece ? reading.message.replaceAll(piece, '***') : reading.message;
  throw usageError('kapacitor-refuses', `Kapacitor does not start: ${message}`);
}

/**
 * One Kapacitor daemon's authentication: with its two caches, in virtual time. Throws a usage error where the daemon
 * refuses the configuration; certificates and keys that it names are not read.
 */
export class KapacitorAuth {
  readonly #daemon: Daemon;
  readonly #meta: (request: MetaRequestEffect) => Promise<MetaResult>;
  /** Nanoseconds since the daemon started. */
  #now = 0;
  /** What the documents of users said when they were read last. */
  readonly #permissions = new Map<string, Permissions>();

  constructor(options: KapacitorAuthOptions) {
    const { meta } = options;
    this.#daemon = startOf(options);
    this.#meta = isUsers(meta) ? nodeOf(meta) : nodeOfClient(meta);
  }

  #move(at: string | undefined): number {
    if (at === undefined) return this.#now;
    const { nanoseconds } = parseGoDuration(at);
    if (nanoseconds === undefined)
      throw usageError('bad-duration', `at: "${excerpt(at, 40)}" is not a duration such as 5m`);
    const now = Number(nanoseconds);
    if (now < this.#now) throw usageError('bad-duration', `at: ${at} lies before the request in front of it`);
    this.#now = now;
    return now;
  }

  #remember(trace: Trace): void {
    for (const step of trace) {
      if (step.kind !== 'user-record') continue;
      this.#permissions.set(step.name, new Map(step.permissions.map(({ scope, permissions }) => [scope, permissions])));
    }
  }

  /** What the daemon answers to a request. Nothing but the meta node is asked. */
  async test(request: LoginRequest): Promise<LoginResult> {
    const engine = handleRequest(this.#daemon, wireOf(request), this.#move(request.at));
    const trace = await runEngine(engine, { meta: this.#meta, bcrypt: bcryptDigest });
    this.#remember(trace);
    const { settings, startedAt } = this.#daemon;
    const { verdict, status, message, location, user } = verdictOf(trace);
    const text = (binary: string | null): string | null => (binary === null ? null : toText(binary));
    const around = { settings, conf: 'kapacitor.conf', roles: undefined, at: startedAt };
    const {
      cause,
      why,
      fixes: suggested,
      notes,
      warnings,
    } = explainTrace(trace, around, this.#permissions.get(text(user) ?? ''));
    const facts = { verdict, status, message: text(message), location: text(location), user: text(user) };
    const fixes = suggested.map(toSuggestedFix);
    return { allowed: verdict === 'allow', ...facts, cause, why, fixes, notes, warnings, trace };
  }
}
