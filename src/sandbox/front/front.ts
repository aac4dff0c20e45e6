import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { type Daemon, type DaemonSettings, startDaemon } from '../../auth-engine/daemon.js';
import { handle } from '../../auth-engine/handle.js';
import type { HttpRequest } from '../../auth-engine/request.js';
import type { Trace } from '../../auth-engine/trace.js';
import { type KapacitorVersion, knownReleases } from '../../model/kapacitor-versions.js';
import { type BcryptRequest, drive } from '../../auth-engine/effects.js';
import { type Answer, answerOf } from './answers.js';
import { compact } from './go-json.js';
import { type Ask, type LookupClock, Lookups } from './lookups.js';

export interface FrontTools {
  readonly clock: LookupClock;
  readonly ask: Ask;
  bcrypt(request: BcryptRequest): Promise<string>;
}

function toHttpRequest({ method = '', url = '', rawHeaders }: IncomingMessage, body: Buffer): HttpRequest {
  const headers = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name, rawHeaders[i + 1] ?? ''] as const] : []));
  return { method, target: url, headers, body: body.toString('latin1') };
}

function bodyBytes({ body, gzip }: Answer): Buffer {
  let bytes = Buffer.from(body, 'latin1');
  for (let layer = 0; layer < gzip; layer++) bytes = gzipSync(bytes);
  return bytes;
}

/** Sends an answer with the headers that the daemon sends, which says nothing of a connection that stays open. */
function send(response: ServerResponse, answer: Answer): void {
  const { status, headers } = answer;
  const bytes = bodyBytes(answer);
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
export class Front {
  readonly #daemon: Daemon;
  readonly #tools: FrontTools;

  constructor(settings: DaemonSettings, tools: FrontTools, version?: KapacitorVersion) {
    this.#tools = tools;
    this.#daemon = startDaemon(settings, tools.clock.now(), version);
  }

  /** Answers one request; never rejects. */
  async respond(message: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    try {
      const request = toHttpRequest(message, body);
      const identity = { requestId: randomUUID(), release: releaseOf(this.#daemon.version) };
      send(response, answerOf(await this.#decide(request), request, identity));
    } catch (error) {
      const text = compact({ error: `the sandbox failed: ${String(error)}` });
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, headers: [['Content-Type', 'application/json']], body: text, gzip: 0 });
    }
  }

  async #decide(request: HttpRequest): Promise<Trace> {
    const { ask, clock, bcrypt } = this.#tools;
    const lookups = new Lookups(ask, clock);
    const now = (clock.now() - this.#daemon.startedAt) * 1e6;
    const drivers = { meta: (wanted: Parameters<Lookups['meta']>[0]) => lookups.meta(wanted), bcrypt };
    const trace = await drive(handle(this.#daemon, request, now), drivers);
    await lookups.settle(trace);
    return trace;
  }
}
