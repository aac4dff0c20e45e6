import { type ErrorDetails, type ErrorKind, KapadminError, stopKind } from '../errors.js';
import type { MetaAccount } from './client-types.js';
import { displayBody } from './redact.js';
import type { TransportError, HttpResponse } from './transport/exchange.js';
import { type TransportErrorCode, systemErrorText } from './transport/error-codes.js';

/**
 * What is known of a failed request: nothing was sent; it was sent and may have been applied; the
 * server responded and did not apply it.
 */
export type DeliveryStatus = 'not-sent' | 'unknown' | 'responded';

export interface MetaErrorDetails extends ErrorDetails {
  readonly method: string;
  /** The URL as it may be shown: without credentials and passwords. */
  readonly url: string;
  readonly deliveryStatus: DeliveryStatus;
  readonly status?: number | undefined;
  /** What the server said, shortened, control characters escaped, secrets masked. */
  readonly serverText?: string | undefined;
}

/** The error of a request to a meta node. */
export class MetaError extends KapadminError {
  readonly method: string;
  readonly url: string;
  readonly deliveryStatus: DeliveryStatus;
  readonly status: number | undefined;
  readonly serverText: string | undefined;

  constructor(kind: ErrorKind, code: string, message: string, details: MetaErrorDetails) {
    super(kind, code, message, details);
    this.name = 'MetaError';
    this.method = details.method;
    this.url = details.url;
    this.deliveryStatus = details.deliveryStatus;
    this.status = details.status;
    this.serverText = details.serverText;
  }
}

/** What an error says about the failed request. */
export interface RequestContext {
  /** After "cannot": `create user "joe"`. */
  readonly purpose: string;
  readonly method: string;
  /** As it may be shown. */
  readonly url: string;
  readonly write: boolean;
  readonly account: MetaAccount;
  /** To be masked in whatever a server sends. */
  readonly secrets: readonly string[];
}

/** The beginning of each message: what failed. */
export function errorPrefix(context: RequestContext): string {
  return `cannot ${context.purpose}: ${context.method} ${context.url}`;
}

/** The delivery status of a request without a usable response. */
export function deliveryWithoutResponse(sent: boolean): DeliveryStatus {
  return sent ? 'unknown' : 'not-sent';
}

interface TransportErrorText {
  readonly kind: ErrorKind;
  /** The code of the error, where it is not the reason itself. */
  readonly code?: string;
  readonly why: string;
  readonly hint?: string;
  /** The server cannot have applied what it could not read. */
  readonly deliveryStatus?: DeliveryStatus;
}

/** The URL may be from a flag, a variable or a profile. */
export const checkUrlHint = 'Check the URL: meta nodes listen on port 8091.';
const certificateHint = 'If the node requires a client certificate, set --meta-cert FILE and --meta-key FILE.';
const trustHint = 'Trust its CA with --meta-ca FILE, or skip verification with --meta-insecure-skip-verify.';

const transportErrorTexts: Readonly<Record<TransportErrorCode, TransportErrorText>> = {
  'dns-failed': {
    kind: 'unreachable',
    why: 'host name not found',
    hint: 'Check the host name and DNS on this machine.',
  },
  'connection-refused': {
    kind: 'unreachable',
    why: 'connection refused',
    hint: `Is a meta node running there? ${checkUrlHint}`,
  },
  'network-unreachable': {
    kind: 'unreachable',
    why: 'no route to host',
    hint: 'Check the network and the firewall.',
  },
  'connect-timeout': {
    kind: 'unreachable',
    code: 'timeout',
    why: 'connection timed out',
    hint: 'Check the network and the firewall, or raise --connect-timeout.',
  },
  timeout: {
    kind: 'unreachable',
    why: 'no complete response within the timeout',
    hint: 'Check the meta node, or raise --timeout.',
  },
  'connection-lost': {
    kind: 'unreachable',
    why: 'connection lost before a response arrived',
    hint: 'Check the port (meta nodes: 8091), and whether the URL must begin with https://.',
  },
  'tls-failed': {
    kind: 'unreachable',
    why: 'TLS failed',
    hint: 'Check the certificate of the node and the host name in the URL.',
  },
  'self-signed': {
    kind: 'unreachable',
    why: 'certificate signed by an unknown authority',
    hint: trustHint,
  },
  'client-certificate-required': {
    kind: 'unreachable',
    code: 'tls-failed',
    why: 'the node requires a client certificate',
    hint: 'Set --meta-cert FILE and --meta-key FILE.',
    deliveryStatus: 'not-sent',
  },
  'https-to-plain-http': {
    kind: 'unreachable',
    why: 'this port speaks plain HTTP, not TLS',
    hint: 'Use http:// in the URL.',
  },
  'plain-http-to-https': {
    kind: 'unreachable',
    why: 'this port speaks TLS, not plain HTTP',
    hint: 'Use https:// in the URL.',
    deliveryStatus: 'not-sent',
  },
  'proxy-failed': { kind: 'unreachable', why: 'the proxy could not connect', hint: 'Check HTTPS_PROXY and NO_PROXY.' },
  truncated: { kind: 'server', why: 'the response was cut off' },
  'too-large': {
    kind: 'server',
    why: 'the response is larger than the limit',
    hint: 'If this size is expected, raise the limit, such as --max-body 256MiB.',
  },
  'too-large-for-kind': {
    kind: 'server',
    code: 'too-large',
    why: 'the response is too large for this endpoint',
    hint: checkUrlHint,
  },
  'too-large-together': {
    kind: 'server',
    code: 'too-large',
    why: 'concurrent responses together are larger than their limit',
    hint: 'If this size is expected, raise the limit, such as --max-body 256MiB: all responses together may have twice that.',
  },
  'headers-too-large': { kind: 'server', why: 'the response headers are larger than 64 KiB', hint: checkUrlHint },
  compressed: { kind: 'server', why: 'the response is compressed, which was not requested', hint: checkUrlHint },
  'not-http': { kind: 'server', why: 'the response is not HTTP', hint: checkUrlHint },
  aborted: { kind: 'interrupted', why: 'interrupted' },
  'client-closed': { kind: 'interrupted', why: 'the client was closed' },
};

/** Details from the system: `ECONNREFUSED`, `certificate has expired`. */
function systemErrorDetail(failure: TransportError, context: Pick<RequestContext, 'secrets'>): string | undefined {
  if (failure.detail !== undefined) return displayBody(Buffer.from(failure.detail), context.secrets);
  const { underlying: origin } = failure;
  if (!(origin instanceof Error) || failure.code === 'aborted') return undefined;
  const code: unknown = Reflect.get(origin, 'code');
  if (failure.code === 'tls-failed' || failure.code === 'self-signed' || typeof code !== 'string') {
    return displayBody(Buffer.from(systemErrorText(origin)), context.secrets, 160);
  }
  return code.startsWith('UND_ERR') ? undefined : code;
}

/** Why an exchange failed, without the request: for errors that name several hosts. */
export function transportErrorText(failure: TransportError, context: Pick<RequestContext, 'secrets'>): string {
  const system = systemErrorDetail(failure, context);
  return transportErrorTexts[failure.code].why + (system === undefined ? '' : ` (${system})`);
}

/** The error kind of an interruption, from the signal's reason: a stop signal's name, or an error. */
export function abortErrorKind(reason: unknown): ErrorKind {
  return reason instanceof KapadminError ? reason.kind : stopKind(reason);
}

/** The kind of the error of an exchange without a complete response. */
export function transportErrorKind({ code, underlying }: TransportError): ErrorKind {
  return code === 'aborted' ? abortErrorKind(underlying) : transportErrorTexts[code].kind;
}

/** The error of an exchange without a complete response. */
export function transportMetaError(failure: TransportError, context: RequestContext): MetaError {
  const row = transportErrorTexts[failure.code];
  return new MetaError(
    transportErrorKind(failure),
    row.code ?? failure.code,
    `${errorPrefix(context)}: ${transportErrorText(failure, context)}`,
    {
      method: context.method,
      url: context.url,
      deliveryStatus: row.deliveryStatus ?? deliveryWithoutResponse(failure.sent),
      hint: failure.code === 'connection-lost' && context.url.startsWith('https:') ? certificateHint : row.hint,
      cause: failure,
    },
  );
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
