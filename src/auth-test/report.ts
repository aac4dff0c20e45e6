import type { ErrorKind } from '../errors.js';
import { findVerdict, type Trace, type VerdictStep } from '../auth-engine/trace.js';
import type { CauseId, Explanation, UnservedRequest } from '../diagnostics/login/explanation.js';
import { flushCommand } from '../model/shell-command.js';
import type { SimulatedKapacitor, UnreadFile } from './simulated-kapacitor.js';
import { excerpt, showDuration } from '../model/text.js';
import { parseFirstJson } from '../go-compat/json.js';
import { toText } from '../go-compat/utf8.js';
import { defaultVersion, differentVersion, type KapacitorVersion } from '../model/kapacitor-versions.js';

/** The response of Kapacitor, or of a proxy in front of it; header values and body are binary. */
export interface KapacitorResponse {
  readonly status: number;
  header(name: string): string | undefined;
  readonly body: string;
}

/** Kapacitor's actual response, compared with the prediction. */
export interface LiveResponse {
  readonly status: number;
  /** The text in `error`, or the first line. */
  readonly message: string | null;
  readonly location: string | null;
  readonly agrees: boolean;
  /** The release in its version header; null if absent. */
  readonly version: string | null;
  /** A note if that is not the assumed release. */
  readonly versionNote: string | null;
  /** Possible reasons if it differs. */
  readonly reasons: readonly string[];
}

/** One request of a login test: its trace and explanation. */
export interface LoginCase {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** What the endpoint does, for a standard one. */
  readonly what: string | undefined;
  readonly trace: Trace;
  readonly explanation: Explanation;
  /** Kapacitor's response to a request that it admits but cannot serve. */
  readonly unserved: UnservedRequest | undefined;
  readonly end: ErrorKind;
  readonly live: LiveResponse | undefined;
  /** How long the test took, in real time. */
  readonly milliseconds: number;
}

/** A login test: its daemon and its requests. */
export interface LoginReport {
  /** The release whose rules apply, and whether it is assumed. */
  readonly version: { readonly name: string; readonly isAssumed: boolean };
  readonly conf: string | undefined;
  readonly environment: string | undefined;
  readonly assumed: string | undefined;
  /** The daemon's message if it does not start; then there are no cases. */
  readonly refusal: string | undefined;
  /** TLS files that were not checked, because they cannot be read here. */
  readonly unreadFiles: readonly UnreadFile[];
  /** The account that queries the meta node, as text. */
  readonly account: string;
  readonly cases: readonly LoginCase[];
  /** Why `--live` got no response from Kapacitor. */
  readonly liveFailure: string | undefined;
}

/** Redacts secrets in a string. */
type MaskText = (text: string) => string;

/** The text in `error`, or the first line; null for a status below 400. */
function messageOf({ status, body }: KapacitorResponse): string | null {
  if (status < 400 || body === '') return null;
  const parsed = parseFirstJson(body);
  const entries = parsed.ok && parsed.value.kind === 'object' ? parsed.value.entries : [];
  const error = entries.find(([key]) => key === 'error')?.[1];
  return toText(error?.kind === 'string' ? error.value : (/^[^\r\n]*/.exec(body)?.[0] ?? ''));
}

/** The part of a message before Go's own error text. */
function comparableMessage(message: string): string {
  const tail = /^(invalid token: )(?:json: |invalid character |unexpected |EOF)|^(retrieving user .* with error: )/s;
  const [, token, lookup] = tail.exec(message) ?? [];
  return token ?? lookup ?? message;
}

function sameMessage({ message }: VerdictStep, live: string | null): boolean {
  return live !== null && comparableMessage(live) === comparableMessage(toText(message ?? ''));
}

/** Status codes that Kapacitor sends only to requests that it rejects. */
const refusals: ReadonlySet<number> = new Set([401, 403]);

function agrees(verdict: VerdictStep, method: string, response: KapacitorResponse, isKapacitor: boolean): boolean {
  const { status } = response;
  switch (verdict.verdict) {
    case 'allow':
      return isKapacitor && !refusals.has(status) && (status < 300 || status >= 400);
    case 'deny':
      return (
        isKapacitor && status === verdict.status && (method === 'HEAD' || sameMessage(verdict, messageOf(response)))
      );
    case 'redirect':
      return status === verdict.status && response.header('location') === verdict.location;
    default:
      return status === verdict.status;
  }
}

const oldPasswordReason =
  'its password cache may still accept the old password (for up to 1h after the last full check, whatever cache-expiration is)';

/** How Kapacitor's two caches may explain the difference. */
function cacheReasons(trace: Trace, status: number, { settings }: SimulatedKapacitor): string[] {
  const predicted = findVerdict(trace);
  const checked = trace.some((step) => step.kind === 'password' || step.kind === 'lookup');
  if (settings.users !== 'meta' || !(checked || predicted.status === 403)) return [];
  const cacheTtl = showDuration(settings.cacheExpiration);
  const inUserCache = (what: string): string[] =>
    settings.cacheExpiration > 0 ? [`its user cache ${what} (for up to ${cacheTtl})`] : [];
  const older = inUserCache('may hold an older record of this user');
  if (predicted.verdict === 'allow' && status === 401) {
    return [...older, 'its caches may still hold the old password: the new one is rejected once, so try again'];
  }
  // The login was accepted, whatever came of it: 403 is what a user gets who is logged in.
  if (predicted.verdict !== 'deny' || predicted.status !== 401 || status === 401) return older;
  const failed = trace.findLast((step) => step.outcome === 'fail' && step.kind !== 'verdict');
  if (failed?.kind === 'lookup' && failed.cause === 'not-found') {
    return inUserCache(
      'may still hold this user, who was deleted from the cluster, or whom a request to /kapacitor/v1/users created',
    );
  }
  if (failed?.kind === 'password' || (failed?.kind === 'lookup' && failed.purpose === 'ldap')) {
    return [oldPasswordReason, ...older];
  }
  return older;
}

/** Rejections of what a cache of Kapacitor may still accept. */
const mayBeCached: ReadonlySet<CauseId> = new Set(['unknown-user', 'wrong-password', 'ldap-refused']);

/**
 * Where Kapacitor lets in whom the cluster does not know any more, no change of the cluster is the fix: a user that was
 * never meant to be would be created.
 */
export function withCacheFix(predicted: Explanation, trace: Trace, live: LiveResponse | undefined): Explanation {
  const user = trace.find((step) => step.kind === 'credentials')?.user;
  if (
    live === undefined ||
    live.version === null ||
    live.status === 401 ||
    !mayBeCached.has(predicted.cause) ||
    user === undefined
  )
    return predicted;
  const command = flushCommand([toText(user)]);
  return { ...predicted, fixes: [{ what: 'To make Kapacitor forget what it cached of this user', command }] };
}

function proxyReasons(response: KapacitorResponse, isKapacitor: boolean, mask: MaskText): string[] {
  const via = response.header('via') ?? response.header('server');
  const named = via === undefined ? '' : ` (${excerpt(mask(toText(via)), 60)})`;
  if (!isKapacitor) {
    return [
      `the response has no X-Kapacitor-Version header: it came from a proxy${named} or another server, not from Kapacitor`,
    ];
  }
  return via === undefined ? [] : [`a proxy${named} is in between and may have changed the request`];
}

/** Kapacitor could read the user, but kapadmin could not: the prediction is unknown. */
function unknownReasons(trace: Trace, { assumed }: SimulatedKapacitor): string[] {
  const failed = trace.findLast((step) => step.kind === 'lookup' && step.outcome === 'fail');
  if (failed?.kind !== 'lookup' || failed.cause === 'not-found' || failed.purpose === 'ldap') return [];
  const isOurs = assumed !== undefined && (failed.cause === 'unauthorized' || failed.cause === 'forbidden');
  return [
    isOurs
      ? 'the meta node rejects the account that kapadmin uses, so the prediction is unknown'
      : 'the meta node did not return the user record to kapadmin, but may have returned it to Kapacitor',
  ];
}

/** Possible reasons why the live response differs from the prediction, most likely first. */
function reasonsOf(
  trace: Trace,
  response: KapacitorResponse,
  isKapacitor: boolean,
  target: SimulatedKapacitor,
  mask: MaskText,
): string[] {
  const message = messageOf(response) ?? '';
  const credentials = trace.find((step) => step.kind === 'credentials');
  const sent = credentials !== undefined && credentials.form !== 'none';
  const lost = sent && message === 'unable to parse authentication credentials';
  const configuration =
    target.assumed === undefined
      ? `it runs with a configuration other than ${target.conf ?? target.environment ?? 'this one'}, or was not restarted after the last change`
      : 'its kapacitor.conf is unknown here; give it with --kapacitor-conf FILE';
  return [
    ...(lost ? ['a proxy removed the Authorization header'] : []),
    ...proxyReasons(response, isKapacitor, mask),
    ...(isKapacitor ? [...unknownReasons(trace, target), ...cacheReasons(trace, response.status, target)] : []),
    ...(isKapacitor ? [configuration] : []),
  ];
}

/** Responses of the HTTP server itself, and to OPTIONS, have no version header. */
function needsVersion({ verdict }: VerdictStep, method: string): boolean {
  return (verdict === 'allow' || verdict === 'deny') && method !== 'OPTIONS';
}

/** Compares the prediction with Kapacitor's response; `mask` redacts secrets in it. */
export function compareLive(
  trace: Trace,
  method: string,
  response: KapacitorResponse,
  target: SimulatedKapacitor,
  mask: MaskText,
  assumed: KapacitorVersion = defaultVersion,
): LiveResponse {
  const verdict = findVerdict(trace);
  const isKapacitor = !needsVersion(verdict, method) || response.header('x-kapacitor-version') !== undefined;
  const same = agrees(verdict, method, response, isKapacitor);
  const location = response.header('location');
  const version = response.header('x-kapacitor-version');
  const found = version === undefined ? null : excerpt(mask(toText(version)), 40);
  const versionNote = found === null ? null : (differentVersion(found, assumed)?.sentence ?? null);
  const message = messageOf(response);
  return {
    status: response.status,
    message: message === null ? null : excerpt(mask(message)),
    location: location === undefined ? null : excerpt(mask(toText(location))),
    agrees: same,
    version: found,
    versionNote,
    reasons: same ? [] : reasonsOf(trace, response, isKapacitor, target, mask),
  };
}
