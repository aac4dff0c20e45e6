/** Why an exchange did not end with a complete response. */
export type TransportErrorCode =
  | 'dns-failed'
  | 'connection-refused'
  | 'network-unreachable'
  | 'connect-timeout'
  | 'timeout'
  | 'connection-lost'
  | 'tls-failed'
  | 'self-signed'
  | 'client-certificate-required'
  | 'https-to-plain-http'
  | 'plain-http-to-https'
  | 'proxy-failed'
  | 'truncated'
  | 'too-large'
  | 'too-large-for-kind'
  | 'too-large-together'
  | 'headers-too-large'
  | 'compressed'
  | 'not-http'
  | 'aborted'
  | 'client-closed';

/** The progress of an exchange: nothing sent, request written, response headers read. */
export type ExchangeStage = 'connecting' | 'sent' | 'responding';

const bySystemCode: ReadonlyMap<string, TransportErrorCode> = new Map<string, TransportErrorCode>([
  ['ENOTFOUND', 'dns-failed'],
  ['EAI_AGAIN', 'dns-failed'],
  ['EAI_FAIL', 'dns-failed'],
  ['EAI_NODATA', 'dns-failed'],
  ['EAI_NONAME', 'dns-failed'],
  ['ECONNREFUSED', 'connection-refused'],
  ['EHOSTUNREACH', 'network-unreachable'],
  ['ENETUNREACH', 'network-unreachable'],
  ['EHOSTDOWN', 'network-unreachable'],
  ['ENETDOWN', 'network-unreachable'],
  ['EADDRNOTAVAIL', 'network-unreachable'],
  ['EACCES', 'network-unreachable'],
  ['EPERM', 'network-unreachable'],
  ['ETIMEDOUT', 'connect-timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'connect-timeout'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'self-signed'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'self-signed'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'self-signed'],
  ['CERT_UNTRUSTED', 'self-signed'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'https-to-plain-http'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'https-to-plain-http'],
  ['ERR_SSL_HTTP_REQUEST', 'https-to-plain-http'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'client-certificate-required'],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'tls-failed'],
  ['UND_ERR_HEADERS_OVERFLOW', 'headers-too-large'],
  ['UND_ERR_DESTROYED', 'client-closed'],
  ['UND_ERR_CLOSED', 'client-closed'],
]);

/** Errors of the connection to a proxy. */
const proxyErrors: ReadonlySet<TransportErrorCode> = new Set<TransportErrorCode>([
  'dns-failed',
  'connection-refused',
  'network-unreachable',
  'connection-lost',
  'not-http',
  'headers-too-large',
]);

function stringProperty(value: unknown, key: 'code' | 'data' | 'message' | 'name'): string {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'string' ? found : '';
}

/** What the server sent instead of HTTP, if the parser reports it. */
export function unparsedData(error: unknown): string | undefined {
  return stringProperty(error, 'name') === 'HTTPParserError' ? stringProperty(error, 'data') : undefined;
}

/** The message of a system or TLS error, without the source location in OpenSSL. */
export function systemErrorText(error: Error): string {
  const openssl = /(?:[0-9A-F]+:)?error:[0-9A-F]+:[^:\n]*:[^:\n]*:([^:\n]*):[^:\n]*\.c:\d+:([^\n]*)\n?/g;
  return error.message.replace(openssl, (_, reason: string, more: string) =>
    more === '' ? reason : `${reason}, ${more}`,
  );
}

const programErrors: ReadonlySet<string> = new Set([
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'AssertionError',
  // Of WebAssembly, in which undici parses responses.
  'CompileError',
  'LinkError',
  'RuntimeError',
]);

/** Whether an error is a fault of kapadmin or of a package inside, and says nothing about the network or the server. */
export function isProgramError(error: unknown): boolean {
  return programErrors.has(stringProperty(error, 'name')) || stringProperty(error, 'code') === 'UND_ERR_INVALID_ARG';
}

// What a TLS server sends to one that does not begin a handshake: an alert (0x15), then the version, 3.x.
function isTlsAlert(data: string): boolean {
  return data.startsWith('\x15\x03');
}

function classifyDirect(error: unknown, stage: ExchangeStage): TransportErrorCode {
  const code = stringProperty(error, 'code');
  const stray = unparsedData(error);
  if (stray !== undefined) {
    if (isTlsAlert(stray)) return 'plain-http-to-https';
    return stage === 'responding' ? 'truncated' : 'not-http';
  }
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return stage === 'responding' ? 'truncated' : 'not-http';
  // undici rejects a 100 that was not requested, and a change of protocol.
  if (code === 'UND_ERR_SOCKET' && /^bad (response|upgrade)$/.test(stringProperty(error, 'message'))) return 'not-http';
  const known = bySystemCode.get(code);
  // A dead peer ends a request in progress with ETIMEDOUT: the connection was established and then lost.
  if (known === 'connect-timeout' && stage !== 'connecting') return 'connection-lost';
  if (known !== undefined) return known;
  if (/^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|EPROTO|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH)/.test(code))
    return 'tls-failed';
  if (/^(UNABLE_TO_|CRL_|ERROR_IN_)/.test(code)) return 'tls-failed';
  return stage === 'responding' ? 'truncated' : 'connection-lost';
}

/** Why a request failed, from the error of the connection; `proxied` when it goes through a proxy. */
export function classifyError(error: unknown, stage: ExchangeStage, proxied: boolean): TransportErrorCode {
  const reason = classifyDirect(error, stage);
  return proxied && stage === 'connecting' && proxyErrors.has(reason) ? 'proxy-failed' : reason;
}
