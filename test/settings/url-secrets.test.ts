import { describe, expect, it } from 'vitest';
import { tryParseUrl } from '../../src/model/urls.js';
import { makeFolder } from '../folder.js';
import { runLine } from '../run.js';

const secret = 'hunter2';
const sentence = 'the credentials in the URL are not percent-encoded';
const dead = { KAPADMIN_RETRIES: '0' };

/** URLs with a password that are wrong, in some way or other. */
const wrong = [
  `http://admin:${secret},two@meta1:8091/x`,
  `http://admin:${secret} two@meta1:8091`,
  `http://meta1:8091/?u=admin&p=${secret}`,
  `http://meta1:8091?u=admin&p=${secret}`,
  `http://meta1:8091/#${secret}`,
  `http://admin:${secret}`,
  `admin%3A${secret}%40host`,
  `http://admin%3A${secret}%40host/x`,
  `http://admin:${secret}/host`,
  `http://admin:${secret}/two@host:8091`,
  `http://admin:a/${secret}@host:8091`,
  `http://admin:12/${secret}@host:8091`,
  `http://admin:%zz${secret}@host:8091`,
  `admin:${secret}@host`,
  `http:/admin:${secret}@host/x`,
  `ftp://admin:${secret}@host`,
  secret,
];

describe('attack L4: a wrong URL is not shown', () => {
  it.each(wrong)('%s', async (url) => {
    const config = (text: string) => ({ home: makeFolder({ '.config/kapadmin/config.yaml': text }), env: dead });
    const quoted = JSON.stringify(url);
    const tried = await Promise.all([
      runLine(['user', 'list', '--meta-url', url], { env: dead }),
      runLine(['user', 'list'], { env: { ...dead, KAPADMIN_META_URL: url } }),
      runLine(['user', 'list'], { env: { ...dead, KAPADMIN_META_URL: `http://meta1:8091, ${url}` } }),
      runLine(['user', 'list'], config(`default: a\nprofiles:\n  a: { url: ${quoted} }\n`)),
      runLine(['user', 'list'], config(`default: a\nprofiles:\n  a: { url: ["http://m:1", ${quoted}] }\n`)),
      runLine(['user', 'list'], config(`default: ${quoted}\nprofiles: {}\n`)),
      runLine(['user', 'list'], config(`${quoted}: x\n`)),
      runLine(['user', 'list'], config(`default: a\nprofiles:\n  a: { ${quoted}: x }\n`)),
      runLine(['profile', 'add', 'x', '--meta-url', url], { env: dead }),
    ]);
    for (const { code, stdout, stderr } of tried) {
      expect([code, stdout + stderr]).toEqual([2, expect.not.stringContaining(secret)]);
    }
  });

  it.each(wrong)('by profile show and list either: %s', async (url) => {
    const text = `default: a\nprofiles:\n  a: { url: ${JSON.stringify(url)} }\n`;
    for (const words of [
      'profile show',
      'profile show a -o json',
      'profile list',
      'profile list -o json',
      'config init',
    ]) {
      const home = makeFolder({ '.config/kapadmin/config.yaml': text });
      const { stdout, stderr } = await runLine(words.split(' '), { home });
      expect(stdout + stderr).not.toContain(secret);
    }
  });

  it('is reported by its place and number', async () => {
    const env = { KAPADMIN_META_URL: `http://meta1:8091,http://meta1:8091/?p=${secret}` };
    expect((await runLine(['user', 'list'], { env })).stderr).toContain(
      'KAPADMIN_META_URL: URL number 2 has a path or a query',
    );
  });

  it('a password with a comma in a list of URLs is a password', async () => {
    const env = { KAPADMIN_META_URL: 'http://admin:a,b@127.0.0.1:9,http://admin:a,b@127.0.0.1:7', ...dead };
    const { code, stderr } = await runLine(['user', 'list'], { env });
    expect([code, stderr]).toEqual([3, expect.stringContaining('127.0.0.1')]);
  });
});

describe('field url-password-characters:', () => {
  const passwords = ['Pa#5w0Rd', 'Pa/5w0Rd', 'Pa?5w0Rd', '12/5', '12?5', '12#5', 'a@b/c', '9092/x@y', '#', '/', '?'];
  const urlOf = (password: string, path = '/kapacitor/v1/tasks'): string =>
    `http://johndoe:${password}@127.0.0.1:9${path}`;

  it.each(passwords)('%s raw in a URL gets the sentence for percent-encoding, and the place', async (password) => {
    const env = { ...dead, KAPADMIN_META_URL: 'http://127.0.0.1:9' };
    const tried: [string, string[], Record<string, string>][] = [
      ['--url', ['auth', 'test', '--url', urlOf(password)], env],
      ['--url', ['auth', 'test', '--url', urlOf(password, '')], env],
      ['KAPACITOR_URL', ['auth', 'test'], { ...env, KAPACITOR_URL: urlOf(password) }],
      ['KAPACITOR_URL', ['auth', 'test'], { ...env, KAPACITOR_URL: urlOf(password, '') }],
      ['--kapacitor', ['doctor', '--kapacitor', urlOf(password, '')], env],
      ['--meta-url', ['user', 'list', '--meta-url', urlOf(password, '')], dead],
      ['KAPADMIN_META_URL', ['user', 'list'], { ...dead, KAPADMIN_META_URL: urlOf(password, '') }],
      [
        'HTTPS_PROXY',
        ['user', 'list', '--meta-url', 'https://127.0.0.1:7'],
        { ...dead, HTTPS_PROXY: urlOf(password, '') },
      ],
    ];
    for (const [place, argv, around] of tried) {
      // A proxy's URL that is none at all is told as such.
      if (place === 'HTTPS_PROXY' && tryParseUrl(urlOf(password, '')) === undefined) continue;
      const { code, stderr } = await runLine(argv, { env: around });
      expect([place, code, stderr]).toEqual([place, 2, expect.stringContaining(`${place}: ${sentence}`)]);
      expect(stderr).toContain('%2F for /, %3F for ?, %23 for #');
      expect(stderr).not.toContain('w0Rd');
    }
  });

  it('is not given to a URL without credentials whose path or query holds an @', async () => {
    const env = { ...dead, KAPADMIN_META_URL: 'http://127.0.0.1:9' };
    for (const url of [
      'http://127.0.0.1:9/kapacitor/v1/tasks/a@b',
      'http://127.0.0.1:9/kapacitor/v1/tasks?u=joe@corp&p=x',
    ]) {
      const { stderr } = await runLine(['auth', 'test', '--url', url], { env });
      expect(stderr).not.toContain('percent-encoded');
    }
  });

  it('encoded, the password is taken as it is', async () => {
    const { code } = await runLine(['user', 'list'], {
      env: { ...dead, KAPADMIN_META_URL: urlOf(encodeURIComponent('Pa#/?@:%5'), '') },
    });
    expect(code).toBe(3);
  });
});
