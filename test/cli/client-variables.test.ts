import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { runLine } from '../run.js';
import { cluster } from './cluster.js';
import { some, tasks } from './login.js';

const others: readonly (readonly [string, string])[] = [
  ['KAPACITOR_URL', 'http://localhost:9092'],
  ['KAPACITOR_UNSAFE_SSL', 'true'],
  ['KAPACITOR_PASSWORD', 'hUsh'],
  ['KAPACITOR_OPTS', '-log-level debug'],
  ['KAPACITOR_PORT_9092_TCP_ADDR', '10.0.0.1'],
  ['KAPACITOR_HTTP_SERVICE_HOST', '10.0.0.1'],
  ['KAPACITOR_VERSION', '1.8.2'],
];

describe('variables that the daemon does not read', () => {
  it.each(others)('verdict 1: %s is no configuration of the daemon, in the shell or in a file', async (name, value) => {
    const { urls } = await cluster(some);
    const account = {
      KAPADMIN_META_URL: urls[0] ?? '',
      KAPADMIN_META_USERNAME: 'admin',
      KAPADMIN_META_PASSWORD: 'changeit',
    };
    const words = ['auth', 'test', '--url', tasks, '--user', 'byrole', '--password', 'wrong', '-q'];
    const cwd = makeFolder({ env: `${name}=${value}\n` });
    const shell = await runLine(words, { env: { ...account, [name]: value } });
    const file = await runLine([...words, '--env-file', 'env'], { cwd, env: account });
    for (const { code, stdout } of [shell, file]) {
      expect(stdout).toContain('No kapacitor.conf found: assuming authentication on');
      expect(stdout).toContain('401');
      expect(code).toBe(1);
    }
  });

  it('verdict 1: config check has nothing to check beside them', async () => {
    for (const [name, value] of others.filter(([one]) => !one.startsWith('KAPACITOR_HTTP'))) {
      const { code, stderr } = await runLine(['config', 'check'], { env: { [name]: value } });
      expect([name, code]).toEqual([name, 2]);
      expect(stderr).toContain('no kapacitor.conf and no Kapacitor variables found');
    }
    const { stderr } = await runLine(['config', 'check'], { env: { KAPACITOR_URL: 'http://k:9092' } });
    expect(stderr).toContain('KAPACITOR_URL is read by the kapacitor program and Chronograf, not by the daemon.');
  });

  it('verdict 1: a variable of a known section is a configuration', async () => {
    const { stdout, code } = await runLine(['config', 'check'], { env: { KAPACITOR_HTTP_AUTH_ENABLED: 'true' } });
    expect(code).toBe(1);
    expect(stdout).toContain('noauth');
  });
});
