import { certify, keyPem, type Validity } from './certificate.js';

/** Everything in PEM. The key of the CA is not kept: nobody can sign with it again. */
export interface ThrowawayTls {
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
}

const day = 24 * 3600 * 1000;
const hosts = ['localhost', '127.0.0.1', '::1'];

/** A CA that lives for a month, a server certificate for this machine and a client certificate, from it. */
export function makeThrowawayTls(
  now: number,
  serverValidity?: Validity,
  names: readonly string[] = hosts,
): ThrowawayTls {
  const validity = { from: now - day, to: now + 30 * day };
  const ca = certify('kapadmin sandbox CA', { kind: 'authority' }, validity);
  const server = certify('kapadmin sandbox', { kind: 'server', hosts: names }, serverValidity ?? validity, ca);
  const client = certify('kapadmin sandbox client', { kind: 'client' }, validity, ca);
  return {
    ca: ca.cert,
    server: { cert: server.cert, key: keyPem(server) },
    client: { cert: client.cert, key: keyPem(client) },
  };
}
