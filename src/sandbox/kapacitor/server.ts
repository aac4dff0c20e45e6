import { type BcryptEffect, runEngine, type MetaRequestEffect } from '../../auth-engine/effects.js';
import { bcryptDigest } from '../../auth-engine/bcrypt-digest.js';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { type Daemon, type DaemonSettings, startDaemon } from '../../auth-engine/daemon.js';
import { handleRequest } from '../../auth-engine/handle.js';
import type { HttpRequest } from '../../auth-engine/request.js';
import type { Trace } from '../../auth-engine/trace.js';
import { type KapacitorVersion, knownReleases } from '../../model/kapacitor-versions.js';
import { type SimulatedResponse, buildResponse, unknownMethodResponse } from './responses.js';
import { compactJson } from './routes.js';
import { type SendMetaRequest, sendMetaRequest, type LookupClock, MetaLookups } from './meta-lookups.js';
import {
  type ConfFile,
  configurationFrom,
  type MetaSide,
  type ReadFile,
  defaultConfiguration,
} from './configuration.js';
import type { RunningKapacitor } from '../options.js';
import { listen, listenerGuard } from '../listener.js';

/** Above this cost one comparison would hold up the whole sandbox for seconds: no password fits. */
const maxBcryptCost = 15;

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Computes one digest after the other, with time for everything else in between; equal ones that wait are one. */
function createBcryptQueue(): (request: BcryptEffect) => Promise<string> {
  const running = new Map<string, Promise<string>>();
  let last: Promise<unknown> = Promise.resolve();
  return (request) => {
    if (request.cost > maxBcryptCost) return Promise.resolve('');
    const id = `${request.cost} ${request.salt} ${request.key}`;
    const known = running.get(id);
    if (known !== undefined) return known;
    const result = last
      .then(nextTurn)
      .then(() => bcryptDigest(request))
      .finally(() => running.delete(id));
    last = result.catch(() => {});
    running.set(id, result);
    return result;
  };
}

export interface KapacitorTools {
  readonly clock: LookupClock;
  readonly ask: SendMetaRequest;
  bcrypt(request: BcryptEffect): Promise<string>;
}

function toHttpRequest({ method = '', url = '', rawHeaders }: IncomingMessage, body: Buffer): HttpRequest {
  const headers = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name, rawHeaders[i + 1] ?? ''] as const] : []));
  return { method, target: url, headers, body: body.toString('latin1') };
}

function bodyBytes({ body, gzip }: SimulatedResponse): Buffer {
  let bytes = Buffer.from(body, 'latin1');
  for (let layer = 0; layer < gzip; layer++) bytes = gzipSync(bytes);
  return bytes;
}

/** Sends a response with the daemon's headers, which omit `Connection` for a connection that stays open. */
function send(response: ServerResponse, content: SimulatedResponse): void {
  const { status, headers } = content;
  const bytes = bodyBytes(content);
  const isHead = response.req.method === 'HEAD';
  const hasLength = status !== 204 && !(isHead && bytes.length === 0);
  if (response.shouldKeepAlive && response.req.httpVersion === '1.1') response.removeHeader('Connection');
  response.writeHead(status, [...headers.flat(), ...(hasLength ? ['Content-Length', String(bytes.length)] : [])]);
  response.end(bytes);
}

/** What `X-Kapacitor-Version` says: a line of releases by the newest one. */
function releaseOf({ name }: KapacitorVersion): string {
  return knownReleases.findLast((release) => release === name || release.startsWith(`${name}.`)) ?? name;
}

/** One Kapacitor: the engine's daemon with a real clock and real lookups. */
export class KapacitorServer {
  readonly #daemon: Daemon;
  readonly #tools: KapacitorTools;

  constructor(settings: DaemonSettings, tools: KapacitorTools, version?: KapacitorVersion) {
    this.#tools = tools;
    this.#daemon = startDaemon(settings, tools.clock.now(), version);
  }

  /** Responds to one request; never rejects. */
  async respond(message: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    try {
      const request = toHttpRequest(message, body);
      const identity = { requestId: randomUUID(), release: releaseOf(this.#daemon.version) };
      send(response, buildResponse(await this.#decide(request), request, identity));
    } catch (error) {
      const text = compactJson({ error: `the sandbox failed: ${String(error)}` });
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, headers: [['Content-Type', 'application/json']], body: text, gzip: 0 });
    }
  }

  async #decide(request: HttpRequest): Promise<Trace> {
    const { ask, clock, bcrypt } = this.#tools;
    const lookups = new MetaLookups(ask, clock);
    const now = (clock.now() - this.#daemon.startedAt) * 1e6;
    const drivers = { meta: (effect: Parameters<MetaLookups['meta']>[0]) => lookups.meta(effect), bcrypt };
    const trace = await runEngine(handleRequest(this.#daemon, request, now), drivers);
    await lookups.settle(trace);
    return trace;
  }
}

export interface SandboxKapacitorOptions {
  /** Where it listens; absent: where its configuration says, or anywhere beside a meta node that listens anywhere. */
  readonly port?: number | undefined;
  /** Absent: authentication against the sandbox's meta node, with its account. */
  readonly conf?: ConfFile | undefined;
  readonly version?: KapacitorVersion | undefined;
}

export interface KapacitorDependencies {
  readonly read: ReadFile;
  readonly clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
}

const purpose = {
  name: ' for Kapacitor',
  hint: 'Use another port with --kapacitor-port N, or start without it: --no-kapacitor.',
};

/**
 * Starts a Kapacitor beside a sandbox's meta node; a configuration that the daemon refuses is a usage error.
 * @param guard which the sandbox's other listeners keep to as well
 */
export async function startKapacitor(
  options: SandboxKapacitorOptions,
  meta: MetaSide,
  dependencies: KapacitorDependencies,
  guard = listenerGuard(),
): Promise<RunningKapacitor> {
  const { conf, version } = options;
  const { read, clock } = dependencies;
  const configuration =
    conf === undefined
      ? await defaultConfiguration(meta, read, version)
      : await configurationFrom(conf, meta, read, version);
  const { settings, trust, tls } = configuration;
  const stop = new AbortController();
  const tools = {
    clock: { now: () => clock.now(), sleep: (ms: number) => clock.sleep(ms, stop.signal) },
    ask: (request: MetaRequestEffect, left: number) => sendMetaRequest(request, trust, left, stop.signal),
    bcrypt: createBcryptQueue(),
  };
  const server = new KapacitorServer(settings, tools, version);
  const port = options.port ?? (meta.isPortFree ? 0 : configuration.port);
  const listener = await listen(
    { port, tls, guard, purpose, unknownMethod: unknownMethodResponse },
    (message, body, response) => server.respond(message, body, response),
  );
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${listener.port}`,
    async close() {
      await listener.close();
      stop.abort();
    },
  };
}
