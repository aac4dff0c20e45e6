import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type KapacitorConfOptions,
  type KapacitorSources,
  locateKapacitorConf,
} from '../../src/settings/locate-kapacitor-conf.js';
import { makeTestContext, type TestOptions } from '../context.js';
import { makeFolder } from '../folder.js';

const own = '.kapacitor/kapacitor.conf';
const system = 'etc/kapacitor/kapacitor.conf';
const environment = 'etc/default/kapacitor';

interface Machine extends TestOptions {
  /** Files of the home and of the system, and `named.conf` and `named.env` of the working directory. */
  readonly texts?: Readonly<Record<string, string | Uint8Array>>;
  readonly options?: KapacitorConfOptions;
}

async function locate({ texts = {}, options = {}, ...world }: Machine): Promise<KapacitorSources & { root: string }> {
  const root = makeFolder(texts);
  const context = makeTestContext({ home: root, cwd: root, ...world });
  const places = { conf: `${root}/${system}`, environment: `${root}/${environment}` };
  return { ...(await locateKapacitorConf(options, context, places)), root };
}

const all = { 'named.conf': 'n', 'variable.conf': 'v', [own]: 'o', [system]: 's' };

describe('kapacitor.conf', () => {
  it.each<[string, Machine, string | undefined]>([
    [
      'is the one of --kapacitor-conf',
      { texts: all, options: { kapacitorConf: 'named.conf' }, env: { KAPACITOR_CONFIG_PATH: 'variable.conf' } },
      'named.conf',
    ],
    [
      'else that of KAPACITOR_CONFIG_PATH',
      { texts: all, env: { KAPACITOR_CONFIG_PATH: 'variable.conf' } },
      'variable.conf',
    ],
    ['else the one in the home', { texts: all, env: { KAPACITOR_CONFIG_PATH: '' } }, own],
    ['else that of the system', { texts: { [own]: '', [system]: 's' } }, system],
    ['else none', {}, undefined],
    ['none for /dev/null', { texts: all, options: { kapacitorConf: '/dev/null' } }, undefined],
    ['not one below the working directory, when HOME is empty', { texts: { [own]: 'o' }, home: '' }, undefined],
  ])('%s', async (_, machine, expected) => {
    const { file, root } = await locate(machine);
    expect(file?.path).toBe(expected === undefined ? undefined : `${root}/${expected}`);
  });

  it('is given as text and as bytes', async () => {
    const { file } = await locate({ texts: { [own]: Uint8Array.of(0x61, 0xff) } });
    expect(file?.text).toBe('a\ufffd');
    expect([...(file?.bytes ?? [])]).toEqual([0x61, 0xff]);
  });

  it.each<[string, Machine, RegExp]>([
    [
      '--kapacitor-conf',
      { options: { kapacitorConf: 'no.conf' }, texts: all },
      /^--kapacitor-conf: .*no\.conf: no such file/,
    ],
    [
      'KAPACITOR_CONFIG_PATH',
      { env: { KAPACITOR_CONFIG_PATH: '/nope' }, texts: all },
      /^KAPACITOR_CONFIG_PATH: .*\/nope/,
    ],
    [
      '--kapacitor-conf, an empty name',
      { options: { kapacitorConf: '' } },
      /^--kapacitor-conf: the file name is empty/,
    ],
    ['--kapacitor-conf, a folder', { options: { kapacitorConf: '.' } }, /^--kapacitor-conf: .*directory/],
  ])('that is named by %s and does not exist is an error, without falling through', async (_, machine, message) => {
    await expect(locate(machine)).rejects.toMatchObject({ kind: 'usage', message: expect.stringMatching(message) });
  });

  it('that is there and cannot be read is an error with a hint', async () => {
    const root = makeFolder({ [`${own}/x`]: '' });
    await expect(locate({ home: root })).rejects.toMatchObject({
      message: expect.stringContaining('it is a directory'),
      hint: expect.stringContaining('--kapacitor-conf'),
    });
  });
});

describe("Kapacitor's variables", () => {
  const shell = { KAPACITOR_AUTH_ENABLED: 'true', OTHER: 'x' };
  const texts = {
    'named.env': 'KAPACITOR_AUTH_META_ADDR=named',
    [environment]: '# x\nKAPACITOR_AUTH_META_ADDR="system"\nUSER=x\n',
  };

  it.each<[string, Machine, Record<string, string>, string]>([
    [
      'are those of --env-file',
      { texts, env: shell, options: { envFile: 'named.env' } },
      { KAPACITOR_AUTH_META_ADDR: 'named' },
      'named.env',
    ],
    [
      "else those of the system's file alone",
      { texts, env: shell },
      { KAPACITOR_AUTH_META_ADDR: 'system' },
      environment,
    ],
    ["else the shell's", { env: shell }, { KAPACITOR_AUTH_ENABLED: 'true' }, 'the shell'],
    [
      "the shell's where the system's file cannot be read",
      { env: shell, texts: { [`${environment}/x`]: '' } },
      { KAPACITOR_AUTH_ENABLED: 'true' },
      'the shell',
    ],
    ['are none with --no-env', { texts, env: shell, options: { noEnv: true } }, {}, '--no-env'],
  ])('%s', async (_, machine, env, origin) => {
    const found = await locate(machine);
    expect(Object.fromEntries(found.env)).toEqual(env);
    expect(found.envOrigin.replace(`${found.root}/`, '')).toBe(origin);
  });

  it('that systemd does not pass on are reported, without their values', async () => {
    const text = 'KAPACITOR_AUTH_META_USE-tls=hush-hush\nkapacitor_auth_enabled=true\n';
    const { env, others, dropped } = await locate({ texts: { [environment]: text } });
    expect([...env.keys()]).toEqual([]);
    expect([...others.keys()]).toEqual(['kapacitor_auth_enabled']);
    expect(dropped).toEqual([{ name: 'KAPACITOR_AUTH_META_USE-tls', line: 1, why: 'name' }]);
  });

  it('are only those that the daemon reads; others beside them are no configuration', async () => {
    const variables = { KAPACITOR_URL: 'http://h', KAPACITOR_UNSAFE_SSL: 'true', KAPACITOR_PORT: 'tcp://1' };
    const shell = await locate({
      env: { ...variables, KAPACITOR_HTTP_SERVICE_HOST: 'h', KAPACITOR_LOGGING_LEVEL: 'x' },
    });
    expect(Object.fromEntries(shell.env)).toEqual({ KAPACITOR_LOGGING_LEVEL: 'x' });
    expect([...shell.others.keys()]).toEqual([...Object.keys(variables), 'KAPACITOR_HTTP_SERVICE_HOST']);
  });

  it.each<[string, Machine, RegExp]>([
    ['a file that is not there', { options: { envFile: 'no.env' } }, /^--env-file: .*no\.env/],
    ['a file that is not UTF-8', { texts: { x: Uint8Array.of(0xff) }, options: { envFile: 'x' } }, /UTF-8/],
    ['a file with a NUL', { texts: { x: 'A=\0' }, options: { envFile: 'x' } }, /NUL/],
    ['--env-format alone', { options: { envFormat: 'docker' } }, /--env-format requires --env-file/],
    ['--env-file and --no-env at once', { options: { envFile: 'x', noEnv: true } }, /--env-file and --no-env/],
  ])('%s is refused', async (_, machine, message) => {
    await expect(locate(machine)).rejects.toMatchObject({ kind: 'usage', message: expect.stringMatching(message) });
  });

  it("are not the shell's where the system's file is there and not readable as text", async () => {
    const root = makeFolder({ [environment]: Uint8Array.of(0xff) });
    chmodSync(`${root}/${environment}`, 0o644);
    const places = { conf: '/nope', environment: `${root}/${environment}` };
    await expect(locateKapacitorConf({}, makeTestContext({ env: shell }), places)).rejects.toThrow('not valid UTF-8');
  });
});

describe('files that the file of --env-file names', () => {
  const compose = (envFile: string) => `services:\n  kapacitor:\n    env_file: ${envFile}\n    environment: { A: b }\n`;

  it.each([
    [compose('./kap.env'), ['3: Kapacitor also gets the variables of ./kap.env']],
    [compose('[a.env, { path: b.env, required: false }]'), ['3: .* of a.env', '3: .* of b.env']],
    ['services:\n  kapacitor:\n    env_file: kap.env\n', ['3: .* of kap.env']],
    ['services:\n  other:\n    env_file: o.env\n  kapacitor:\n    environment: { A: b }\n', []],
    ['[Service]\nEnvironmentFile=-/etc/default/kapacitor\nEnvironment=A=b\n', ['2: .* of /etc/default/kapacitor,']],
    ['[Service]\nEnvironmentFile=/a\nEnvironmentFile=\nEnvironment=A=b\n', []],
    ['KAPACITOR_AUTH_ENABLED=true\n', []],
  ])('are not read, which is said: %j', async (text, told) => {
    const { warnings } = await locate({ texts: { 'named.env': text }, options: { envFile: 'named.env' } });
    expect(warnings).toHaveLength(told.length);
    for (const [i, one] of told.entries()) {
      expect(warnings[i]).toMatch(new RegExp(`named\\.env:${one}.* is not read: settings may differ`));
    }
  });
});
