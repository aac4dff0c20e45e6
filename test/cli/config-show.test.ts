import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { runLine, type Ran } from '../run.js';

const conf = `data_dir = "/var/lib/kapacitor"
[http]
  Auth-Enabled = true
  shared-secret = "hUsh-shared"
[auth]
  enabled = true
  bcrypt-cost = 10
  cache-expiration = "90m"
  meta-addr = "kap:hUsh-addr@meta1:8091"
  meta-username = "kapacitor"
`;

async function show(files: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<Ran> {
  return runLine(['config', 'show', ...words], { cwd: makeFolder(files) });
}

interface Shown {
  readonly starts: boolean;
  readonly message: string | null;
  readonly settings: readonly { readonly section: string; readonly key: string; readonly value: string }[];
}

describe('config show', () => {
  it('shows each value with its origin: line, variable, default', async () => {
    const files = {
      'k.conf': conf,
      'k.env': 'KAPACITOR_AUTH_CACHE_EXPIRATION=5m\nKAPACITOR_AUTH_META_PASSWORD=hUsh\n',
    };
    const { code, stdout, stderr } = await show(files, 'k.conf', '--env-file', 'k.env');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^auth-enabled +true +\/.*\/k\.conf:3:3$/m);
    expect(stdout).toMatch(/^bind-address +":9092" +default$/m);
    expect(stdout).toMatch(/^cache-expiration +5m0s +KAPACITOR_AUTH_CACHE_EXPIRATION of \/.*\/k\.env$/m);
    expect(stdout).toMatch(/^meta-password +\*\*\* +KAPACITOR_AUTH_META_PASSWORD of /m);
    expect(stdout).toMatch(/^meta-internal-shared-secret +empty +default$/m);
    expect(stdout).toMatch(/^meta-addr +"kap:\*\*\*@meta1:8091" +/m);
    expect(stdout).toContain('Kapacitor caches an accepted password for 1 h; no setting changes that.');
    expect(stdout).not.toContain('hUsh');
  });

  it('gives all keys of both sections as JSON', async () => {
    const { stdout } = await show({ 'k.conf': conf }, 'k.conf', '--no-env', '-o', 'json');
    const { starts, settings } = JSON.parse(stdout) as Shown;
    expect(starts).toBe(true);
    expect(settings.filter(({ section }) => section === 'http')).toHaveLength(10);
    expect(settings.filter(({ section }) => section === 'auth')).toHaveLength(12);
    expect(settings).toContainEqual({
      section: 'auth',
      key: 'cache-expiration',
      value: '1h30m0s',
      origin: { from: 'file', line: 8, column: 3, key: 'cache-expiration' },
    });
    expect(stdout).not.toContain('hUsh');
  });

  it("says the daemon's own message where it refuses, and ends with 1", async () => {
    const { code, stdout, stderr } = await show({ 'k.conf': conf.replace('"90m"', '"1d"') }, 'k.conf', '--no-env');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^To see how to fix it: kapadmin config check \/.*k\.conf --no-env\n$/);
    expect(stdout).toContain(
      'Kapacitor does not start with this configuration: parse config: toml: line 8 (last key "auth.cache-expiration"): time: unknown unit "d" in duration "1d"\n',
    );
    expect(stdout).not.toContain('meta-addr');
  });

  it('masks the piece of a secret that the message repeats', async () => {
    const { code, stdout } = await show({ 'k.conf': conf.replace('"hUsh-shared"', 'hUsh') }, 'k.conf', '--no-env');
    expect(code).toBe(1);
    expect(stdout).toContain('expected value but found "***" instead');
  });

  it('field tls-files-of-another-machine: says nothing against files that may be there for the daemon', async () => {
    const tls = `${conf}  meta-ca = "/none/ca.pem"\n`;
    const { code, stdout } = await show({ 'k.conf': tls }, 'k.conf', '--no-env');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^meta-ca +"\/none\/ca\.pem"/m);
    const half = await show({ 'k.conf': `${tls}  meta-cert = "/none/c.pem"\n` }, 'k.conf', '--no-env');
    expect(half.code).toBe(1);
    expect(half.stdout).toContain('Must provide both key and cert files: only cert file provided.');
  });

  it('field starts-true-although-not: judges data_dir, hostname and list sections, and says what it judges', async () => {
    const without = await show({ 'k.conf': conf.replace(/^data_dir.*\n/, '') }, 'k.conf', '--no-env', '-o', 'json');
    expect(without.code).toBe(1);
    expect(JSON.parse(without.stdout)).toMatchObject({
      starts: false,
      message: expect.stringContaining('must configure valid data dir'),
      startsCovers: expect.stringContaining('data_dir'),
    });
    const table = await show({ 'k.conf': `${conf}[influxdb]\n` }, 'k.conf', '--no-env');
    expect(table.stdout).toContain(
      'toml: line 11 (last key "influxdb"): incompatible types: TOML value has type map[string]any; destination has type slice',
    );
    const listed = await show({ 'k.conf': `${conf}[[influxdb]]\n[slack]\n` }, 'k.conf', '--no-env');
    expect(listed.code).toBe(0);
    expect(listed.stdout).toContain('Checked: [http], [auth], data_dir, hostname and the list sections');
  });

  it('hides a user name that looks like the password', async () => {
    const swapped = conf.replace('"kapacitor"', '"hUsh-Pa55word"\n  meta-password = "kapacitor"');
    const { stdout } = await show({ 'k.conf': swapped }, 'k.conf', '--no-env');
    expect(stdout).toMatch(/^meta-username +\*\*\* /m);
    expect(stdout).not.toContain('hUsh');
  });
});
