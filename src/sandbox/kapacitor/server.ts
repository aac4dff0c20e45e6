import type { Url } from '../../go-compat/url.js';
import { type HttpRequest, parseRequest, rewritePreview } from '../../auth-engine/request.js';
import {
  findVerdict,
  handlerResponse,
  type HandlerResponse,
  type Trace,
  type VerdictStep,
} from '../../auth-engine/trace.js';
import { compactJson, errorPage, prettyJson, renderRoutePage, type RoutePage } from './routes.js';
import { type BcryptEffect, type MetaRequestEffect, runEngine } from '../../auth-engine/effects.js';
import { bcryptDigest } from '../../auth-engine/compute-bcrypt.js';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { type Daemon, type DaemonSettings, startDaemon } from '../../auth-engine/daemon-state.js';
import { handleRequest } from '../../auth-engine/handle.js';
import { type KapacitorVersion, knownReleases } from '../../model/kapacitor-versions.js';
import { type LookupClock, MetaLookups, type SendMetaRequest, sendMetaRequest } from './meta-lookups.js';
import {
  type ConfFile,
  configurationFrom,
  defaultConfiguration,
  type MetaSide,
  type ReadFile,
} from './configuration.js';
import type { RunningKapacitor } from '../options.js';
import { listen, listenerGuard } from '../listener.js';

/** A response of the daemon; strings are binary, header names as Go writes them. */
export interface SimulatedResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** How many times the body is compressed. */
  readonly gzip: number;
}

/** The values in response headers. */
export interface ResponseIdentity {
  readonly requestId: string;
  /** As in `X-Kapacitor-Version`. */
  readonly release: string;
}

const json = 'application/json; charset=utf-8';

const cors = [
  ['Access-Control-Allow-Methods', 'DELETE, GET, OPTIONS, POST, PATCH'],
  [
    'Access-Control-Allow-Headers',
    'Accept, Accept-Encoding, Authorization, Content-Length, Content-Type, X-CSRF-Token, X-HTTP-Method-Override',
  ],
] as const;

const bare = (status: number, headers: SimulatedResponse['headers'], body: string): SimulatedResponse => ({
  status,
  headers,
  body,
  gzip: 0,
});

/** What Go's HTTP server writes by itself to what it does not take, before it closes the connection. */
const badRequest = bare(
  400,
  [
    ['Content-Type', 'text/plain; charset=utf-8'],
    ['Connection', 'close'],
  ],
  '400 Bad Request',
);

/** Any other method, whatever the path. */
const unrouted = bare(404, [['Content-Type', json]], errorPage(404, 'Not Found').body);

/** The whole response to a method that node:http does not parse. */
export const unknownMethodResponse = [
  'HTTP/1.1 404 Not Found',
  ...[...unrouted.headers, ['Content-Length', unrouted.body.length], ['Connection', 'close']].map((header) =>
    header.join(': '),
  ),
  '',
  unrouted.body,
].join('\r\n');

function escapeHtml(text: string): string {
  const escapes: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&#34;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (char) => escapes[char] ?? char);
}

/** net/http Redirect. */
function redirect(method: string, location: string): SimulatedResponse {
  if (method !== 'GET' && method !== 'HEAD') return bare(301, [['Location', location]], '');
  const link = escapeHtml(location);
  const headers = [
    ['Content-Type', 'text/html; charset=utf-8'],
    ['Location', location],
  ] as const;
  return bare(301, headers, method === 'GET' ? `<a href="${link}">Moved Permanently</a>.\n\n` : '');
}

function denial({ status, message, plain }: VerdictStep): RoutePage {
  const error = message ?? '';
  return { status: status ?? 403, body: plain ? `${error}\n` : compactJson({ error, message: error }) };
}

function handlerPage({ status, json: value, text = '' }: HandlerResponse): RoutePage {
  return { status, body: value === undefined ? text : prettyJson(value) };
}

/** The rounds that a request ran through: each way over v1preview adds one. */
function roundsOf(trace: Trace): number {
  return 1 + trace.filter((step) => step.kind === 'preview').length;
}

/** The URL that the last round was about. */
function lastUrl(trace: Trace, url: Url): Url {
  let { path } = url;
  for (let round = 1; round < roundsOf(trace); round++) path = rewritePreview(path);
  return { ...url, path };
}

/** A response through a route: with the headers of every pass, compressed in every pass if the client accepts it. */
function routed(
  page: RoutePage,
  rounds: number,
  header: (name: string) => string,
  identity: ResponseIdentity,
): SimulatedResponse {
  const origin = header('origin');
  const isGzip = header('accept-encoding').includes('gzip');
  const headers: (readonly [string, string])[] = [
    ['Content-Type', page.contentType ?? json],
    ['Request-Id', identity.requestId],
    ...Array.from({ length: rounds }, () => ['X-Kapacitor-Version', identity.release] as const),
  ];
  if (origin !== '') headers.push(['Access-Control-Allow-Origin', origin], ...cors);
  if (isGzip) headers.push(['Content-Encoding', 'gzip']);
  return { status: page.status, headers, body: page.body, gzip: isGzip ? rounds : 0 };
}

function optionsResponse(header: (name: string) => string, requestId: string): SimulatedResponse {
  const origin = header('origin');
  const allowed = origin === '' ? [] : ([['Access-Control-Allow-Origin', origin], ...cors] as const);
  return bare(200, [['Request-Id', requestId], ...allowed], '');
}

/** The response to a decision (services/httpd/handler.go). */
export function buildResponse(trace: Trace, request: HttpRequest, identity: ResponseIdentity): SimulatedResponse {
  const verdict = findVerdict(trace);
  const read = parseRequest(request);
  if (verdict.verdict === 'bad-request' || !read.ok) {
    return read.ok ? bare(400, [['Connection', 'close']], '') : badRequest;
  }
  const { method, target, body = '' } = request;
  const { url, header } = read;
  if (verdict.verdict === 'unrouted') return unrouted;
  if (verdict.verdict === 'redirect') return redirect(method, verdict.location ?? '');
  if (method === 'OPTIONS') {
    return target === '*' ? bare(200, [], '') : optionsResponse(header, identity.requestId);
  }
  const known = handlerResponse(trace);
  const call = { method, url: lastUrl(trace, url), body };
  const page =
    verdict.verdict === 'deny' ? denial(verdict) : known === undefined ? renderRoutePage(call) : handlerPage(known);
  return routed(page, roundsOf(trace), header, identity);
}

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
