import { X509Certificate } from 'node:crypto';
import { pemBlocks } from '../../../go-compat/tls.js';

export interface CertificateFact {
  /** As `CN=..., O=...`. */
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly isAuthority: boolean;
}

/** The certificates of a PEM file that can be read, in its order. */
export function certificatesIn(pem: string): readonly CertificateFact[] {
  return pemBlocks(pem).flatMap(({ type, bytes }): CertificateFact[] => {
    if (type !== 'CERTIFICATE') return [];
    try {
      const read = new X509Certificate(bytes);
      const subject = read.subject.replaceAll('\n', ', ');
      return [{ subject, from: Date.parse(read.validFrom), to: Date.parse(read.validTo), isAuthority: read.ca }];
    } catch {
      return [];
    }
  });
}
