import { type ErrorDetails, type ErrorKind, KapadminError, stopKind } from '../errors.js';
import type { MetaAccount } from './client-types.js';
import { displayBody } from './redact.js';
import { listSome } from '../model/text.js';
import type { TransportError } from './transport/exchange.js';
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
function abortErrorKind(reason: unknown): ErrorKind {
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

function withMessage(error: MetaError, message: string, deliveryStatus: DeliveryStatus): MetaError {
  const { kind, code, method, url, status, serverText, hint, cause } = error;
  return new MetaError(kind, code, message, { method, url, deliveryStatus, status, serverText, hint, cause });
}

/** Nodes whose failures the error of a request describes; the others are counted. */
const maxDescribed = 3;

function aggregateMessage(errors: readonly MetaError[], purpose: string): string {
  const prefix = `cannot ${purpose}: `;
  const parts = errors.map(({ message }) => (message.startsWith(prefix) ? message.slice(prefix.length) : message));
  return `${prefix}${listSome(parts, maxDescribed, '; ')}`;
}

function leastCertainStatus(errors: readonly MetaError[]): DeliveryStatus {
  if (errors.some(({ deliveryStatus }) => deliveryStatus === 'unknown')) return 'unknown';
  return errors.some(({ deliveryStatus }) => deliveryStatus === 'responded') ? 'responded' : 'not-sent';
}

/** The error of a failed request, from the errors of the last round, one for each node. */
export function aggregateError(
  errors: readonly [MetaError, ...MetaError[]],
  purpose: string,
  tries: number,
): MetaError {
  const leaderError = errors.find(({ code }) => code === 'leader-unreachable' || code === 'no-leader');
  const text = leaderError ? leaderError.message : aggregateMessage(errors, purpose);
  return withMessage(
    leaderError ?? errors[0],
    tries > 1 ? `${text} (${tries} tries)` : text,
    leastCertainStatus(errors),
  );
}

/** The error of a request that was interrupted while or after another error came. */
export function abortedError(error: MetaError, purpose: string, reason: unknown): MetaError {
  if (error.code === 'aborted') return error;
  const { method, url, deliveryStatus, cause } = error;
  const message = `cannot ${purpose}: ${method} ${url}: interrupted`;
  return new MetaError(abortErrorKind(reason), 'aborted', message, { method, url, deliveryStatus, cause });
}
