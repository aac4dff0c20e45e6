import type { DaemonSettings } from '../auth-engine/daemon-state.js';
import { type HttpRequest, readCredentials, subscriberName } from '../auth-engine/request.js';
import type { TokenStep, Trace } from '../auth-engine/trace.js';
import type { KapacitorVersion } from '../model/kapacitor-versions.js';
import { maxBcryptBytes } from '../model/secret.js';
import { formatGoDuration } from '../go-compat/duration.js';
import { toBinary, toText } from '../go-compat/utf8.js';
import { parseUrl, unescapeUrl } from '../go-compat/url.js';
import { signWithSecret } from '../auth-engine/jwt.js';
import { replaceQuerySecrets } from '../model/urls.js';

/** One request to one daemon at several time points, with the results. */
export interface RecordedSession {
  readonly settings: DaemonSettings;
  readonly version: KapacitorVersion;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly request: HttpRequest;
  readonly timePoints: readonly {
    /** Nanoseconds since the daemon started. */
    readonly now: number;
    readonly trace: Trace;
  }[];
  /** Kapacitor's response to the request, if it differs from the prediction. */
  readonly observed?: ObservedResponse | undefined;
}

/** A redacted response. */
export interface ObservedResponse {
  readonly status: number;
  readonly message: string | null;
  readonly location: string | null;
}

/** Replacements for secrets in a recorded scenario. */
const placeholders = {
  password: 'right-password',
  wrongPassword: 'wrong-password',
  account: { username: 'kapacitor', password: 'placeholder' },
  internalSecret: 'placeholder-internal-secret',
  sharedSecret: 'placeholder-shared-secret',
} as const;

/** The steps of all time points. */
export function allSteps({ timePoints }: RecordedSession): Trace {
  return timePoints.flatMap(({ trace }) => trace);
}

function isPasswordRight(session: RecordedSession): boolean {
  return !allSteps(session).some(
    (step) =>
      (step.kind === 'password' && step.fault === 'mismatch') ||
      (step.kind === 'lookup' && step.purpose === 'ldap' && step.cause === 'unauthorized'),
  );
}

/** A password with the same result as the given one: an empty one stays empty, one over 72 bytes keeps its length. */
function replacePassword(session: RecordedSession, given: string): string {
  if (given === '') return '';
  if (given.length > maxBcryptBytes) return 'x'.repeat(given.length);
  return isPasswordRight(session) ? placeholders.password : placeholders.wrongPassword;
}

/** The password of the hash in the user record; `sent` is the replaced password of the request. */
export function userPassword(session: RecordedSession, sent: string): string {
  return isPasswordRight(session) ? sent : placeholders.password;
}

type Line = readonly [key: string, value: string | number | boolean];

/** A TOML basic string: like JSON, except for DEL. */
function tomlValue(value: string | number | boolean): string {
  return JSON.stringify(value).replaceAll('\u007f', '\\u007f');
}

function section(name: string, lines: readonly Line[]): string {
  return [`[${name}]`, ...lines.map(([key, value]) => `  ${key} = ${tomlValue(value)}`), ''].join('\n');
}

/** A kapacitor.conf that leads to the same decisions, with account and secrets replaced. */
export function configurationText(settings: DaemonSettings): string {
  const { users, metaAddr, metaUsername, metaPassword, metaSecret } = settings;
  const http: Line[] = [['auth-enabled', settings.authEnabled]];
  if (settings.pprofEnabled) http.push(['pprof-enabled', true]);
  if (settings.sharedSecret !== '') http.push(['shared-secret', placeholders.sharedSecret]);
  const auth: Line[] = [['enabled', users !== 'noauth']];
  if (settings.cacheExpiration !== 0) auth.push(['cache-expiration', formatGoDuration(settings.cacheExpiration)]);
  if (settings.bcryptCost !== 0) auth.push(['bcrypt-cost', settings.bcryptCost]);
  if (metaAddr !== '') auth.push(['meta-addr', toText(metaAddr)]);
  if (settings.metaUseTls) auth.push(['meta-use-tls', true]);
  if (metaUsername !== '') auth.push(['meta-username', placeholders.account.username]);
  if (metaPassword !== '') auth.push(['meta-password', placeholders.account.password]);
  if (metaSecret !== '') auth.push(['meta-internal-shared-secret', placeholders.internalSecret]);
  return section('http', http) + section('auth', auth);
}

interface Credentials {
  readonly username?: string;
  readonly password?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as written in a scenario, with credentials replaced. */
export interface RecordedRequest extends Credentials {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

/** The request and the password in it, which may be in the query. */
export interface RecordedInput {
  readonly request: RecordedRequest;
  readonly password: string;
}

function masked(secret: string): string {
  return secret.replace(/[^ .=]/g, 'A');
}

/** The target with the passwords in its query replaced. */
function recordedTarget(session: RecordedSession): string {
  return replaceQuerySecrets(session.request.target, (name, value) => {
    if (name !== 'p') return 'placeholder';
    const password = value.includes(';') ? undefined : unescapeUrl(value, 'query');
    return password === undefined ? '%zz' : replacePassword(session, password);
  });
}

/** A token that fails the same check, or passes with the same claims, signed with the replacement secret. */
function replaceToken(token: string, { check = 10, emptySecret }: TokenStep): string {
  const secret = emptySecret ? '' : placeholders.sharedSecret;
  const signed = check > 6 ? signWithSecret(token, secret) : undefined;
  const readable = check < 3 ? 0 : check === 3 ? 1 : 2;
  const segments = token.split('.').map((segment, i) => (i < readable ? segment : masked(segment)));
  return signed ?? segments.join('.');
}

function authorization(text: string): Credentials {
  return { headers: { Authorization: text } };
}

/** Name and password as keys of a scenario, or as a header if they are not UTF-8. */
function basicCredentials(name: string, password: string): Credentials {
  const username = toText(name);
  if (toBinary(username) === name) return { username, password };
  return authorization(`Basic ${Buffer.from(`${name}:${password}`, 'latin1').toString('base64')}`);
}

/** A header that Kapacitor ignores for the same reason. */
function unusedHeader(header: string): Credentials {
  if (header === '') return {};
  const [, scheme = '', rest = ''] = /^((?:basic|bearer)(?: |$))?(.*)$/is.exec(header) ?? [];
  return authorization(scheme + masked(rest));
}

function replaceCredentials(session: RecordedSession, header: string): { sent: Credentials; password: string } {
  const query = parseUrl(session.request.target, true)?.rawQuery ?? '';
  const read = readCredentials(header, query, session.version);
  if (!read.ok) {
    const isUnnamed = read.step.form === 'basic';
    return { sent: isUnnamed ? basicCredentials('', placeholders.password) : unusedHeader(header), password: '' };
  }
  const given = read.credentials;
  switch (given.form) {
    case 'query':
      return { sent: unusedHeader(header), password: replacePassword(session, given.password) };
    case 'basic': {
      const password = replacePassword(session, given.password);
      return { sent: basicCredentials(given.user, password), password };
    }
    case 'subscriber':
      return { sent: basicCredentials(subscriberName, masked(given.token)), password: '' };
    case 'bearer': {
      const step = allSteps(session).find((one) => one.kind === 'token');
      const token = step === undefined ? masked(given.token) : replaceToken(given.token, step);
      return { sent: authorization(`Bearer ${token}`), password: '' };
    }
  }
}

/** The request with its credentials replaced, without other headers, except one that makes it invalid. */
export function recordRequest(session: RecordedSession): RecordedInput {
  const { method, headers } = session.request;
  const request = { method: toText(method), path: toText(recordedTarget(session)) };
  const refused = allSteps(session).find((step) => step.kind === 'target');
  if (refused?.reason === 'header') return { request: { ...request, headers: { 'no name': 'x' } }, password: '' };
  const header = headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? '';
  const { sent, password } = replaceCredentials(session, header.replace(/^[ \t]+|[ \t]+$/g, ''));
  return { request: { ...request, ...sent }, password };
}
