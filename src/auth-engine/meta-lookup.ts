import { Secret } from '../model/secret.js';
import type { DaemonSettings } from './daemon-state.js';
import { type UserRecordError, errorFromResponse } from './user-record.js';
import { isIPv6 } from '../go-compat/net.js';
import { encodeQuery, parseUrlQuery, parseUrl, resolveUrl, type Url, formatUrl } from '../go-compat/url.js';
import { quote } from '../go-compat/strconv.js';
import { toBinary, toText } from '../go-compat/utf8.js';
import { signSegments } from './jwt.js';
import { encodeBase64, encodeBase64Url } from '../go-compat/base64.js';
import type { LookupCause, LookupStep, TracedMetaRequest } from './trace.js';
import type { RuleId } from './rules/registry.js';
import { performMeta, type Engine, type MetaResult, type MetaAuth } from './effects.js';

/** Times of the daemon's attempts, in nanoseconds since the first (services/auth/meta/client.go, retryWithBackoff). */
export const attemptTimes: readonly number[] = [0, 20e6, 420e6, 3_753_333_333, 7_086_666_666];

/** Nanoseconds after which the lookup fails. */
export const lookupTimeout = 10e9;

/** Maximum requests of one attempt, including redirects (net/http client; setRedirectClient). */
const maxRequests = 10;

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

interface Failure {
  readonly cause: LookupCause;
  /** Binary. */
  readonly error: string;
}

type Attempt =
  { readonly ok: true } | ({ readonly ok: false; readonly hung: boolean; readonly last: boolean } & Failure);

function failed(cause: LookupCause, error: string, response?: MetaResult): Attempt {
  const hung = response !== undefined && 'error' in response && response.error === 'timeout';
  return { ok: false, cause, error, hung, last: response?.last === true };
}

/** Status codes without a response body. */
const bodyless: ReadonlySet<number> = new Set([204, 304]);

/** A query to the meta node; strings are binary. */
export interface MetaLookup {
  readonly purpose: 'user' | 'ldap';
  readonly user: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  /** Reads the body of a 200 response; returns its error, if any. */
  readonly accept: (body: string) => UserRecordError | undefined;
}

/**
 * Whether Go can dial the host: it is not empty and, except for IPv6, has no colon (net/http, NewRequest; net, Dial).
 */
function isDialable(host: string): boolean {
  const name = host.replace(/:[0-9]*$/, '');
  return host !== ':' && (name.startsWith('[') || !name.includes(':') || isIPv6(name));
}

interface PresentedCredentials {
  readonly auth: MetaAuth;
  readonly authorization: string | undefined;
}

function basicCredentials(name: string, password: string): PresentedCredentials {
  return { auth: 'basic', authorization: `Basic ${encodeBase64(`${name}:${password}`)}` };
}

/** The token that Kapacitor sends to the meta node: HS512, no name, five minutes (services/auth/meta/client.go, setAuth). */
export function metaToken(secret: string, now: number): string {
  const signed = `${encodeBase64Url('{"alg":"HS512","typ":"JWT"}')}.${encodeBase64Url(`{"exp":${now + 300},"username":""}`)}`;
  return `${signed}.${signSegments(signed, 'sha512', secret)}`;
}

/** Kapacitor's own credentials; without any, those in the URL of a redirect (net/http, send). */
function credentialsFor(url: Url, settings: DaemonSettings, now: number): PresentedCredentials {
  const { metaSecret, metaUsername, metaPassword } = settings;
  if (metaSecret !== '') return { auth: 'bearer', authorization: `Bearer ${metaToken(metaSecret, now)}` };
  if (metaUsername !== '') return basicCredentials(metaUsername, metaPassword);
  if (url.user !== undefined) return basicCredentials(url.user.name, url.user.password ?? '');
  return { auth: 'none', authorization: undefined };
}

const statusCauses: Readonly<Record<number, LookupCause>> = { 401: 'unauthorized', 403: 'forbidden', 404: 'not-found' };

/** The rules of failures that no retry changes. */
const failureRules: Readonly<Partial<Record<LookupCause, RuleId>>> = {
  'bad-address': '4.address',
  redirects: '4.redirects',
  unreadable: '4.decoding',
  undecodable: '4.decoding',
};

/** The rule without which a lookup would not have succeeded. */
function successRule(purpose: MetaLookup['purpose'], requests: readonly TracedMetaRequest[]): RuleId {
  const last = requests.at(-1);
  if (last !== undefined && last.attempt > 1) return '4.retries';
  if (last !== undefined && last.redirects > 0) return '4.redirects';
  return purpose === 'ldap' ? '3.2' : '4.0';
}

function failureRule(purpose: MetaLookup['purpose'], cause: LookupCause): RuleId {
  if (purpose === 'ldap' && cause === 'unauthorized') return '3.2';
  return failureRules[cause] ?? '4.retries';
}

/** The response of Go's HTTP server to plain HTTP on a TLS port. */
const plainHttpRefused = 'Client sent an HTTP request to an HTTPS server.';

function statusCause({ status, body }: { status: number; body: string }, error: string): LookupCause {
  if (status === 400 && body.trimEnd() === plainHttpRefused) return 'tls';
  if (status === 503 && error === 'no leader') return 'no-leader';
  return statusCauses[status] ?? 'status';
}

/** A query as text, with the first value of each name; an LDAP password stays a secret. */
function tracedQuery(query: readonly (readonly [string, string])[]): TracedMetaRequest['query'] {
  const values = new Map<string, string | Secret>();
  for (const [name, value] of query) {
    if (!values.has(name)) values.set(name, name === 'password' ? new Secret(toText(value)) : toText(value));
  }
  return Object.fromEntries([...values].map(([name, value]) => [toText(name), value]));
}

/** The attempts of one lookup, with their requests for the trace. */
class MetaLookupClient {
  readonly requests: TracedMetaRequest[] = [];
  private readonly settings: DaemonSettings;
  private readonly metaLookup: MetaLookup;
  private readonly unixNow: number;

  constructor(settings: DaemonSettings, metaLookup: MetaLookup, unixNow: number) {
    this.settings = settings;
    this.metaLookup = metaLookup;
    this.unixNow = unixNow;
  }

  /** The URL of the first request; undefined if `meta-addr` is invalid (a scheme, a path, a space, two ports). */
  private firstUrl(): Url | undefined {
    const { metaUseTls, metaAddr } = this.settings;
    const base = parseUrl('/', false)!;
    const { path, query } = this.metaLookup;
    const parts = {
      ...base,
      scheme: metaUseTls ? 'https' : 'http',
      host: metaAddr,
      path,
      rawQuery: encodeQuery(query),
    };
    const url = parseUrl(formatUrl(parts), false);
    if (url === undefined || !isDialable(url.host)) return undefined;
    return { ...url, host: url.host.replace(/:$/, '') };
  }

  private *send(url: Url, attempt: number, redirects: number): Engine<MetaResult> {
    const { auth, authorization } = credentialsFor(url, this.settings, this.unixNow);
    const query = parseUrlQuery(url.rawQuery);
    const response = yield* performMeta({
      want: 'meta',
      attempt,
      redirects,
      after: attemptTimes[attempt - 1]!,
      method: 'GET',
      url: formatUrl(url),
      scheme: url.scheme === 'https' ? 'https' : 'http',
      host: url.host,
      path: url.path,
      query,
      auth,
      authorization,
    });
    const redacted = {
      ...url,
      user: undefined,
      rawQuery: url.rawQuery.replace(/(^|&)password=[^&]*/g, '$1password=***'),
    };
    this.requests.push({
      method: 'GET',
      url: toText(formatUrl(redacted)),
      path: toText(url.path),
      query: tracedQuery(query),
      auth,
      attempt,
      redirects,
      reached: !('error' in response) || response.error === 'timeout',
      ...('error' in response ? { error: response.error } : { status: response.status }),
      ...('error' in response || response.location === '' ? {} : { location: toText(response.location) }),
      ...(response.ms === undefined ? {} : { ms: response.ms }),
    });
    return response;
  }

  private evaluate(response: Extract<MetaResult, { status: number }>): Attempt {
    if (response.status === 200) {
      const fault = this.metaLookup.accept(response.body);
      return fault === undefined ? { ok: true } : failed(fault.cause, fault.error, response);
    }
    const error = errorFromResponse(bodyless.has(response.status) ? '' : response.body);
    return failed(statusCause(response, toText(error)), error, response);
  }

  *attempt(number: number): Engine<Attempt> {
    let url = this.firstUrl();
    if (url === undefined) return failed('bad-address', toBinary('invalid meta-addr'));
    for (let redirects = 0; redirects < maxRequests; redirects++) {
      const prefix = `Get ${toBinary(quote(formatUrl({ ...url, user: undefined })))}: `;
      if ((url.scheme !== 'http' && url.scheme !== 'https') || url.host === '') {
        return failed('redirects', `${prefix}unsupported protocol scheme ${toBinary(quote(url.scheme))}`);
      }
      const response: MetaResult = yield* this.send(url, number, redirects);
      if ('error' in response) {
        const cause = response.error === 'unusable' ? 'bad-address' : response.error;
        return failed(cause, prefix + response.text, response);
      }
      if (!redirectStatuses.has(response.status)) return this.evaluate(response);
      if (response.location === '') {
        return response.status === 307
          ? failed('redirects', 'Get "": unsupported protocol scheme ""', response)
          : this.evaluate(response);
      }
      url = resolveUrl(url, response.location);
      if (url === undefined) return failed('redirects', `${prefix}failed to parse Location header`, response);
    }
    return failed('redirects', `Get ${toBinary(quote(formatUrl(url)))}: too many redirects`);
  }
}

/**
 * Queries the meta node until it succeeds or 10 s have passed. Only a 200 response that `accept` accepts is a success.
 * @param unixNow whole seconds since 1970, for the bearer token
 */
export function* lookup(settings: DaemonSettings, metaLookup: MetaLookup, unixNow: number): Engine<LookupStep> {
  const client = new MetaLookupClient(settings, metaLookup, unixNow);
  const step = { kind: 'lookup', purpose: metaLookup.purpose, user: toText(metaLookup.user) } as const;
  let failure: Failure | undefined;
  let attempts = 0;
  let isOnce = false;
  for (const [i] of attemptTimes.entries()) {
    const result = yield* client.attempt(i + 1);
    attempts = i + 1;
    if (result.ok) {
      return {
        ...step,
        outcome: 'pass',
        rule: successRule(metaLookup.purpose, client.requests),
        requests: client.requests,
        attempts,
        timedOut: false,
        error: undefined,
        cause: undefined,
      };
    }
    failure = result;
    isOnce = result.last;
    if (result.hung || result.last) break;
  }
  const { cause, error } = failure!;
  return {
    ...step,
    outcome: 'fail',
    rule: failureRule(metaLookup.purpose, cause),
    requests: client.requests,
    attempts,
    timedOut: true,
    error,
    cause,
    ...(isOnce ? { assumes: '4.once' } : {}),
  };
}
