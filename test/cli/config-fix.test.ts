import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as fix from '../../src/commands/config/fix.js';
import { makeFolder } from '../folder.js';
import { runLine, type Ran } from '../run.js';
import type { TestOptions } from '../context.js';
import { optionsOf } from './words.js';

const faulty = `data_dir = "/d"
# my file
[http] # ours
  bind-address = "127.0.0.1:9092"
  auth-enabled = true

[auth]
\tenabled = true   # yes
  meta-addr = " 127.0.0.1:8091:8091"
  meta-username = "kapacitor"
  meta-pasword = "hUsh-hUsh-hUsh"
`;
const fixed = `data_dir = "/d"
# my file
[http] # ours
  bind-address = "127.0.0.1:9092"
  auth-enabled = true
  shared-secret = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

[auth]
\tenabled = true   # yes
  meta-addr = "127.0.0.1:8091"
  meta-username = "kapacitor"
  meta-password = "hUsh-hUsh-hUsh"
  bcrypt-cost = 10
  cache-expiration = "10m"
`;
const shown = fixed
  .replace('"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"', '"***"')
  .replace('"hUsh-hUsh-hUsh"', '"***"');

const zeros = { randomBytes: (count: number) => new Uint8Array(count) };

interface InFolder extends Ran {
  readonly cwd: string;
  text(): string;
}

async function inFolder(words: string, options: TestOptions = {}, text = faulty): Promise<InFolder> {
  const cwd = makeFolder({ 'k.conf': text });
  const given = words.replace('OUT', `${cwd}/out`).split(' ');
  const argv = ['config', 'fix', 'k.conf', '--no-env', ...given.filter((word) => word !== '')];
  const ran = await runLine(argv, { cwd, ...zeros, ...options });
  return { ...ran, cwd, text: () => readFileSync(`${cwd}/k.conf`, 'utf8') };
}

describe('the words of config fix', () => {
  it('mean options', async () => {
    expect(await optionsOf(fix.define, ['k.conf', '--write', '--yes'])).toEqual({
      file: 'k.conf',
      env: true,
      write: true,
      yes: true,
    });
  });
});

describe('config fix', () => {
  it('prints the fixed file, its secrets masked, and changes nothing', async () => {
    const { code, stdout, stderr, text } = await inFolder('');
    expect(code).toBe(0);
    expect(stdout).toBe(shown);
    expect(stderr).toMatch(/^Would fix:$/m);
    expect(stderr).toContain('\n  meta-addr-form: meta-addr is not HOST:PORT.');
    expect(stderr).toContain('warning: secrets are shown as ***; --out FILE and --write save the real values\n');
    expect(stderr).toMatch(/k\.conf is unchanged\. To save the fixes: --write, or --out FILE$/m);
    expect(text()).toBe(faulty);
  });

  it('verdict 17: names the lines of the file as it was read, whatever was added above', async () => {
    const text = [
      '[http]',
      '  auth-enabled = true',
      '  pprof-enabled = true',
      '[auth]',
      '  enabled = true',
      '  bcrypt-cost = 40',
      '  meta-pasword = "hUsh-hUsh-hUsh"',
      '  cache-expiration = "0s"',
      '  meta-addr = "http://meta1:8091"',
      '',
    ].join('\n');
    const { stderr } = await inFolder('', {}, text);
    expect(stderr).toContain('data-dir-missing: data_dir is not set');
    expect(stderr).toMatch(/shared-secret-empty: shared-secret is empty: anyone can sign a token/);
    expect(stderr).toMatch(/pprof-open at \S+k\.conf:3:3: /);
    expect(stderr).toMatch(/bcrypt-cost-high at \S+k\.conf:6:3: /);
    expect(stderr).toMatch(/cache-off at \S+k\.conf:8:3: /);
    expect(stderr).toContain('[auth] meta-addr is "http://meta1:8091" (line 9)');
    const lines = [...stderr.matchAll(/k\.conf:(\d+)/g)].map(([, line]) => Number(line));
    const json = JSON.parse((await inFolder('-o json', {}, text)).stdout) as {
      remaining: { id: string; place: { line?: number } }[];
    };
    expect(json.remaining.flatMap(({ place }) => place.line ?? [])).toEqual(lines);
  });

  it('writes the fixed file whole with --out, only for its owner', async () => {
    const { code, stdout, stderr, cwd } = await inFolder('--out OUT');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).not.toContain('hUsh');
    expect(readFileSync(`${cwd}/out`, 'utf8')).toBe(fixed);
    expect(statSync(`${cwd}/out`).mode & 0o777).toBe(0o600);
  });

  it('writes no secret with --out and another format', async () => {
    const { cwd } = await inFolder('-o json --out OUT');
    expect(readFileSync(`${cwd}/out`, 'utf8')).not.toMatch(/hUsh|AAAA/);
  });

  it('changes the file with --write --yes, and shows what changes', async () => {
    const { code, stdout, stderr, cwd, text } = await inFolder('--write --yes');
    expect(code).toBe(0);
    expect(text()).toBe(fixed);
    expect(stderr).toMatch(/^Fixed:$/m);
    expect(stderr).toMatch(/\nRestart Kapacitor so that it takes effect\.\n$/);
    expect(stdout).toContain('@@ -3,9 +3,12 @@\n');
    expect(stdout).toContain('-  meta-addr = " 127.0.0.1:8091:8091"\n');
    expect(stdout).toContain('+  meta-addr = "127.0.0.1:8091"\n');
    expect(stdout).toContain('+  meta-password = "***"\n');
    expect(stdout).toMatch(new RegExp(`\\nChanged ${cwd}/k\\.conf\\.\\n$`));
    expect(stdout).not.toMatch(/hUsh|AAAA/);
  });

  it('keeps the mode of the file', async () => {
    const cwd = makeFolder({ 'k.conf': faulty });
    chmodSync(`${cwd}/k.conf`, 0o640);
    await runLine(['config', 'fix', 'k.conf', '--no-env', '--write', '--yes'], { cwd });
    expect(statSync(`${cwd}/k.conf`).mode & 0o777).toBe(0o640);
  });

  it('keeps the owner of the file, where it may', async () => {
    const cwd = makeFolder({ 'k.conf': faulty });
    const mayChange = process.getuid?.() === 0;
    if (mayChange) chownSync(`${cwd}/k.conf`, 4321, 1234);
    const { uid, gid } = statSync(`${cwd}/k.conf`);
    const { code } = await runLine(['config', 'fix', 'k.conf', '--no-env', '--write', '--yes'], { cwd });
    expect(code).toBe(0);
    expect(statSync(`${cwd}/k.conf`)).toMatchObject({ uid, gid });
  });

  it('needs --yes where there is no terminal', async () => {
    const { code, stderr, text } = await inFolder('--write');
    expect(code).toBe(2);
    expect(stderr).toContain('requires --yes without a terminal');
    expect(text()).toBe(faulty);
  });

  it('writes nothing with --dry-run, and shows what would change', async () => {
    const { code, stdout, text } = await inFolder('--write --dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('+  bcrypt-cost = 10\n');
    expect(stdout).toContain('(dry run)');
    expect(text()).toBe(faulty);
  });

  it('says so where there is nothing to fix', async () => {
    const { code, stdout, stderr, text } = await inFolder('--write --yes', {}, fixed);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\/.*\/k\.conf is unchanged\.\n$/);
    expect(text()).toBe(fixed);
  });

  it('names what a misspelled variable becomes, and how its file takes effect', async () => {
    const env = 'services:\n  k:\n    environment:\n      - KAPACITOR_AUTH_META_USE-tls=false\n';
    const cwd = makeFolder({ 'k.conf': fixed, env });
    const words = ['config', 'fix', 'k.conf', '--env-file', 'env', '--write', '--yes'];
    const preview = await runLine(words.slice(0, -2), { cwd });
    expect(preview.stderr).toMatch(/^Fixed only with --write:\n {2}misspelt-variable: /m);
    expect(preview.stderr).not.toContain('Fix by hand');
    const { stderr } = await runLine(words, { cwd });
    expect(stderr).toContain(
      'KAPACITOR_AUTH_META_USE-tls is not a variable of the daemon. New name: KAPACITOR_AUTH_META_USE_TLS.\n',
    );
    expect(stderr).toMatch(/\nRecreate the container so that it takes effect\.\n$/);
  });

  it('offers to save nothing where nothing could be fixed', async () => {
    const { stdout, stderr } = await inFolder('', {}, '{not toml');
    expect(stdout).toBe('***');
    expect(stderr).toMatch(/^warning: secrets are shown as \*\*\*\nFix by hand:\n {2}file-syntax at /);
    expect(stderr).not.toContain('Would fix');
  });

  it('lists what cannot be fixed, with what to do', async () => {
    const { stderr } = await inFolder('', {}, fixed.replace('"127.0.0.1:9092"', '":9092"'));
    expect(stderr).toMatch(
      /^Fix by hand:\n {2}https-off at .*: Passwords are sent .*\. Set https-enabled = true with https-certificate/m,
    );
  });

  it('writes nothing over a file that was changed in the meantime', async () => {
    const cwd = makeFolder({ 'k.conf': faulty });
    const now = (): number => {
      writeFileSync(`${cwd}/k.conf`, '# new\n');
      return 0;
    };
    const clock = { now, sleep: () => Promise.resolve() };
    const { code, stderr } = await runLine(['config', 'fix', 'k.conf', '--no-env', '--write', '--yes'], {
      cwd,
      clock,
    });
    expect(code).toBe(2);
    expect(stderr).toContain('was changed in the meantime; nothing was written');
    expect(readFileSync(`${cwd}/k.conf`, 'utf8')).toBe('# new\n');
  });

  it('makes a new secret each time', async () => {
    const [one, two] = [await inFolder('--out OUT', { randomBytes }), await inFolder('--out OUT', { randomBytes })];
    const secretOf = ({ cwd }: InFolder): string =>
      /shared-secret = "([^"]*)"/.exec(readFileSync(`${cwd}/out`, 'utf8'))?.[1] ?? '';
    expect(secretOf(one)).toMatch(/^[\w-]{48}$/);
    expect(secretOf(one)).not.toBe(secretOf(two));
  });

  it('takes the variables into account: what one decides is not changed in the file', async () => {
    const cwd = makeFolder({ 'k.conf': faulty, 'k.env': 'KAPACITOR_AUTH_BCRYPT_COST=12\n' });
    const argv = ['config', 'fix', 'k.conf', '--env-file', 'k.env', '--out', `${cwd}/out`];
    await runLine(argv, { cwd });
    expect(readFileSync(`${cwd}/out`, 'utf8')).not.toContain('bcrypt-cost');
  });

  it('is a usage error where there is no file', async () => {
    const { code, stderr } = await runLine(['config', 'fix'], { env: { KAPACITOR_AUTH_ENABLED: 'true' } });
    expect(code).toBe(2);
    expect(stderr).toContain('no kapacitor.conf found');
    expect(stderr).toContain('kapadmin config init');
  });

  it('gives JSON without secrets', async () => {
    const { stdout } = await inFolder('-o json');
    expect(stdout).not.toMatch(/hUsh|AAAA/);
    expect(JSON.parse(stdout)).toMatchObject({ changed: true, written: false, text: shown, remaining: [] });
  });
});
