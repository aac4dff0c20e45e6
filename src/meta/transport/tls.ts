import { X509Certificate } from 'node:crypto';
import { connect, createSecureContext, type SecureContext } from 'node:tls';
import { usageError } from '../../errors.js';
import type { ClientTlsOptions } from '../api.js';

function opensslReason(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^error:[0-9A-F]+:/, '') : String(error);
}

// Node silently accepts a CA file without any certificate.
function checkCertificates(text: string, what: string): void {
  try {
    void new X509Certificate(text);
  } catch (error) {
    throw usageError('bad-tls-file', `${what} contains no PEM certificate: ${opensslReason(error)}`);
  }
}

/** Certificates and key, read once for all connections. Throws a usage error for unreadable ones. */
export function createTlsContext(tls: ClientTlsOptions): SecureContext {
  if ((tls.cert === undefined) !== (tls.key === undefined)) {
    throw usageError(
      'bad-tls-file',
      'a client certificate and its private key must be given together',
      'Set both --meta-cert FILE and --meta-key FILE',
    );
  }
  if (tls.ca !== undefined) checkCertificates(tls.ca, 'the CA file');
  if (tls.cert !== undefined) checkCertificates(tls.cert, 'the client certificate file');
  const key = typeof tls.key === 'object' ? tls.key.reveal() : tls.key;
  try {
    return createSecureContext({ ca: tls.ca, cert: tls.cert, key });
  } catch (error) {
    throw usageError('bad-tls-file', `the client certificate and key cannot be used: ${opensslReason(error)}`);
  }
}

/**
 * Whether the port of a plain http origin speaks TLS. A server that gets plain http where it expects TLS often just
 * hangs up, so it is probed once by a handshake in which nothing is sent.
 */
export function speaksTls(origin: string, timeout: number): Promise<boolean> {
  const url = new URL(origin);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(url.port || '80'), rejectUnauthorized: false });
    const end = (speaks: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(speaks);
    };
    const timer = setTimeout(end, timeout, false);
    socket.once('secureConnect', () => end(true));
    socket.once('error', () => end(false));
  });
}
