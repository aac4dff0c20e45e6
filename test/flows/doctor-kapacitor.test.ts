import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../.tools/fresh.mjs';
import { makeFolder } from '../folder.js';
import { kapadmin, start } from './harness.js';

const pem = (name: string): string => path.join(root, 'test/meta/fixtures', name);

it('field doctor-kapacitor-certificate: names who is hit by it, and no meta-ca of kapacitor.conf', async () => {
  const conf = `[http]
bind-address = "127.0.0.1:0"
auth-enabled = true
https-enabled = true
https-certificate = "${pem('server.pem')}"
https-private-key = "${pem('server.key')}"
shared-secret = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
[auth]
enabled = true
cache-expiration = "10m"
bcrypt-cost = 10
meta-addr = "meta1.example.net:8091"
meta-username = "admin"
meta-password = "changeit"
`;
  const file = path.join(makeFolder({ 'kapacitor.conf': conf }), 'kapacitor.conf');
  const words = ['sandbox', '--port', '0', '--bcrypt-cost', '4', '--tls', '--kapacitor-conf', file, '-o', 'json'];
  const sandbox = await start(words);
  const ready = JSON.parse(await sandbox.waitFor('\n')) as { meta: string[]; ca: string; kapacitor: string };
  const env = { KAPADMIN_META_USERNAME: 'admin', KAPADMIN_META_PASSWORD: 'changeit' };
  const asked = ['doctor', '--meta-url', ready.meta[0] ?? '', '--meta-ca', ready.ca, '--kapacitor', ready.kapacitor];
  const { code, stdout } = await kapadmin(asked, { env });
  sandbox.signal('SIGTERM');
  await sandbox.ended;
  expect(code).toBe(1);
  expect(stdout).toContain('certificate-untrusted');
  expect(stdout).toContain(`at ${ready.kapacitor}`);
  for (const client of ['[subscriber] ca-certs', 'Chronograf (unsafe SSL)', '-skipVerify, KAPACITOR_UNSAFE_SSL']) {
    expect(stdout).toContain(client);
  }
  expect(stdout).toContain('--meta-ca FILE');
  expect(stdout).not.toContain('meta-ca = ');
  expect(stdout).not.toContain('[auth] of kapacitor.conf');
});
