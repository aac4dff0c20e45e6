import { attemptTimes, lookupTimeout } from '../../auth-engine/meta-lookup.js';
import { timedOut, type Trace } from '../../auth-engine/trace.js';
import type { MetaResult, MetaRequestEffect } from '../../auth-engine/effects.js';
import { type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isThisMachine } from '../listener.js';
import type { MetaTrust } from './configuration.js';

export interface LookupClock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Sends one request; `left` are the milliseconds that its lookup still has. */
export type SendMetaRequest = (request: MetaRequestEffect, left: number) => MetaResult | Promise<MetaResult>;

const timeoutMs = lookupTimeout / 1e6;

/** Milliseconds between the failure of the attempt before and this one (services/auth/meta/client.go, retryWithBackoff). */
function pauseBefore(attempt: number): number {
  const [before = 0, at = Infinity] = attemptTimes.slice(attempt - 2, attempt);
  return (at - before) / 1e6;
}

/** The meta requests of one request to Kapacitor, at the daemon's own times. */
export class MetaLookups {
  readonly #ask: SendMetaRequest;
  readonly #clock: LookupClock;
  /** When the lookup that runs began. */
  #began = 0;

  constructor(ask: SendMetaRequest, clock: LookupClock) {
    this.#ask = ask;
    this.#clock = clock;
  }

  #left(): number {
    return this.#began + timeoutMs - this.#clock.now();
  }

  /** Waits until the request is due; an attempt for which no time will be left is not made. */
  async meta(request: MetaRequestEffect): Promise<MetaResult> {
    const { attempt, redirects } = request;
    if (redirects === 0 && attempt === 1) this.#began = this.#clock.now();
    else if (redirects === 0) await this.#clock.sleep(pauseBefore(attempt));
    const result = await this.#ask(request, this.#left());
    return this.#left() <= pauseBefore(attempt + 1) ? { ...result, last: true } : result;
  }

  /** Waits until the timeout of a failed lookup: the daemon responds only then. */
  async settle(trace: Trace): Promise<void> {
    const left = this.#left();
    if (timedOut(trace) && left > 0) await this.#clock.sleep(left);
  }
}

const maxBodyBytes = 64 * 1024 * 1024;
const userAgent = 'InfluxDB Cluster Client';

interface Place {
  readonly name: string;
  readonly port: number;
}

/** Where Go dials: no name is this machine, no port that of the scheme. */
function placeOf({ host, scheme }: MetaRequestEffect): Place {
  const [, name = '', port = ''] = /^(.*?)(?::(\d*))?$/s.exec(host) ?? [];
  const bare = name.replace(/^\[|\]$/g, '');
  return { name: bare === '' ? '127.0.0.1' : bare, port: port === '' ? (scheme === 'https' ? 443 : 80) : Number(port) };
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connect: connection refused',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
};

const certificates: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'certificate has expired or is not yet valid',
  CERT_NOT_YET_VALID: 'certificate has expired or is not yet valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate is not valid for this name',
};

/** A failure in Go's wording, as far as it depends on its kind alone. */
function toAnswer(request: MetaRequestEffect, error: NodeJS.ErrnoException): MetaResult {
  const { name, port } = placeOf(request);
  const { code = '' } = error;
  const refused = reasons[code];
  if (refused !== undefined) return { error: 'refused', text: `dial tcp ${name}:${port}: ${refused}` };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return { error: 'refused', text: `dial tcp: lookup ${name}: no such host` };
  }
  if (code === 'ECONNRESET') return { error: 'refused', text: 'EOF' };
  if (code.startsWith('HPE_')) return { error: 'refused', text: 'malformed HTTP response' };
  if (request.scheme === 'http') return { error: 'refused', text: `dial tcp ${name}:${port}: ${code}` };
  if (code === 'EPROTO' && /wrong version|packet length/i.test(error.message)) {
    return { error: 'tls', text: 'http: server gave HTTP response to HTTPS client' };
  }
  const fault = certificates[code] ?? 'certificate signed by unknown authority';
  return { error: 'tls', text: `tls: failed to verify certificate: x509: ${fault}` };
}

function optionsOf(request: MetaRequestEffect, place: Place, trust: MetaTrust, signal: AbortSignal): RequestOptions {
  const path = /^[a-z]+:\/\/[^/?]*(.*)$/s.exec(request.url)?.[1] ?? '/';
  const { verify, ...files } = trust;
  const secure = request.scheme === 'https' ? { ...files, rejectUnauthorized: verify } : {};
  const headers: Record<string, string> = { Host: request.host, Accept: 'application/json', 'User-Agent': userAgent };
  if (request.authorization !== undefined) headers['Authorization'] = request.authorization;
  const target = path.startsWith('/') ? path : `/${path}`;
  return { host: place.name, port: place.port, path: target, headers, agent: false, signal, ...secure };
}

function readResult(response: IncomingMessage, done: (result: MetaResult) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBodyBytes) response.destroy();
    else chunks.push(chunk);
  });
  response.on('error', () => done({ error: 'refused', text: 'unexpected EOF' }));
  response.on('end', () => {
    const { statusCode: status = 0, headers } = response;
    done({ status, location: headers.location ?? '', body: Buffer.concat(chunks).toString('latin1') });
  });
}

/**
 * Sends one request to a meta node and returns its result; never rejects. Only this machine is contacted: a sandbox
 * never sends credentials elsewhere.
 * @param left milliseconds until the timeout
 */
export function sendMetaRequest(
  request: MetaRequestEffect,
  trust: MetaTrust,
  left: number,
  stop: AbortSignal,
): Promise<MetaResult> {
  const place = placeOf(request);
  if (place.port > 65_535) {
    return Promise.resolve({ error: 'unusable', text: `dial tcp: address ${place.port}: invalid port` });
  }
  if (!isThisMachine(place.name)) {
    return Promise.resolve({ error: 'refused', text: `dial tcp ${place.name}:${place.port}: not of this sandbox` });
  }
  return new Promise((resolve) => {
    const giveUp = AbortSignal.timeout(Math.max(1, Math.ceil(left)));
    const fail = (error: NodeJS.ErrnoException): void => {
      if (giveUp.aborted) resolve({ error: 'timeout', text: 'net/http: timeout awaiting response headers' });
      else resolve(stop.aborted ? { error: 'refused', text: 'shut down', last: true } : toAnswer(request, error));
    };
    try {
      const send = request.scheme === 'https' ? secureRequest : plainRequest;
      const outgoing = send(optionsOf(request, place, trust, AbortSignal.any([giveUp, stop])));
      outgoing.on('response', (response) => readResult(response, resolve));
      outgoing.on('error', fail);
      outgoing.end();
    } catch (error) {
      fail(error as NodeJS.ErrnoException);
    }
  });
}
