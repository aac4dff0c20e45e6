import { isUtf8 } from 'node:buffer';
import type { ErrorKind } from '../errors.js';
import type { MetaAccount } from './client-types.js';
import { checkUrlHint, type RequestContext, errorPrefix, MetaError } from './errors.js';
import { displayBody } from './redact.js';
import type { HttpResponse } from './transport/exchange.js';
import { UnexpectedShapeError } from './wire.js';

const maxDepth = 64;

/** The error of a response with the expected status that cannot be parsed; it shows the body. */
function unreadableError(
  response: HttpResponse,
  context: RequestContext,
  code: string,
  why: string,
  hint?: string,
): MetaError {
  const displayed = displayBody(response.body, context.secrets);
  const came = displayed === '' ? 'an empty body' : displayed;
  return new MetaError('server', code, `${errorPrefix(context)}: ${response.status}, ${why}: ${came}`, {
    method: context.method,
    url: context.url,
    deliveryStatus: context.write ? 'unknown' : 'responded',
    status: response.status,
    serverText: displayed,
    hint,
  });
}

function decodeBody(response: HttpResponse, context: RequestContext): string {
  const { body } = response;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!isUtf8(bytes)) throw unreadableError(response, context, 'not-json', 'but the body is not UTF-8');
  if (isDeeperThan(bytes, maxDepth))
    throw unreadableError(response, context, 'wrong-shape', 'but the JSON is nested too deeply');
  const text = bytes.toString('utf8');
  if (/^\s*</.test(text)) {
    const hint = 'Check the URL: this looks like a proxy or a web page, not a meta node.';
    throw unreadableError(response, context, 'html', 'but the body is HTML', hint);
  }
  return text;
}

function parseJson(response: HttpResponse, context: RequestContext): unknown {
  const text = decodeBody(response, context);
  try {
    return JSON.parse(text);
  } catch {
    throw unreadableError(response, context, 'not-json', 'but the body is not JSON');
  }
}

/** Throws for every status but the expected ones. */
export function expectStatus(response: HttpResponse, context: RequestContext, ...expected: readonly number[]): void {
  if (!expected.includes(response.status)) throw responseError(response, context);
}

/** The value of a 200 response, parsed by one of the parsers of wire.ts. Throws a MetaError otherwise. */
export function readJson<T>(response: HttpResponse, context: RequestContext, parse: (value: unknown) => T): T {
  expectStatus(response, context, 200);
  const value = parseJson(response, context);
  try {
    return parse(value);
  } catch (error) {
    if (!(error instanceof UnexpectedShapeError)) throw error;
    throw unreadableError(response, context, 'wrong-shape', `but not the response of a meta node (${error.message})`);
  }
}

/**
 * A write is done when the response is 200 (or one of `also`) with an empty body. A page or an error with such a status
 * is an error.
 */
export function expectWriteDone(response: HttpResponse, context: RequestContext, ...also: readonly number[]): void {
  expectStatus(response, context, 200, ...also);
  if (response.body.length === 0) return;
  const value = parseJson(response, context);
  if (typeof value === 'object' && value !== null && Reflect.has(value, 'error')) {
    throw unreadableError(response, context, 'wrong-shape', 'but with an error');
  }
}

const quote = 0x22;
const backslash = 0x5c;

/**
 * Whether arrays and objects of a JSON document are nested deeper than `limit`. JSON.parse needs 40 bytes of memory
 * for each level, so 64 MiB of brackets would cost gigabytes.
 */
export function isDeeperThan(json: Uint8Array, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) {
      at++;
      while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1;
    } else if (byte === 0x5b || byte === 0x7b) {
      depth++;
      if (depth > limit) return true;
    } else if (byte === 0x5d || byte === 0x7d) {
      depth--;
    }
  }
  return false;
}

interface ErrorResponse {
  readonly status: (status: number) => boolean;
  readonly text?: RegExp;
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint?: (account: MetaAccount) => string;
}

const is = (expected: number) => (status: number) => status === expected;
const client = (status: number) => status >= 400 && status < 500;

function missingCredentialsHint(account: MetaAccount): string {
  return account.kind === 'none'
    ? 'Set an account: --meta-username NAME and --meta-password-file FILE, or --meta-secret-file FILE'
    : `The node could not parse the ${account.kind} credentials: check that it accepts this kind`;
}

function wrongCredentialsHint(account: MetaAccount): string {
  if (account.kind === 'bearer') return "Check the shared secret and the user name, and this machine's clock";
  return account.kind === 'basic' ? 'Check --meta-username and its password' : missingCredentialsHint(account);
}

/** What the responses of a meta node mean; the first match wins. Which are repeated: `retryPolicy`. */
const errorResponses: readonly ErrorResponse[] = [
  { status: is(503), text: /no leader/i, kind: 'unreachable', code: 'no-leader', hint: () => 'Run influxd-ctl show' },
  {
    status: client,
    text: /\bldap\b/i,
    kind: 'server',
    code: 'ldap-refused',
    hint: () =>
      'Users come from LDAP: grant the permissions to a role and map a group to it in ldap.toml (influxd-ctl ldap).',
  },
  {
    status: client,
    text: /must create admin user first/i,
    kind: 'server',
    code: 'no-admin-user',
    hint: () => 'Create the first admin user: kapadmin bootstrap NAME',
  },
  {
    status: is(401),
    text: /unable to parse authentication credentials/i,
    kind: 'refused',
    code: 'credentials-missing',
    hint: missingCredentialsHint,
  },
  { status: is(401), kind: 'refused', code: 'credentials-refused', hint: wrongCredentialsHint },
  {
    status: is(403),
    kind: 'refused',
    code: 'forbidden',
    hint: () => 'This account needs CreateUserAndRole to manage users and roles.',
  },
  { status: is(404), text: /user not found/i, kind: 'not-found', code: 'user-not-found' },
  { status: is(404), text: /role not found/i, kind: 'not-found', code: 'role-not-found' },
  { status: client, text: /user already exists/i, kind: 'exists', code: 'user-exists' },
  { status: client, text: /role already exists/i, kind: 'exists', code: 'role-exists' },
  {
    status: is(404),
    kind: 'server',
    code: 'not-a-meta-node',
    hint: () => checkUrlHint,
  },
  { status: client, kind: 'server', code: 'request-refused' },
  {
    status: is(500),
    text: /password length exceeds 72 bytes/i,
    kind: 'server',
    code: 'server-error',
    hint: () => 'Use a password of at most 72 bytes.',
  },
  { status: (status) => status >= 500, kind: 'server', code: 'server-error' },
  {
    status: (status) => status >= 300 && status < 400,
    kind: 'server',
    code: 'unexpected-redirect',
    hint: () => 'Check for a proxy or a login page in front of the meta node (it redirects with 307 only).',
  },
];

const otherResponse = { kind: 'server', code: 'unexpected-status', hint: undefined } as const;

/** The string in `{"error": ...}`; undefined for another body. */
function errorField(body: Uint8Array): string | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'error') : undefined;
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

const maxErrorBytes = 64 * 1024;

/** The error of a response with an unexpected status. */
export function responseError(response: HttpResponse, context: RequestContext): MetaError {
  const said = response.body.length > maxErrorBytes ? undefined : errorField(response.body);
  const displayed = displayBody(said === undefined ? response.body : Buffer.from(said), context.secrets, 200);
  const row =
    errorResponses.find(({ status, text }) => status(response.status) && (text?.test(said ?? '') ?? true)) ??
    otherResponse;
  const location = response.header('location');
  const where = location === undefined ? '' : ` to ${displayBody(Buffer.from(location), context.secrets)}`;
  const undone = response.status < 500 || row.code === 'no-leader';
  return new MetaError(
    row.kind,
    row.code,
    `${errorPrefix(context)}: ${response.status}${where} ${displayed}`.trimEnd(),
    {
      method: context.method,
      url: context.url,
      deliveryStatus: undone || !context.write ? 'responded' : 'unknown',
      status: response.status,
      serverText: displayed,
      hint: row.hint?.(context.account),
    },
  );
}
