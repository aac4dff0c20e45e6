import { type ErrorDetails, type ErrorKind, KapadminError, stopKind } from '../errors.js';
import type { MetaAccount } from './api.js';
import { displayBody } from './redact.js';
import type { TransportError } from './transport/exchange.js';
import { type TransportErrorCode, systemErrorText } from './transport/error-codes.js';

/**
 * What is known of a request that failed: nothing of it was sent; it was sent and may have been carried out; the
 * server answered, and did not carry it out.
 */
export type DeliveryStatus = 'not-sent' | 'unknown' | 'answered';

export interface MetaErrorDetails extends ErrorDetails {
  readonly method: string;
  /** The URL as it may be shown: without credentials and passwords. */
  readonly url: string;
  readonly deliveryStatus: DeliveryStatus;
  readonly status?: number | undefined;
  /** What the server said, shortened, control characters escaped, secrets masked. */
  readonly serverText?: string | undefined;
}

/** A request to a meta node that did not give what was asked for. */
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

/** What an error tells of the request that failed. */
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

/** The first part of each message: what failed, on what. */
export function errorPrefix(context: RequestContext): string {
  return `cannot ${context.purpose}: ${context.method} ${context.url}`;
}

/** The fate of a request that was sent and got no answer to rely on. */
export function deliveryWithoutResponse(sent: boolean): DeliveryStatus {
  return sent ? 'unknown' : 'not-sent';
}

interface TransportErrorText {
  readonly kind: ErrorKind;
  /** The code of the error, where it is not the reason itself. */
  readonly code?: string;
  readonly why: string;
  readonly hint?: string;
  /** The server cannot have carried out what it could not read. */
  readonly deliveryStatus?: DeliveryStatus;
}

const checkUrlHint = 'check --meta-url: meta nodes listen on port 8091';
const certificateHint = 'if the node asks for client certificates, give one with --meta-cert FILE and --meta-key FILE';
const trustHint = 'trust its authority with --meta-ca FILE, or skip the check with --meta-insecure-skip-verify';

const transportErrorTexts: Readonly<Record<TransportErrorCode, TransportErrorText>> = {
  'dns-failed': {
    kind: 'unreachable',
    why: 'the host name is not known',
    hint: 'check the name, and DNS on this machine',
  },
  'connection-refused': {
    kind: 'unreachable',
    why: 'connection refused',
    hint: `is the meta node up? ${checkUrlHint}`,
  },
  'network-unreachable': {
    kind: 'unreachable',
    why: 'there is no way to this host',
    hint: 'check network and firewall',
  },
  'connect-timeout': {
    kind: 'unreachable',
    code: 'timeout',
    why: 'no connection within the limit of time',
    hint: 'check network and firewall, or give it longer with --connect-timeout',
  },
  timeout: {
    kind: 'unreachable',
    why: 'no whole answer within the limit of time',
    hint: 'look at the meta node, or give it longer with --timeout',
  },
  'connection-lost': { kind: 'unreachable', why: 'the connection broke before an answer came' },
  'tls-failed': {
    kind: 'unreachable',
    why: 'TLS failed',
    hint: 'check the certificate of the node, and the name in --meta-url',
  },
  'self-signed': {
    kind: 'unreachable',
    why: 'the certificate is signed by nobody who is trusted here',
    hint: trustHint,
  },
  'client-certificate-required': {
    kind: 'unreachable',
    code: 'tls-failed',
    why: 'the node asks for a client certificate',
    hint: 'give one with --meta-cert FILE and --meta-key FILE',
    deliveryStatus: 'not-sent',
  },
  'https-to-plain-http': {
    kind: 'unreachable',
    why: 'this port speaks plain http, not TLS',
    hint: 'give the URL with http://',
  },
  'plain-http-to-https': {
    kind: 'unreachable',
    why: 'this port speaks TLS, not plain http',
    hint: 'give the URL with https://',
    deliveryStatus: 'not-sent',
  },
  'proxy-failed': { kind: 'unreachable', why: 'the proxy made no connection', hint: 'check HTTPS_PROXY and NO_PROXY' },
  truncated: { kind: 'server', why: 'the answer broke off' },
  'too-large': {
    kind: 'server',
    why: 'the answer is larger than the limit',
    hint: 'raise it with --max-body if this is right',
  },
  'too-large-for-kind': {
    kind: 'server',
    code: 'too-large',
    why: 'the answer is larger than any of its kind',
    hint: checkUrlHint,
  },
  'too-large-together': {
    kind: 'server',
    code: 'too-large',
    why: 'the answers at the same time are together larger than twice the limit',
    hint: 'raise it with --max-body if this is right',
  },
  'headers-too-large': { kind: 'server', why: 'the headers of the answer are larger than 64 KiB', hint: checkUrlHint },
  compressed: { kind: 'server', why: 'the answer is compressed, which was not asked for', hint: checkUrlHint },
  'not-http': { kind: 'server', why: 'the answer is not HTTP', hint: checkUrlHint },
  aborted: { kind: 'interrupted', why: 'interrupted' },
  'client-closed': { kind: 'interrupted', why: 'the client was closed' },
};

/** System words that say more than our sentence: `ECONNREFUSED`, `certificate has expired`. */
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

/** One sentence on why an exchange failed, without what was asked: for errors that name several hosts. */
export function transportErrorText(failure: TransportError, context: Pick<RequestContext, 'secrets'>): string {
  const system = systemErrorDetail(failure, context);
  return transportErrorTexts[failure.code].why + (system === undefined ? '' : ` (${system})`);
}

/** The kind of an interruption, from the reason of the signal: a stop signal's name, or an error with a kind. */
export function abortErrorKind(reason: unknown): ErrorKind {
  return reason instanceof KapadminError ? reason.kind : stopKind(reason);
}

/** The error of an exchange without a whole answer. */
export function transportMetaError(failure: TransportError, context: RequestContext): MetaError {
  const row = transportErrorTexts[failure.code];
  const kind = failure.code === 'aborted' ? abortErrorKind(failure.underlying) : row.kind;
  return new MetaError(
    kind,
    row.code ?? failure.code,
    `${errorPrefix(context)}: ${transportErrorText(failure, context)}`,
    {
      method: context.method,
      url: context.url,
      deliveryStatus: row.deliveryStatus ?? deliveryWithoutResponse(failure.sent),
      hint:
        row.hint ??
        (failure.code === 'connection-lost' && context.url.startsWith('https:') ? certificateHint : undefined),
      cause: failure,
    },
  );
}
