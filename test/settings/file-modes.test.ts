import { chmodSync, chownSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPassword } from '../../src/settings/password-flags.js';
import { createLogger } from '../../src/output/logger.js';
import { plainStyle } from '../../src/output/style.js';
import { makeTestContext } from '../context.js';
import { makeFolder } from '../folder.js';
import { runLine } from '../run.js';
import { placeOf } from './resolve.js';

const own = 'default: a\nprofiles:\n  a: { url: "http://127.0.0.1:9", output: yaml }\n';

describe('attack M5: a configuration file', () => {
  const file = (home: string): string => path.join(home, '.config/kapadmin/config.yaml');

  it.each([0o620, 0o602, 0o622, 0o664, 0o666, 0o777])('of mode %o is refused, with the chmod line', async (mode) => {
    const { context, resolve } = placeOf({ own, env: { KAPADMIN_META_USERNAME: 'a', KAPADMIN_META_PASSWORD: 'b' } });
    chmodSync(file(context.home), mode);
    await expect(resolve()).rejects.toMatchObject({
      kind: 'usage',
      code: 'config-too-open',
      message: `${file(context.home)} is writable by others (mode 0${mode.toString(8)})`,
      hint: `Fix: chmod go-w ${file(context.home)}`,
    });
  });

  it.each([0o600, 0o640, 0o644, 0o400])('of mode %o without passwords is taken', async (mode) => {
    const { context, resolve } = placeOf({ own });
    chmodSync(file(context.home), mode);
    expect((await resolve()).nodes).toEqual(['http://127.0.0.1:9']);
  });

  it('of another user is refused, whatever its content; one of root is taken', async () => {
    const others = process.getuid?.() === 0 ? 4321 : undefined;
    const { context, resolve } = placeOf({ own, ...(others === undefined ? { uid: 4321 } : {}) });
    if (others !== undefined) {
      const rootsOwn = placeOf({ own, uid: others });
      expect((await rootsOwn.resolve()).nodes).toEqual(['http://127.0.0.1:9']);
      chownSync(file(context.home), others, others);
    }
    await expect(resolve()).rejects.toMatchObject({
      code: 'config-not-yours',
      hint:
        others === undefined
          ? `If it is yours: sudo chown 4321 ${file(context.home)}`
          : 'Run kapadmin as that user, or with the configuration of root (sudo -H).',
    });
  });

  it.each([
    'user list',
    'profile list',
    'profile show',
    'profile add x --meta-url http://h',
    'profile use a',
    'plan x',
    'explain',
  ])('that others may write stops %s', async (words) => {
    const home = makeFolder({ '.config/kapadmin/config.yaml': own });
    chmodSync(file(home), 0o666);
    const { code, stderr } = await runLine(words.split(' '), { home });
    expect([code, stderr]).toEqual([2, expect.stringContaining(`Fix: chmod go-w ${file(home)}`)]);
  });

  it('that is named by --config or KAPADMIN_CONFIG is held to the same', async () => {
    const cwd = makeFolder({ 'c.yaml': own });
    chmodSync(path.join(cwd, 'c.yaml'), 0o646);
    for (const [flags, env] of [
      [['--config', 'c.yaml'], {}],
      [[], { KAPADMIN_CONFIG: 'c.yaml' }],
    ] as const) {
      const { code, stderr } = await runLine(['user', 'list', ...flags], { cwd, env });
      expect([code, stderr]).toEqual([2, expect.stringContaining('chmod go-w')]);
    }
  });

  it('gives no names to completion where others may write it', async () => {
    const home = makeFolder({ '.config/kapadmin/config.yaml': own });
    chmodSync(file(home), 0o666);
    const { code, stdout } = await runLine(['__complete', '--', 'profile', 'show', ''], { home });
    expect([code, stdout]).toEqual([0, '']);
  });
});

describe('attack M7: a file of secrets', () => {
  const kinds = ['metaPasswordFile', 'metaSecretFile'] as const;

  it.each(kinds)('that others can write is refused: %s', async (flag) => {
    for (const mode of [0o620, 0o602, 0o666]) {
      const { context, resolve } = placeOf({ flags: { metaUsername: 'joe', [flag]: 'secret' } });
      await context.files.writeFileAtomic(path.join(context.cwd, 'secret'), 'hush-hush\n', mode);
      await expect(resolve()).rejects.toMatchObject({
        code: 'secret-file-too-open',
        hint: `Fix: chmod 600 ${path.join(context.cwd, 'secret')}`,
      });
    }
  });

  it.each(kinds)('that others can read is warned about: %s', async (flag) => {
    for (const mode of [0o644, 0o640, 0o444]) {
      const { context, resolve } = placeOf({ flags: { metaUsername: 'joe', [flag]: 'secret' } });
      await context.files.writeFileAtomic(path.join(context.cwd, 'secret'), 'hush-hush\n', mode);
      await resolve();
      expect(context.stderr().match(/warning: .*is readable by others/g)).toHaveLength(1);
      expect(context.stderr()).not.toContain('hush');
    }
  });

  it('of mode 0600 or 0400 is taken without a word', async () => {
    for (const mode of [0o600, 0o400]) {
      const { context, resolve } = placeOf({ flags: { metaUsername: 'joe', metaPasswordFile: 'secret' } });
      await context.files.writeFileAtomic(path.join(context.cwd, 'secret'), 'hush-hush\n', mode);
      await resolve();
      expect(context.stderr()).toBe('');
    }
  });

  it('a key is one, a certificate is none', async () => {
    const pem = (what: string): string => `-----BEGIN ${what}-----\nAAAA\n-----END ${what}-----\n`;
    const { context, resolve } = placeOf({ flags: { metaCert: 'c.pem', metaKey: 'k.pem' } });
    await context.files.writeFileAtomic(path.join(context.cwd, 'c.pem'), pem('CERTIFICATE'), 0o666);
    await context.files.writeFileAtomic(path.join(context.cwd, 'k.pem'), pem('PRIVATE KEY'), 0o644);
    await resolve();
    expect(context.stderr()).toMatch(/^warning: --meta-key \(.*k\.pem\) is readable by others[^\n]*\n$/);
    await context.files.writeFileAtomic(path.join(context.cwd, 'k.pem'), pem('PRIVATE KEY'), 0o622);
    await expect(resolve()).rejects.toMatchObject({ code: 'secret-file-too-open' });
  });

  it('of a new user is held to the same, and warned about once however often it is read', async () => {
    const cwd = makeFolder({ pw: 'hush-hush' });
    const context = makeTestContext({ cwd });
    const logger = createLogger((text) => context.io.err(text), plainStyle, {});
    const deps = { context, flags: {}, logger, prompter: () => Promise.reject(new Error('nobody asks')) };
    const read = () => readPassword({ passwordFile: 'pw' }, deps, 'Password', { twice: true });
    chmodSync(path.join(cwd, 'pw'), 0o644);
    await read();
    await read();
    expect(context.stderr().match(/warning:/g)).toHaveLength(1);
    chmodSync(path.join(cwd, 'pw'), 0o666);
    await expect(read()).rejects.toMatchObject({ kind: 'usage', code: 'secret-file-too-open' });
  });
});

describe('attack L5: --meta-insecure-skip-verify', () => {
  it.each([
    ['the flag', ['--meta-insecure-skip-verify'], {}],
    ['the variable', [], { KAPADMIN_META_INSECURE_SKIP_VERIFY: '1' }],
  ])('warns every time: by %s', async (_, flags, more) => {
    const env = { KAPADMIN_META_USERNAME: 'a', KAPADMIN_META_PASSWORD: 'b', KAPADMIN_RETRIES: '0', ...more };
    const { stderr } = await runLine(['user', 'list', '--meta-url', 'https://127.0.0.1:9', ...flags], { env });
    expect(stderr).toMatch(
      /^warning: the TLS certificates of the meta nodes are not verified: .*https:\/\/127\.0\.0\.1:9/m,
    );
  });
});

describe("attack L5's brother: a kapacitor.conf that skips verification", () => {
  const conf = (tls: boolean): string =>
    `[http]\nauth-enabled = true\n[auth]\nenabled = true\nbcrypt-cost = 4\nmeta-addr = "127.0.0.1:9"\n` +
    `meta-use-tls = ${String(tls)}\nmeta-insecure-skip-verify = true\nmeta-username = "a"\nmeta-password = "b"\n`;

  async function warned(tls: boolean, user: readonly string[]): Promise<readonly string[]> {
    const cwd = makeFolder({ 'k.conf': conf(tls) });
    const words = ['auth', 'test', '--url', 'http://localhost:9092', '--kapacitor-conf', 'k.conf', '--no-env', ...user];
    const { stderr } = await runLine(words, { cwd, stdin: 'hush' });
    return stderr.split('\n').filter((line) => line.includes('are not verified'));
  }

  it("warns once before auth test sends the daemon's account, and only then", async () => {
    const joe = ['--user', 'joe', '--password-stdin'];
    expect(await warned(true, joe)).toEqual([
      expect.stringMatching(
        /^warning: the TLS certificates of the meta nodes are not verified: .*https:\/\/127\.0\.0\.1:9 /,
      ),
    ]);
    expect(await warned(false, joe)).toEqual([]);
  });
});

describe('attack L12: the configuration file', () => {
  it('loses nothing when six profiles are added at once, and one name is added once', async () => {
    const home = makeFolder();
    const add = (name: string) => runLine(['profile', 'add', name, '--meta-url', `http://${name}`], { home });
    const ran = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(add));
    expect(ran.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
    const { stdout } = await runLine(['profile', 'list', '-o', 'name'], { home });
    expect(stdout.trim().split('\n').toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    const same = await Promise.all([add('g'), add('g')]);
    expect(same.map(({ code }) => code).toSorted((a, b) => a - b)).toEqual([0, 6]);
  });
});

describe('attack L7: an odd HOME', () => {
  it.each(['/proc', '/dev/fd'])('%s: profile add ends with an error', async (home) => {
    const { code, stderr } = await runLine(['profile', 'add', 'x', '--meta-url', 'http://h'], { home });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: cannot create the directory /)]);
  });
});
