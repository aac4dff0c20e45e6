import type { DaemonSettings } from '../auth-engine/daemon.js';
import { toBinary, toText } from '../go-compat/utf8.js';
import type { HttpRequest } from '../auth-engine/request.js';
import { type TracedMetaRequest, tracedMetaRequests, type TraceStep, type Trace } from '../auth-engine/trace.js';
import { Secret } from '../model/secret.js';

/** The daemon's own secrets, which a server may repeat. */
export function secretsOfDaemon({ metaPassword, metaSecret, sharedSecret }: DaemonSettings): readonly string[] {
  return [metaPassword, metaSecret, sharedSecret].map(toText);
}

/** The secrets in an Authorization header: as sent, and the password of Basic. */
export function secretsOfHeader(value: string): readonly string[] {
  const [, scheme = '', sent = ''] = /^(\S+) +(.*)$/s.exec(value) ?? [];
  if (scheme.toLowerCase() !== 'basic') return [toText(sent)];
  return [
    sent,
    Buffer.from(sent, 'base64')
      .toString('utf8')
      .replace(/^[^:]*:/s, ''),
  ];
}

const secretHeaders: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie']);

/** The secrets in a request to Kapacitor: in its headers, and the password in its query. */
export function secretsOfRequest({ headers, target }: HttpRequest): readonly string[] {
  const own = headers.flatMap(([name, value]) => (secretHeaders.has(name.toLowerCase()) ? secretsOfHeader(value) : []));
  const [, query = ''] = /\?([^#]*)/.exec(toText(target)) ?? [];
  return [...own, ...new URLSearchParams(query).getAll('p')];
}

type Mask = (text: string) => string;

function maskBinary(bytes: string, mask: Mask): string {
  const text = toText(bytes);
  const masked = mask(text);
  return masked === text ? bytes : toBinary(masked);
}

/** Redacts a request to a meta node; after a redirect also its URL. */
function maskRequest(request: TracedMetaRequest, mask: Mask): TracedMetaRequest {
  const { url, path, query, location, redirects } = request;
  const to = location === undefined ? {} : { location: mask(location) };
  if (redirects === 0) return { ...request, ...to };
  const values = Object.entries(query).map(([name, value]): [string, string | Secret] => [
    mask(name),
    value instanceof Secret ? value : mask(value),
  ]);
  return { ...request, ...to, url: mask(url), path: mask(path), query: Object.fromEntries(values) };
}

function maskStep(step: TraceStep, mask: Mask): TraceStep {
  if (step.kind === 'lookup') {
    const error = step.error === undefined ? undefined : maskBinary(step.error, mask);
    return { ...step, requests: step.requests.map((request) => maskRequest(request, mask)), error };
  }
  if (step.kind !== 'verdict' || step.message === null) return step;
  return { ...step, message: maskBinary(step.message, mask) };
}

/** A trace with the texts of servers redacted. */
export function maskTrace(trace: Trace, mask: Mask): Trace {
  return tracedMetaRequests(trace).length === 0 ? trace : trace.map((step) => maskStep(step, mask));
}
