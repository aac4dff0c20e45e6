import { certify, keyPem, type Validity } from './certificate.js';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TlsOptions } from '../options.js';
import type { ListenerTls } from '../listener.js';

/** Everything in PEM. The key of the CA is discarded, so nothing else can be signed with it. */
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

export interface SandboxTlsFiles {
  readonly server: ListenerTls;
  readonly caPath: string;
  readonly clientCertPath: string;
  readonly clientKeyPath: string;
  remove(): Promise<void>;
}

/** Makes a throw-away CA with its certificates; what clients need lies in a folder of its own that only we can read. */
export async function writeTlsFiles(options: TlsOptions, now: number): Promise<SandboxTlsFiles> {
  const made = makeThrowawayTls(now, options.validity, options.hosts);
  const folder = await mkdtemp(path.join(tmpdir(), 'kapadmin-sandbox-'));
  const write = async (name: string, content: string): Promise<string> => {
    const file = path.join(folder, name);
    await writeFile(file, content, { mode: 0o600 });
    return file;
  };
  return {
    server: { ...made.server, clientCa: options.clientCertificate === true ? made.ca : undefined },
    caPath: await write('ca.pem', made.ca),
    clientCertPath: await write('client.pem', made.client.cert),
    clientKeyPath: await write('client-key.pem', made.client.key),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
