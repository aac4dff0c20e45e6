import { Secret } from '../../../src/model/secret.js';
import type { Sandbox, SandboxOptions } from '../../../src/sandbox/options.js';
import { startTestSandbox } from '../../sandbox/start-test-sandbox.js';
import { registerSecret } from './secrets.js';

const adminPassword = 'correct horse battery';

export interface SandboxUse extends Sandbox {
  /** The environment that makes this sandbox the connection, with its admin's account. */
  readonly env: Readonly<Record<string, string>>;
}

/** Registers the hashes that the sandbox holds now; those of one without this admin are not looked at. */
async function registerHashes({ urls: [url = ''] }: Sandbox): Promise<void> {
  const authorization = `Basic ${Buffer.from(`admin:${adminPassword}`).toString('base64')}`;
  const answer = await fetch(`${url}/user`, { headers: { authorization } });
  if (!answer.ok) return;
  const { users = [] } = (await answer.json()) as { users?: { hash?: string }[] };
  for (const { hash = '' } of users) if (hash !== '') registerSecret(hash);
}

/** A sandbox of this process on a free port, with `admin` and a registered password, for the time of `use`. */
export async function withSandbox<T>(options: SandboxOptions, use: (sandbox: SandboxUse) => Promise<T>): Promise<T> {
  const admin = { username: 'admin', password: new Secret(registerSecret(adminPassword)) };
  const sandbox = await startTestSandbox({ port: 0, bcryptCost: 4, admin, ...options });
  const env = {
    KAPADMIN_META_URL: sandbox.urls.join(','),
    KAPADMIN_META_USERNAME: 'admin',
    KAPADMIN_META_PASSWORD: adminPassword,
  };
  try {
    if (options.tls === undefined) await registerHashes(sandbox);
    const result = await use({ ...sandbox, env });
    if (options.tls === undefined) await registerHashes(sandbox);
    return result;
  } finally {
    await sandbox.close();
  }
}
