import http from 'node:http';
import https from 'node:https';
import { KapadminError, usageError } from '../errors.js';
import { lookupTimeout } from '../kapacitor/lookup.js';
import type { HttpRequest } from '../kapacitor/request.js';
import { sizeText } from '../model/size.js';
import { excerpt } from '../model/text.js';
import { stopped } from '../settings/stopped.js';

/** What Kapacitor, or what stands in front of it, answered; header values and body are binary. */
export interface KapacitorAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  readonly body: string;
}

export interface KapacitorLimits {
  /** Milliseconds. */
  readonly connectTimeout: number;
  /** Milliseconds, beside the 10 s that Kapacitor itself waits for the meta node. */
  readonly timeout: number;
  /** Bytes. */
  readonly maxBody: number;
}

export interface KapacitorPlace {
  /** Scheme, host and port: the request goes there and nowhere else. */
  readonly origin: string;
  /** Certificates to trust in place of the system's, as PEM. */
  readonly ca: string | undefined;
}

function unreachable(origin: string, why: string): KapadminError {
  return new KapadminError('unreachable', 'kapacitor-unreachable', `no answer of Kapacitor at ${origin}: ${why}`, {
    hint: 'What it would answer is foreseen all the same; leave out --live to see that alone.',
  });
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Throws a usage error for a request that node:http cannot write, though Kapacitor may have an answer to it. */
export function checkSendable({ method, target, headers }: HttpRequest): void {
  const bad = headers.find(([name, value]) => !token.test(name) || /[^\t\u0020-\u007e\u0080-\u00ff]/.test(value));
  const what = !token.test(method)
    ? 'this method'
    : /[^\u0021-\u00ff]/.test(target)
      ? 'a blank or control character in the target'
      : bad !== undefined && `the header "${excerpt(bad[0], 40)}"`;
  if (what === false) return;
  throw usageError('cannot-send', `--live: ${what} cannot be sent`, 'Leave out --live to see what is foreseen.');
}

/** The request as node:http takes it, which leaves the target as it is. */
function open({ origin, ca }: KapacitorPlace, request: HttpRequest): http.ClientRequest {
  const { protocol, hostname, port } = new URL(origin);
  const send = protocol === 'https:' ? https.request : http.request;
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const values = new Map<string, string[]>();
  for (const [name, value] of request.headers) values.set(name, [...(values.get(name) ?? []), value]);
  const { method, target: path } = request;
  const outgoing = send({
    host,
    port,
    method,
    path,
    agent: false,
    setHost: false,
    ...(ca === undefined ? {} : { ca }),
  });
  outgoing.setHeader('Accept-Encoding', 'identity');
  for (const [name, all] of values) outgoing.setHeader(name, all.length === 1 ? (all[0] ?? '') : all);
  return outgoing;
}

/** Reads a body to its end, undefined where it is larger than the limit. */
async function readBody(response: http.IncomingMessage, maxBody: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('latin1');
}

/**
 * Sends a request that `checkSendable` passes to Kapacitor just as it stands; a redirect is not followed. Throws an
 * error of the kind unreachable where no whole answer comes.
 */
export async function askKapacitor(
  place: KapacitorPlace,
  request: HttpRequest,
  limits: KapacitorLimits,
  stop: AbortSignal,
): Promise<KapacitorAnswer> {
  const outgoing = open(place, request);
  const fail = (why: string): void => void outgoing.destroy(new Error(why));
  const whole = limits.timeout + lookupTimeout / 1e6;
  const timers = [setTimeout(fail, whole, `nothing within ${Math.round(whole / 1000)} s`)];
  const connecting = setTimeout(fail, limits.connectTimeout, 'it takes no connection in time');
  timers.push(connecting);
  const abort = (): void => fail('stopped');
  stop.addEventListener('abort', abort);
  try {
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      outgoing.on('response', resolve);
      outgoing.on('error', reject);
      outgoing.on('socket', (socket) =>
        socket.once(place.origin.startsWith('https:') ? 'secureConnect' : 'connect', () => clearTimeout(connecting)),
      );
      if (stop.aborted) abort();
      outgoing.end();
    });
    const body = await readBody(response, limits.maxBody);
    if (body === undefined) throw new Error(`its answer is larger than --max-body (${sizeText(limits.maxBody)})`);
    const header = (name: string): string | undefined => {
      const value = response.headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    };
    return { status: response.statusCode ?? 0, header, body };
  } catch (error) {
    if (stop.aborted) throw stopped(stop, 'stopped while Kapacitor was asked; its answer is not known');
    throw unreachable(place.origin, excerpt((error as Error).message, 160));
  } finally {
    for (const timer of timers) clearTimeout(timer);
    stop.removeEventListener('abort', abort);
    outgoing.destroy();
  }
}
