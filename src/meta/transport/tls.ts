import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { usageError } from '../../errors.js';
import type { TlsOptions } from '../options.js';

function because(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^error:[0-9A-F]+:/, '') : String(error);
}

// Node takes a CA text without any certificate in it in silence.
function checkCertificates(text: string, what: string): void {
  try {
    void new X509Certificate(text);
  } catch (error) {
    throw usageError('bad-tls-file', `${what} holds no certificate in PEM form: ${because(error)}`);
  }
}

/** Certificates and key, read once for all connections. Throws a usage error for unreadable ones. */
export function secureContext(tls: TlsOptions): SecureContext {
  if ((tls.cert === undefined) !== (tls.key === undefined)) {
    throw usageError('bad-tls-file', 'a client certificate and its key go together', 'give --meta-cert and --meta-key');
  }
  if (tls.ca !== undefined) checkCertificates(tls.ca, 'the CA file');
  if (tls.cert !== undefined) checkCertificates(tls.cert, 'the client certificate file');
  const key = typeof tls.key === 'object' ? tls.key.reveal() : tls.key;
  try {
    return createSecureContext({ ca: tls.ca, cert: tls.cert, key });
  } catch (error) {
    throw usageError('bad-tls-file', `the client certificate and key cannot be used: ${because(error)}`);
  }
}
