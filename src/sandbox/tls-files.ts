import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeThrowawayTls } from './certificate/throwaway.js';
import type { TlsOptions } from './options.js';
import type { ListenerTls } from './listener.js';

export interface TlsFiles {
  readonly server: ListenerTls;
  readonly caPath: string;
  readonly clientCertPath: string;
  readonly clientKeyPath: string;
  remove(): Promise<void>;
}

/** Makes a throw-away CA with its certificates; what clients need lies in a folder of its own that only we can read. */
export async function makeTlsFiles(options: TlsOptions, now: number): Promise<TlsFiles> {
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
