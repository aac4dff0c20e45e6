import { cleanPath, formatUrl, parseUrl, parseUrlQuery, queryValue, type Url } from '../go-compat/url.js';
import type { DaemonSettings } from './daemon-state.js';
import { apiPrefix, privilegeByMethod } from './privileges.js';
import type { RuleId } from './rules/registry.js';
import type { CredentialsStep, OpenStep } from './trace.js';
import { decodeBase64 } from '../go-compat/base64.js';
import { toText } from '../go-compat/utf8.js';
import { defaultVersion, type KapacitorVersion } from '../model/kapacitor-versions.js';

/** A request as sent; strings are binary. */
export interface HttpRequest {
  readonly method: string;
  /** The request target as sent: path and query, or an absolute URL. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As sent, still compressed; empty if absent. */
  readonly body?: string;
}

export type ParsedRequest =
  | { readonly ok: true; readonly url: Url; readonly header: (name: string) => string }
  | { readonly ok: false; readonly reason: 'method' | 'target' | 'header' };

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const headerValue = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

const host = /^[0-9A-Za-z!$%&()*+,\-.:;=[\]'_~]*$/;

function readTarget(method: string, target: string): Url | undefined {
  if (/[ \r\n]/.test(target)) return undefined;
  const authority = method === 'CONNECT' && !target.startsWith('/');
  return parseUrl(authority ? `http://${target}` : target, true);
}

/**
 * Checks the headers that the server itself reads: one valid Host, one length (net/http, readTransfer,
 * conn.readRequest).
 */
function isFramed(name: string, value: string, first: string | undefined): boolean {
  if (name === 'host') return first === undefined && host.test(value);
  if (name !== 'content-length') return true;
  return /^\d+$/.test(value) && BigInt(value) < 2n ** 63n && (first ?? value) === value;
}

/** Parses a request as Go's HTTP server does; not `ok` if that responds 400 itself (net/http, readRequest). */
export function parseRequest(request: HttpRequest): ParsedRequest {
  if (!token.test(request.method)) return { ok: false, reason: 'method' };
  const url = readTarget(request.method, request.target);
  if (url === undefined) return { ok: false, reason: 'target' };
  const values = new Map<string, string>();
  for (const [name, raw] of request.headers) {
    const value = raw.replace(/^[ \t]+|[ \t]+$/g, '');
    const key = name.toLowerCase();
    const first = values.get(key);
    if (!token.test(name) || !headerValue.test(value) || !isFramed(key, value, first)) {
      return { ok: false, reason: 'header' };
    }
    if (first === undefined) values.set(key, value);
  }
  return { ok: true, url, header: (name) => values.get(name.toLowerCase()) ?? '' };
}

interface RoutedRequest {
  readonly away: false;
  /** Rewritten to v1 and run again once it is admitted. */
  readonly preview: boolean;
  /** A write of points, which also needs a privilege on the database. */
  readonly write: boolean;
}

/** Where a request goes before its credentials are checked. */
export type Route =
  | { readonly away: true; readonly to: 'bad-request' }
  | { readonly away: true; readonly to: 'unrouted' }
  | { readonly away: true; readonly to: 'redirect'; readonly path: string }
  | (RoutedRequest & { readonly to: 'open'; readonly why: OpenStep['why']; readonly rule: '1.3' | '1.4' | '1.5' })
  | (RoutedRequest & { readonly to: 'authentication' });

const previewBase = '/kapacitor/v1preview';

/** services/httpd/mux.go, cleanPath: a trailing slash is kept, an empty path is `/`. */
function canonical(path: string): string {
  if (path === '') return '/';
  const rooted = path.startsWith('/') ? path : `/${path}`;
  const clean = cleanPath(rooted);
  return rooted.endsWith('/') && clean !== '/' ? `${clean}/` : clean;
}

/** Pages without authentication if `pprof-enabled` is set (services/httpd/handler.go, BypassAuth). */
function isPprof(method: string, path: string): boolean {
  return method === 'GET' && (path.startsWith(`${apiPrefix}/debug/pprof/`) || path === `${apiPrefix}/debug/vars`);
}

/** Everything below v1preview is rewritten to v1, except for its one own route (services/diagnostic/api.go). */
function isPreview(method: string, path: string): boolean {
  return path.startsWith(`${previewBase}/`) && !(method === 'GET' && path === `${previewBase}/logs`);
}

/**
 * Section 1: the first rule that applies decides.
 * @param target the request target as sent
 * @param path decoded, of this pass
 */
export function routeRequest(settings: DaemonSettings, method: string, target: string, path: string): Route {
  const open = { away: false, to: 'open', preview: false, write: false } as const;
  if (target === '*' && method === 'OPTIONS') return { ...open, why: 'options-asterisk', rule: '1.3' };
  if (!Object.hasOwn(privilegeByMethod, method)) return { away: true, to: 'unrouted' };
  if (target === '*') return { away: true, to: 'bad-request' };
  const clean = canonical(path);
  if (clean !== path) return { away: true, to: 'redirect', path: clean };
  if (method === 'OPTIONS') return { ...open, why: 'options', rule: '1.3' };
  const preview = isPreview(method, path);
  const write = method === 'POST' && (path === '/write' || path === `${apiPrefix}/write`);
  if (!settings.authEnabled) return { ...open, why: 'authentication-off', rule: '1.4', preview, write };
  if (settings.pprofEnabled && isPprof(method, path)) return { ...open, why: 'pprof', rule: '1.5', preview, write };
  return { away: false, to: 'authentication', preview, write };
}

/** services/httpd/handler.go, rewritePreview. */
export function rewritePreview(path: string): string {
  return apiPrefix + path.slice(previewBase.length);
}

/** The clean path in the form of the request target; bytes beyond ASCII are escaped (net/http, Redirect). */
export function redirectLocation(url: Url, path: string): string {
  return formatUrl({ ...url, path }).replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`);
}

/** The credentials that a request sends; strings are binary. */
export type RequestCredentials =
  | { readonly form: 'bearer'; readonly token: string }
  | { readonly form: 'subscriber'; readonly token: string }
  | { readonly form: 'basic' | 'query'; readonly user: string; readonly password: string };

type Ignored = CredentialsStep['ignored'];

/** The user name of subscriptions; valid in Basic only. */
export const subscriberName = '~subscriber';

/** Basic: the scheme in any case, one space, padded base64 with a colon (net/http, parseBasicAuth). */
function readBasic(header: string): { user: string; password: string } | Ignored {
  if (!/^basic /i.test(header)) return header === 'Bearer' ? 'empty-bearer' : 'scheme';
  const decoded = decodeBase64(header.slice('Basic '.length));
  if (!decoded.ok) return 'base64';
  const colon = decoded.bytes.indexOf(':');
  if (colon < 0) return 'no-colon';
  return { user: decoded.bytes.slice(0, colon), password: decoded.bytes.slice(colon + 1) };
}

export type CredentialsResult =
  | { readonly ok: true; readonly credentials: RequestCredentials; readonly step: CredentialsStep }
  | { readonly ok: false; readonly step: CredentialsStep & { readonly message: string } };

function credentialsFound(credentials: RequestCredentials, ignored: Ignored, rule: RuleId): CredentialsResult {
  const named = credentials.form === 'basic' || credentials.form === 'query';
  const step = { kind: 'credentials', rule, form: credentials.form, ignored } as const;
  const user = named ? toText(credentials.user) : undefined;
  if (!named || credentials.user !== '') {
    return { ok: true, credentials, step: { ...step, outcome: 'pass', user, message: undefined } };
  }
  return { ok: false, step: { ...step, outcome: 'fail', user, message: 'username required' } };
}

/**
 * The credentials of a request, in the first form found (services/httpd/handler.go, parseCredentials).
 * @param header the Authorization header, trimmed
 * @param rawQuery the query as sent
 */
export function readCredentials(
  header: string,
  rawQuery: string,
  { rules }: KapacitorVersion = defaultVersion,
): CredentialsResult {
  let ignored: Ignored;
  if (header !== '') {
    const isBearer = header.startsWith('Bearer ');
    const token = header.slice('Bearer '.length);
    const hasMoreWords = !rules.bearerCut && token.includes(' ');
    if (isBearer && !hasMoreWords) return credentialsFound({ form: 'bearer', token }, undefined, '2.1');
    const basic = isBearer ? 'bearer-words' : readBasic(header);
    if (typeof basic === 'object') {
      if (basic.user === subscriberName)
        return credentialsFound({ form: 'subscriber', token: basic.password }, undefined, '2.2');
      return credentialsFound({ form: 'basic', ...basic }, undefined, '2.2');
    }
    ignored = basic;
  }
  const query = parseUrlQuery(rawQuery);
  const user = queryValue(query, 'u');
  const password = queryValue(query, 'p');
  if (user !== '' && password !== '') return credentialsFound({ form: 'query', user, password }, ignored, '2.3');
  const message = 'unable to parse authentication credentials';
  const step = { kind: 'credentials', outcome: 'fail', rule: '2.4', form: 'none', user: undefined, ignored } as const;
  return { ok: false, step: { ...step, message } };
}
