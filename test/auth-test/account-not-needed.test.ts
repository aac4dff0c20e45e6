import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { runLine } from '../run.js';

const conf = `[http]
auth-enabled = true
[auth]
enabled = true
bcrypt-cost = 10
cache-expiration = "10m"
meta-addr = "127.0.0.1:9"
meta-username = "kapacitor"
meta-password = "daemons-own"
`;

describe('verdict 7: a login test with a kapacitor.conf', () => {
  it.each([[[]], [['--live']]])('does not ask for the account of the connection: %j', async (more) => {
    const cwd = makeFolder({ 'kapacitor.conf': conf, pw: 'a pass word' });
    const words = ['auth', 'test', '--no-env', '--kapacitor-conf', 'kapacitor.conf', '--user', 'joe'];
    const { code, stderr } = await runLine(
      [...words, '--password-file', 'pw', '--url', 'http://127.0.0.1:9/kapacitor/v1/tasks', ...more],
      { cwd, env: { KAPADMIN_META_USERNAME: 'admin', KAPADMIN_TIMEOUT: '1s' } },
    );
    expect(stderr).not.toContain('no password for the meta account');
    expect(code).toBe(3);
  });
});
