import { chmodSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as check from '../../src/commands/config/check.js';
import { codeScanningFaults } from '../output/formats/github-sarif.js';
import { findingsFaults, sarifFaults } from '../output/views/schemas.js';
import { readJunit } from '../output/formats/junit-reader.js';
import { makeFolder } from '../folder.js';
import { runLine, type Ran } from '../run.js';
import type { TestOptions } from '../context.js';
import { optionsOf } from './words.js';

const good = `data_dir = "/var/lib/kapacitor"
[http]
  bind-address = "127.0.0.1:9092"
  auth-enabled = true
  shared-secret = "hUsh-0123456789abcdef0123456789abcdef"
[auth]
  enabled = true
  cache-expiration = "10m"
  bcrypt-cost = 10
  meta-addr = "localhost:8091"
  meta-username = "kapacitor"
  meta-password = "hUsh-hUsh"
`;
const warned = good.replace('"127.0.0.1:9092"', '":9092"');
const wrong = good.replace('enabled = true\n  cache', 'enabled = false\n  cache');

/** Runs in a folder with these files. */
async function inFolder(
  files: Readonly<Record<string, string>>,
  words: string,
  options: TestOptions = {},
): Promise<Ran & { readonly cwd: string }> {
  const cwd = makeFolder(files);
  const ran = await runLine(['config', 'check', ...words.split(' ').filter((word) => word !== '')], {
    cwd,
    ...options,
  });
  return { ...ran, cwd };
}

function idsOf({ stdout }: Ran): readonly string[] {
  return (JSON.parse(stdout) as { findings: { id: string }[] }).findings.map(({ id }) => id);
}

describe('the words of config check', () => {
  it('mean options', async () => {
    expect(await optionsOf(check.define, ['k.conf', '--no-env'])).toEqual({ file: 'k.conf', env: false });
    expect(await optionsOf(check.define, ['--env-file', 'e', '--fail-on', 'warning'])).toEqual({
      env: true,
      envFile: 'e',
      failOn: 'warning',
    });
  });

  it('refuse a severity that does not exist', async () => {
    await expect(optionsOf(check.define, ['--fail-on', 'info'])).rejects.toThrow('Allowed choices are warning, error');
  });
});

describe('config check', () => {
  it('ends with 0 where nothing is wrong', async () => {
    const { code, stdout, stderr, cwd } = await inFolder({ 'k.conf': good }, 'k.conf --no-env');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`kapacitor.conf: ${cwd}/k.conf\nenvironment: not read (--no-env)\n\nNo problems found.\n`);
  });

  it('ends with 1 where an error was found, and with 0 where only a warning was', async () => {
    expect((await inFolder({ 'k.conf': wrong }, 'k.conf --no-env')).code).toBe(1);
    expect((await inFolder({ 'k.conf': warned }, 'k.conf --no-env')).code).toBe(0);
  });

  it('ends with 1 for a warning with --fail-on warning, not for a note', async () => {
    expect((await inFolder({ 'k.conf': warned }, 'k.conf --no-env --fail-on warning')).code).toBe(1);
    const noted = good.replace('"10m"', '"30s"');
    const { code, stdout } = await inFolder({ 'k.conf': noted }, 'k.conf --no-env --fail-on warning');
    expect(code).toBe(0);
    expect(stdout).toContain('password-cache-hour');
  });

  it('reads the file that KAPACITOR_CONFIG_PATH names, and the variables of the shell', async () => {
    const cwd = makeFolder({ 'k.conf': good });
    const env = { KAPACITOR_CONFIG_PATH: `${cwd}/k.conf`, KAPACITOR_AUTH_ENABLED: 'false' };
    const ran = await runLine(['config', 'check', '-o', 'json'], { cwd, env });
    expect(idsOf(ran)).toEqual(['noauth', 'overridden']);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      subjects: [
        { what: 'kapacitor.conf', name: `${cwd}/k.conf` },
        { what: 'environment', name: 'the shell' },
      ],
    });
  });

  it('reads the variables of --env-file, and names their lines', async () => {
    const files = { 'k.conf': good, 'k.env': '# mine\nKAPACITOR_AUTH_META_USE-tls=true\nKAPACITOR_AUTH_BCRYPT=10\n' };
    const { stdout, code, cwd } = await inFolder(files, 'k.conf --env-file k.env');
    expect(code).toBe(1);
    expect(stdout).toContain(`  at KAPACITOR_AUTH_BCRYPT of ${cwd}/k.env:3\n`);
    expect(stdout).toContain(`  at KAPACITOR_AUTH_META_USE-tls of ${cwd}/k.env:2\n`);
    expect(stdout).toContain('Did you mean KAPACITOR_AUTH_META_USE_TLS?');
  });

  it('checks variables alone, where there is no file', async () => {
    const env = { KAPACITOR_HTTP_AUTH_ENABLED: 'true', KAPACITOR_HTTP_SHARED_SECRET: 'hUsh' };
    const ran = await runLine(['config', 'check', '-o', 'json'], { env });
    expect(idsOf(ran)).toEqual(['noauth', 'shared-secret-short', 'https-off']);
  });

  it('is a usage error where there is neither', async () => {
    const { code, stderr } = await runLine(['config', 'check']);
    expect(code).toBe(2);
    expect(stderr).toContain('no kapacitor.conf and no Kapacitor variables found');
  });

  it('is a usage error for a file that does not exist, or named twice', async () => {
    const missing = await inFolder({}, 'none.conf');
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('none.conf');
    const twice = await inFolder({ 'k.conf': good }, 'k.conf --kapacitor-conf k.conf');
    expect(twice.code).toBe(2);
    expect(twice.stderr).toContain('cannot be combined');
  });

  it('reports a file that others can read, with the command that closes it', async () => {
    const cwd = makeFolder({ "it's.conf": good });
    chmodSync(`${cwd}/it's.conf`, 0o644);
    const { stdout, code } = await runLine(['config', 'check', "it's.conf", '--no-env'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain(`its mode is 0644.`);
    expect(stdout).toContain(String.raw`chmod o-rwx '${cwd}/it'\''s.conf'`);
  });

  it('reads the files of TLS that the configuration names', async () => {
    const tls = good.replace('"localhost:8091"', '"meta1:8091"\n  meta-use-tls = true\n  meta-ca = "ca.pem"');
    expect(idsOf(await inFolder({ 'k.conf': tls }, 'k.conf --no-env -o json'))).toEqual(['tls-file-unreadable']);
    const empty = await inFolder({ 'k.conf': tls, 'ca.pem': '' }, 'k.conf --no-env -o json');
    expect(idsOf(empty)).toEqual(['tls-ca-empty']);
  });

  it('prints SARIF, JUnit and JSON that their readers read', async () => {
    const files = { 'k.conf': wrong };
    const sarif = await inFolder(files, 'k.conf --no-env -o sarif');
    expect(sarif.code).toBe(1);
    expect(sarifFaults(JSON.parse(sarif.stdout))).toBe('');
    expect(codeScanningFaults(JSON.parse(sarif.stdout))).toEqual([]);
    expect(sarif.stdout).toContain('"uri": "k.conf"');
    expect(sarif.stdout).toContain('"id": "kapadmin/config-check/k.conf/"');
    const junit = await inFolder(files, 'k.conf --no-env -o junit');
    expect(junit.code).toBe(1);
    expect(readJunit(junit.stdout).filter(({ end }) => end === 'failed')).toHaveLength(1);
    const json = await inFolder(files, 'k.conf --no-env -o json');
    expect(findingsFaults(JSON.parse(json.stdout))).toBe('');
  });

  it('-o junit fails where the exit code says no', async () => {
    for (const [words, code] of [
      ['', 0],
      [' --fail-on warning', 1],
    ] as const) {
      const ran = await inFolder({ 'k.conf': warned }, `k.conf --no-env -o junit${words}`);
      const failed = readJunit(ran.stdout).filter(({ end }) => end === 'failed');
      expect([ran.code, failed.length > 0]).toEqual([code, code === 1]);
    }
  });

  it('-o sarif shows what lies in no file in the kapacitor.conf, the environment file, or --sarif-anchor', async () => {
    const files = { 'k.conf': good, 'k.env': 'KAPACITOR_AUTH_ENABLD=true\n' };
    const env = { KAPACITOR_AUTH_ENABLD: 'true' };
    const uris = async (words: string): Promise<unknown> => {
      const { stdout, stderr } = await inFolder(files, `${words} -o sarif`, { env });
      if (stdout === '') return stderr;
      expect(codeScanningFaults(JSON.parse(stdout))).toEqual([]);
      return new Set(stdout.match(/"uri": ".*"/g));
    };
    expect(await uris('k.conf')).toEqual(new Set(['"uri": "k.conf"']));
    expect(await uris('/dev/null --env-file k.env')).toEqual(new Set(['"uri": "k.env"']));
    expect(await uris('/dev/null')).toContain('error: SARIF needs a file');
    expect(await uris('/dev/null --sarif-anchor a/b.conf')).toEqual(new Set(['"uri": "a/b.conf"']));
    expect(await uris('k.conf --sarif-anchor=')).toContain('--sarif-anchor: the file has no name');
  });

  it('writes them with --out', async () => {
    const log = `${makeFolder()}/log.sarif`;
    const { code, stdout } = await inFolder({ 'k.conf': wrong }, `k.conf --no-env -o sarif --out ${log}`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(sarifFaults(JSON.parse(readFileSync(log, 'utf8')))).toBe('');
  });

  it('says of a misspelled key what the daemon uses in its place, and which finding the command fixes', async () => {
    const twice = good.replace('  meta-password', '  meta-usernme = "k"\n  meta-password').replace(/^data_dir.*\n/, '');
    const { stdout, cwd } = await inFolder({ 'k.conf': twice }, 'k.conf --no-env');
    expect(stdout).toContain(
      `  This line has no effect.\n  Remove line 11 of ${cwd}/k.conf: the daemon uses line 10\n`,
    );
    expect(stdout).toContain('To fix data-dir-missing: kapadmin config fix --write');
    const alone = await inFolder({ 'k.conf': good.replace('meta-username', 'meta-usernme') }, 'k.conf --no-env');
    expect(alone.stdout).toContain('  The setting keeps its default; the value in the file is not used.\n');
    const set = await inFolder(
      { 'k.conf': good.replace('meta-username', 'meta-usernme'), env: 'KAPACITOR_AUTH_META_USERNAME=k\n' },
      'k.conf --env-file env',
    );
    expect(set.stdout).toContain('  This line has no effect: the daemon uses KAPACITOR_AUTH_META_USERNAME.\n');
  });

  it('gives one reason for the checks that were not made', async () => {
    const { stdout } = await inFolder({ 'k.conf': '{not toml' }, 'k.conf --no-env');
    expect(stdout).toMatch(
      /^\d+ other checks were not made: Kapacitor cannot parse the file\. To list them: -o json$/m,
    );
    const refused = await inFolder({ 'k.conf': good.replace('"10m"', '"10d"') }, 'k.conf --no-env');
    expect(refused.stdout).toContain('Not checked, because Kapacitor rejects the values they depend on: ');
  });

  it('prints the command that fixes, with the same environment', async () => {
    const { stdout, cwd } = await inFolder({ 'k.conf': wrong }, 'k.conf --no-env');
    expect(stdout).toContain(`To fix it: kapadmin config fix --write ${cwd}/k.conf --no-env\n`);
  });
});
