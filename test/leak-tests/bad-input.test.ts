import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { fastClock } from '../meta/clients.js';
import { runLine } from '../run.js';
import { foundIn, secrets } from './secrets.js';

const { own, meta, daemon } = secrets;
const secret = own.value;
const encoded = encodeURIComponent(secret);
const dead = 'http://127.0.0.1:9';

interface Wrong {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** What a command line with wrong input shows of a secret, and its exit code. */
async function shownBy(argv: readonly string[], { env = {}, files = {}, stdin = '' }: Wrong = {}) {
  const cwd = makeFolder(files);
  const surroundings = { KAPADMIN_META_URL: dead, KAPADMIN_RETRIES: '0', ...env };
  const ran = await runLine([...argv, '--debug'], {
    cwd,
    home: cwd,
    env: surroundings,
    stdin,
    clock: fastClock(Date.now()),
  });
  const text = ran.stdout + ran.stderr;
  return { code: ran.code, leaks: foundIn(text).map(({ of }) => `${of}: ${text}`) };
}

const clean = (code: number) => ({ code, leaks: [] });

describe('a secret in the wrong place of a command line does not show:', () => {
  it.each([
    ['a flag that is misspelt', ['user', 'create', 'new', `--pasword=${secret}`]],
    ['a flag that does not exist', ['user', 'list', `--meta-password=${secret}`]],
    ['a flag that does not exist, in two words', ['user', 'list', '--meta-password', secret]],
    ['a switch', ['user', 'passwd', 'joe', `--password-stdin=${secret}`]],
    ['--generate', ['user', 'create', 'new', `--generate=${secret}`]],
    ['an argument too many', ['user', 'passwd', 'joe', secret]],
    ['a header without a colon', ['auth', 'test', '--url', dead, '--header', `Authorization ${secret}`]],
    ['a URL without a scheme', ['auth', 'test', '--url', `joe:${encoded}@kapacitor/x`]],
    ['a URL of another scheme', ['auth', 'test', '--url', `ftp://joe:${encoded}@kapacitor/x`]],
    ['a URL that is not encoded', ['auth', 'test', '--url', `http://joe:${secret}@kapacitor/x`]],
    ['a URL without a host', ['auth', 'test', '--url', `http://joe:${encoded}@/x`]],
    ['a URL with a bad port', ['auth', 'test', '--url', `http://joe:${encoded}@k:99999/x`]],
    ['--kapacitor without a scheme', ['doctor', '--kapacitor', `joe:${encoded}@kapacitor`]],
    ['--kapacitor that is not encoded', ['doctor', '--kapacitor', `http://joe:${secret}@kapacitor`]],
    ['two passwords', ['user', 'passwd', 'joe', '--password', secret, '--password-stdin']],
    ['a password and no user', ['auth', 'test', '--url', `${dead}/x`, '--password', secret]],
    ['a user twice', ['auth', 'test', '--url', `http://joe:${encoded}@k/x`, '--user', 'joe', '--password', secret]],
    ['an account twice', ['user', 'list', '--meta-url', `http://joe:${encoded}@h`, '--meta-username', 'joe']],
    ['two accounts', ['user', 'list', '--meta-url', `http://joe:${encoded}@h`, '--meta-url', `http://j:${encoded}@i`]],
  ])('%s', async (_, argv) => {
    expect(await shownBy(argv)).toEqual(clean(2));
  });

  const bad = [
    'SCHEME',
    `joe:${encoded}@`,
    `http://joe:${secret}@meta1`,
    `http://joe:${encoded}@`,
    `socks5://joe:${encoded}@h`,
  ];
  const worse = [
    `http://joe:${encoded}@h:99999`,
    `http://joe:${encoded}@h/path`,
    `http://joe:${encoded}@h?x`,
    `http://jo e:${encoded}@h`,
  ];
  it.each([...bad.slice(1), ...worse])('a meta URL %#', async (url) => {
    const profile = { '.config/kapadmin/config.yaml': JSON.stringify({ default: 'p', profiles: { p: { url } } }) };
    expect(await shownBy(['user', 'list', '--meta-url', url])).toEqual(clean(2));
    expect(await shownBy(['user', 'list'], { env: { KAPADMIN_META_URL: url } })).toEqual(clean(2));
    expect(await shownBy(['user', 'list'], { env: { KAPADMIN_META_URL: '' }, files: profile })).toEqual(clean(2));
    for (const words of ['profile list', 'profile show', 'profile show p']) {
      const { leaks } = await shownBy(words.split(' '), { env: { KAPADMIN_META_URL: '' }, files: profile });
      expect(leaks).toEqual([]);
    }
    expect((await shownBy(['profile', 'add', 'new', '--meta-url', url])).leaks).toEqual([]);
  });

  it.each([`socks5://me:${encoded}@h:1`, `me:${encoded}`, `http://me:${encoded}@h:99999`, `http://me:${secret}@h`])(
    'a proxy %#',
    async (proxy) => {
      const argv = ['user', 'list', '--meta-url', 'https://127.0.0.1:9'];
      const { code, leaks } = await shownBy(argv, { env: { HTTPS_PROXY: proxy } });
      expect(leaks).toEqual([]);
      expect([2, 3]).toContain(code);
    },
  );
});

/** Texts with a secret on, before or after the line of a fault. */
const texts: readonly (readonly [string, string])[] = [
  ['the secret alone', secret],
  ['the secret and a line end', `${secret}\n`],
  ['JSON with a secret without quotes', `{"default":"p","password":${own.value.slice(0, 9)}}`],
  ['JSON that ends in the secret', `{"default":"p","password":"${own.value.slice(0, 9)}`],
  ['JSON with something after it', `{"password":${JSON.stringify(secret)}}}`],
  ['JSON with a comma too much', `{"password":${JSON.stringify(secret)},}`],
  ['YAML that ends in the secret', `profiles:\n  p: { url: http://h, password: "${own.value.slice(0, 9)}\n`],
  ['YAML with a tab', `profiles:\n\tpassword: ${JSON.stringify(secret)}\n`],
  ['YAML with a bad escape', `profiles:\n  p: { password: "\\q${own.value.slice(0, 9)}" }\n`],
  ['YAML with a key twice', `password: ${own.value.slice(0, 9)}\npassword: ${own.value.slice(-9)}\n`],
  ['YAML with an unknown alias', `password: *${own.value.slice(0, 9)}\n`],
  ['YAML with an unknown tag', `password: !${own.value.slice(0, 9)} x\n`],
  ['YAML with a password of a user', `users: { joe: { password: ${JSON.stringify(secret)} } }\n`],
  ['YAML with a password in a list', `users: { joe: { password: [${JSON.stringify(secret)}] } }\n`],
  ['YAML with a hash of a user', `users: { joe: { hash: ${JSON.stringify(secrets.hash.value)} } }\n`],
  ['TOML without quotes', `[profiles.p]\npassword = ${own.value.slice(0, 9)}\n`],
  ['TOML that ends in the secret', `[auth]\nmeta-password = "${own.value.slice(0, 9)}`],
  [
    'TOML with a key twice',
    `[auth]\nmeta-password = "${own.value.slice(0, 9)}"\nmeta-password = "${own.value.slice(-9)}"\n`,
  ],
  ['a file of variables', `KAPACITOR_AUTH_META_PASSWORD='${own.value.slice(0, 9)}\n`],
];

/** Every place of a file that is read; `FILE` stands for it. */
const readers: readonly (readonly string[])[] = [
  ['user', 'list', '--config', 'FILE.yaml'],
  ['user', 'list', '--config', 'FILE.toml'],
  ['user', 'list', '--config', 'FILE.json'],
  ['profile', 'add', 'new', '--meta-url', dead, '--config', 'FILE.yaml'],
  ['user', 'list', '--meta-ca', 'FILE'],
  ['user', 'list', '--meta-cert', 'FILE', '--meta-key', 'FILE'],
  ['config', 'check', 'FILE', '--no-env'],
  ['config', 'show', 'FILE', '--no-env'],
  ['config', 'fix', 'FILE', '--no-env'],
  ['config', 'check', 'FILE', '--env-file', 'FILE'],
  ['doctor', '--kapacitor-conf', 'FILE', '--env-file', 'FILE'],
  ['auth', 'test', '--url', `${dead}/x`, '--kapacitor-conf', 'FILE', '--no-env'],
  ['auth', 'test', '--url', `${dead}/x`, '--live', '--live-ca', 'FILE'],
  ['auth', 'test', '--scenario', 'FILE.json'],
  ['auth', 'matrix', '--diff', 'FILE'],
  ['plan', 'FILE.yaml'],
  ['plan', 'FILE.json'],
  ['plan', '--lint', 'FILE.yaml'],
  ['apply', 'FILE.json', '--yes'],
  ['apply', '-', '--yes'],
  ['user', 'rotate', 'joe', '--no-env', '--passwords-out', 'FILE'],
  ['sandbox', '--port', '0', '--no-kapacitor', '--seed', 'FILE.json'],
  ['sandbox', '--port', '0', '--no-kapacitor', '--data', 'FILE'],
];

describe('a secret in a file that is wrong does not show:', () => {
  it.each(texts)('%s', async (_, text) => {
    for (const reader of readers) {
      const name = reader.find((word) => word.startsWith('FILE')) ?? 'FILE';
      const { leaks } = await shownBy(reader, { files: { [name]: text }, stdin: text });
      expect(leaks, reader.join(' ')).toEqual([]);
    }
  });

  it("the user's own configuration", async () => {
    for (const [, text] of texts) {
      for (const file of [
        '.config/kapadmin/config.yaml',
        '.config/kapadmin/config.json',
        '.config/kapadmin/config.toml',
      ]) {
        const cwd = makeFolder({ [file]: text, 'tree/x': '' });
        const ran = await runLine(['user', 'list', '--debug'], {
          cwd: `${cwd}/tree`,
          home: cwd,
          env: { KAPADMIN_RETRIES: '0' },
        });
        expect(foundIn(ran.stdout + ran.stderr), `${file}: ${text}\n${ran.stderr}`).toEqual([]);
      }
    }
  });
});

describe('of secrets that are there, none shows where', () => {
  const account = { KAPADMIN_META_USERNAME: 'admin', KAPADMIN_META_PASSWORD: meta.value };
  it.each([
    ['no node answers', ['user', 'passwd', 'joe', '--password', secret], {}, 3],
    [
      'a name is not known',
      ['user', 'passwd', 'joe', '--password', secret, '--meta-url', 'http://nowhere.invalid'],
      {},
      3,
    ],
    ['a time is wrong', ['user', 'passwd', 'joe', '--password', secret, '--timeout', 'long'], {}, 2],
    ['a format is wrong', ['user', 'passwd', 'joe', '--password', secret, '-o', 'paper'], {}, 2],
    ['a file cannot be written', ['user', 'create', 'joe', '--password', secret, '--out', 'none/out'], {}, 2],
    ['the user name holds a colon', ['user', 'list'], { KAPADMIN_META_USERNAME: 'ad:min' }, 2],
    ['a password is too long', ['user', 'create', 'joe', '--password', `${secret}${'x'.repeat(80)}`], {}, 3],
    [
      'a daemon cannot be asked',
      ['auth', 'test', '--url', `${dead}/x`, '--no-env', '--kapacitor-conf', 'k.conf'],
      {},
      3,
    ],
  ])('%s', async (_, argv, env, code) => {
    const conf = `[http]\nauth-enabled = true\n[auth]\nenabled = true\nbcrypt-cost = 4\nmeta-addr = "127.0.0.1:9"\nmeta-username = "d"\nmeta-password = ${JSON.stringify(daemon.value)}\n`;
    const files = { 'k.conf': conf };
    const user = argv[0] === 'auth' ? ['--user', 'joe', '--password', secret] : [];
    for (const format of [[], ['-o', 'json'], ['--show-request']]) {
      if (argv.includes('-o') && format.includes('-o')) continue;
      expect(await shownBy([...argv, ...user, ...format], { env: { ...account, ...env }, files })).toEqual(clean(code));
    }
  });
});
