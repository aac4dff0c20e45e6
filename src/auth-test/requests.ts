import { KapadminError, usageError } from '../errors.js';
import { toBinary, toText } from '../go-compat/utf8.js';
import type { HttpRequest } from '../auth-engine/request.js';
import { endpoints } from '../model/kapacitor-endpoints.js';
import { Secret } from '../model/secret.js';
import { displayTarget, splitUrl, percentEncode } from '../model/urls.js';
import { basicHeader } from '../go-compat/base64.js';
import { splitUserName, type SplitUserName } from '../diagnostics/login/explanation.js';
import { parseGoDuration } from '../go-compat/duration.js';
import { excerpt } from '../model/text.js';
import type { DaemonSettings } from '../auth-engine/daemon-state.js';
import { type Trace, type TracedMetaRequest, tracedMetaRequests, type TraceStep } from '../auth-engine/trace.js';

/** The options of a login test. */
export interface TestRequestOptions {
  readonly url: string;
  /** The flag or variable that contains the URL. */
  readonly urlSource: '--url' | 'KAPACITOR_URL';
  readonly method?: string;
  readonly header?: readonly string[];
  readonly user?: string;
}

/** A request to test, and its destination. */
export interface TestRequest {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly request: HttpRequest;
  readonly method: string;
  readonly path: string;
  readonly what: string | undefined;
  /** The user name, if Basic splits it at a colon. */
  readonly cutName?: SplitUserName | undefined;
  /** Its database is a placeholder for any other database, so no command can name it. */
  readonly isAnyDatabase?: boolean;
}

function readHeader(text: string, i: number): readonly [string, string] {
  const colon = text.indexOf(':');
  if (colon > 0) return [toBinary(text.slice(0, colon)), toBinary(text.slice(colon + 1).trim())];
  throw usageError('bad-header', `--header: value ${i + 1} does not have the form "Name: value"`);
}

/**
 * The requests of a login test: that of the URL, or the standard endpoints if it has no path.
 * @param password of `--user`
 * @param token a bearer token
 */
export function buildTestRequests(
  options: TestRequestOptions,
  password: Secret | undefined,
  token: Secret | undefined,
): readonly TestRequest[] {
  const { origin, target, hasPath, account } = splitUrl(options.url, options.urlSource);
  if (account !== undefined && options.user !== undefined) {
    throw usageError(
      'two-users',
      `cannot combine --user with the credentials in ${options.urlSource}`,
      `Name the user once: in ${options.urlSource} or with --user.`,
    );
  }
  const headers = (options.header ?? []).map(readHeader);
  if (token !== undefined) headers.push(['Authorization', `Bearer ${toBinary(token.reveal())}`]);
  else if (options.user !== undefined)
    headers.push(['Authorization', basicHeader(options.user, password?.reveal() ?? '')]);
  else if (account !== undefined) headers.push(['Authorization', basicHeader(...account)]);
  const named = headers.some(([name]) => name.toLowerCase() === 'host');
  if (!named) headers.push(['Host', toBinary(origin.replace(/^https?:\/\//, ''))]);
  const name = options.user ?? account?.[0];
  const cutName = token === undefined && name !== undefined ? splitUserName(name) : undefined;
  const asked = (method: string, path: string, what?: string): TestRequest => ({
    origin,
    request: { method: toBinary(method), target: toBinary(path), headers },
    method,
    path: displayTarget(path),
    what,
    ...(cutName === undefined ? {} : { cutName }),
  });
  if (hasPath) return [asked(options.method ?? 'GET', target)];
  if (options.method !== undefined) {
    throw new KapadminError('usage', 'no-path', '--method needs a path in --url', {
      hint: 'Without a path, the standard endpoints are tested, each with its own method.',
    });
  }
  return endpoints.filter((one) => one.isDefault).map((one) => asked(one.method, one.path, one.what));
}

/** A write request with the given database. */
export function withDatabase(testRequest: TestRequest, database: string, what: string): TestRequest {
  const query = `${testRequest.path.includes('?') ? '&' : '?'}db=${percentEncode(database)}`;
  const { request } = testRequest;
  return {
    ...testRequest,
    request: { ...request, target: request.target + query },
    path: testRequest.path + query,
    what,
  };
}

/** A time point, as written and in nanoseconds since the daemon started. */
export interface TimePoint {
  readonly text: string;
  readonly now: number;
}

function nanoseconds(text: string): number {
  const { nanoseconds: value } = parseGoDuration(text);
  if (value !== undefined && value >= 0n) return Number(value);
  throw usageError('bad-duration', `--at: "${excerpt(text, 40)}" is not a duration such as 5m or 90s`);
}

/** The time points of `--at 0s,5m`; a single unnamed one by default. */
export function parseTimePoints(at: string | undefined): readonly TimePoint[] {
  if (at === undefined) return [{ text: '', now: 0 }];
  const texts = at.split(',').map((text) => text.trim());
  const timePoints = texts.map((text) => ({ text, now: nanoseconds(text) }));
  const back = timePoints.find(({ now }, i) => i > 0 && now < timePoints[i - 1]!.now);
  if (back === undefined) return timePoints;
  throw usageError(
    'bad-duration',
    `--at: ${back.text} is earlier than the time before it`,
    'List the times in ascending order.',
  );
}

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
