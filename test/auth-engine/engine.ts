import { createHash, createHmac } from 'node:crypto';
import { type Daemon, type DaemonSettings, startDaemon } from '../../src/auth-engine/daemon-state.js';
import { toBinary } from '../../src/go-compat/utf8.js';
import { handleRequest } from '../../src/auth-engine/handle.js';
import { bcryptKey } from '../../src/auth-engine/parse-bcrypt.js';
import { type TraceStep, type Trace, findVerdict, type VerdictStep } from '../../src/auth-engine/trace.js';
import { parseKapacitorVersion } from '../../src/model/kapacitor-versions.js';
import type { BcryptEffect, Engine, MetaResult, MetaRequestEffect } from '../../src/auth-engine/effects.js';

export const second = 1e9;
export const minute = 60 * second;
export const hour = 60 * minute;

/** 2026-01-01T00:00:00Z in seconds and in milliseconds since 1970. */
export const startSeconds = 1767225600;
export const startMs = startSeconds * 1000;

/** Authentication on, users from a meta node, a user cache of five minutes. */
export function settings(parts: Partial<DaemonSettings> = {}): DaemonSettings {
  return {
    authEnabled: true,
    pprofEnabled: false,
    sharedSecret: '',
    users: 'meta',
    cacheExpiration: 5 * minute,
    bcryptCost: 4,
    metaAddr: '127.0.0.1:8091',
    metaUseTls: false,
    metaUsername: 'admin',
    metaPassword: 'changeit',
    metaSecret: '',
    ...parts,
  };
}

const salt = 'abcdefghijklmnopqrstuu';

/** Stands for bcrypt, which the drivers compute: another digest for another cost, salt or key. */
export function digestOf({ cost, salt, key }: Omit<BcryptEffect, 'want'>): string {
  return createHash('sha512').update(`${cost}$${salt}$${key}`, 'latin1').digest('base64').slice(0, 31);
}

/** A hash that `digestOf` makes a password fit. */
export function hashOf(password: string, prefix = '$2a$', cost = 4): string {
  const key = bcryptKey(toBinary(password));
  return `${prefix}${String(cost).padStart(2, '0')}$${salt}${digestOf({ cost, salt, key })}`;
}

export type Node = (request: MetaRequestEffect) => MetaResult;

/** Runs a computation of the engine with a node that answers at once. */
export function drive<T>(engine: Engine<T>, node: Node): T {
  let next = engine.next();
  while (!next.done) {
    const wanted = next.value;
    next = engine.next(wanted.want === 'meta' ? node(wanted) : digestOf(wanted));
  }
  return next.value;
}

export function answer(status: number, body: unknown = '', location = ''): MetaResult {
  return { status, location, body: toBinary(typeof body === 'string' ? body : JSON.stringify(body)) };
}

export interface KnownUser {
  readonly password?: string;
  readonly hash?: string;
  readonly permissions?: Readonly<Record<string, readonly string[]>>;
}

/** A node that holds these users; `/authorized` compares their passwords. */
export function nodeOf(users: Readonly<Record<string, KnownUser>>): Node {
  return (request) => {
    const asked = Object.fromEntries(request.query);
    const name = asked['name'] ?? '';
    const user = Object.hasOwn(users, name) ? users[name] : undefined;
    if (request.path === '/authorized') return answer(user?.password === asked['password'] ? 200 : 401);
    if (user === undefined) return answer(404, { error: 'user not found' });
    const hash = user.hash ?? hashOf(user.password ?? '');
    return answer(200, { users: [{ name, hash, permissions: user.permissions ?? {} }] });
  };
}

export function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

function part(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return Buffer.from(text).toString('base64url');
}

/** A signed token; `header` and `claims` are sent as JSON, texts as they are. */
export function token(claims: unknown, secret = '', header: unknown = { alg: 'HS256', typ: 'JWT' }): string {
  const signed = `${part(header)}.${part(claims)}`;
  const alg = (header as { alg?: unknown }).alg;
  const hash = alg === 'HS512' ? 'sha512' : alg === 'HS384' ? 'sha384' : 'sha256';
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}

export interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly user?: string;
  readonly password?: string;
  readonly authorization?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

/** One daemon with its meta node, and what it asked of it. */
export class Kapacitor {
  readonly daemon: Daemon;
  node: Node;
  asked: MetaRequestEffect[] = [];

  constructor(
    node: Node | Readonly<Record<string, KnownUser>> = {},
    parts: Partial<DaemonSettings> = {},
    version = '1.8',
  ) {
    this.daemon = startDaemon(settings(parts), startMs, parseKapacitorVersion(version));
    this.node = typeof node === 'function' ? node : nodeOf(node);
  }

  /** The trace of a request; `at` in nanoseconds since the daemon started. */
  trace(request: Asked = {}, at = 0): Trace {
    const { method = 'GET', path = '/kapacitor/v1/tasks', user, password = '', headers = [] } = request;
    const authorization = request.authorization ?? (user === undefined ? undefined : basic(user, password));
    const all = authorization === undefined ? headers : [...headers, ['Authorization', authorization] as const];
    const wire = {
      method,
      target: toBinary(path),
      headers: all.map(([name, value]) => [name, toBinary(value)] as const),
      ...(request.body === undefined ? {} : { body: toBinary(request.body) }),
    };
    this.asked = [];
    const node: Node = (wanted) => {
      this.asked.push(wanted);
      return this.node(wanted);
    };
    return drive(handleRequest(this.daemon, wire, at), node);
  }

  verdict(request?: Asked, at?: number): VerdictStep {
    return findVerdict(this.trace(request, at));
  }

  /** `allow`, or status and message. */
  says(request?: Asked, at?: number): string {
    const { verdict, status, message, location } = this.verdict(request, at);
    return verdict === 'allow' ? 'allow' : `${status} ${message ?? location ?? ''}`.trim();
  }
}

/** The last step of a kind. */
export function step<K extends TraceStep['kind']>(trace: Trace, kind: K): Extract<TraceStep, { kind: K }> {
  const found = trace.findLast((one): one is Extract<TraceStep, { kind: K }> => one.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} step among ${trace.map((one) => one.kind).join(', ')}`);
  return found;
}
