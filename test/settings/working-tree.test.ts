import { chmodSync, mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { faultOf, placeOf, settingsOf } from './resolve.js';

const tree = 'url: http://evil:8091\n';

describe("a working tree's file", () => {
  it('sets the URL, which is told', async () => {
    const place = placeOf({ tree });
    expect((await place.resolve()).nodes).toEqual(['http://evil:8091']);
    expect(place.context.stderr()).toContain('The working tree names the meta node: http://evil:8091');
  });

  it('is found in the folders above, up to the home directory, which is left out', async () => {
    const home = makeFolder({
      '.kapadminrc.yaml': 'url: http://home:1',
      'repo/.kapadminrc.toml': 'url = "http://repo:1"',
    });
    mkdirSync(`${home}/repo/a/b`, { recursive: true });
    mkdirSync(`${home}/other`);
    expect((await settingsOf({ home, cwd: `${home}/repo/a/b` })).nodes).toEqual(['http://repo:1']);
    expect((await settingsOf({ home, cwd: `${home}/other` })).nodes).toEqual(['http://localhost:8091']);
    expect((await settingsOf({ home, cwd: home })).nodes).toEqual(['http://localhost:8091']);
  });

  it.each([
    ['username: joe', '"username"', 'KAPADMIN_META_USERNAME'],
    ['passwordFile: /etc/passwd', '"passwordFile"', 'kapadmin profile add'],
    ['ca: ca.pem', '"ca"', 'KAPADMIN_META_CA'],
    ['insecureSkipVerify: true', '"insecureSkipVerify"', 'KAPADMIN_META_INSECURE_SKIP_VERIFY'],
    ['timeout: 1h', '"timeout"', 'KAPADMIN_TIMEOUT'],
    ['profiles: {}', '"profiles"', 'url, output'],
    ['default: prod', '"default"', 'url, output'],
    ['$import: /root/.config/kapadmin/config.yaml', '"$import"', 'url, output'],
    ['uri: http://x', '"uri"', 'did you mean "url"'],
    ['url: http://joe:pw@evil', '"url"', 'user name or password'],
    ['url: http://joe@evil', '"url"', 'user name or password'],
    ['- url', '.kapadminrc.yaml', 'a mapping'],
  ])('may not hold %s', async (text, ...words) => {
    const { kind, message, hint } = await faultOf({ tree: text });
    expect(kind).toBe('usage');
    expect(message).toContain('.kapadminrc.yaml');
    for (const word of words) expect(`${message}\n${hint}`).toContain(word);
  });

  it('runs no code of the tree', async () => {
    const bomb = 'globalThis.exploded = true; module.exports = { url: "http://x:1" }';
    const names = [
      '.config/config.cjs',
      '.config/config.js',
      '.kapadminrc.js',
      '.kapadminrc.cjs',
      'kapadmin.config.cjs',
    ];
    const cwd = makeFolder({
      ...Object.fromEntries(names.map((name) => [name, bomb])),
      'package.json': '{"cosmiconfig":{"searchPlaces":["kapadmin.config.cjs"]},"kapadmin":{"url":"http://x:1"}}',
      '.kapadminrc.yaml': tree,
    });
    expect((await settingsOf({ cwd })).nodes).toEqual(['http://evil:8091']);
    expect(globalThis).not.toHaveProperty('exploded');
  });
});

describe('credentials', () => {
  const account = { KAPADMIN_META_USERNAME: 'joe', KAPADMIN_META_PASSWORD: 'hush-hush' };
  const own = 'default: a\nprofiles:\n  a: { url: "http://mine:8091", username: joe, password: hush-hush }\n';
  const withCertificate = 'default: a\nprofiles:\n  a: { cert: c.pem, key: k.pem }\n';

  it.each([
    ['of the environment', { env: account }, 'KAPADMIN_META_USERNAME'],
    [
      'of a shared secret in the environment',
      { env: { KAPADMIN_META_SECRET_FILE: '/x' } },
      'KAPADMIN_META_SECRET_FILE',
    ],
    ['of the default profile', { own }, '"username" of the profile "a"'],
    ['that are a certificate of a profile', { own: withCertificate }, '"cert" of the profile "a"'],
    [
      'whose name only is a flag',
      { env: { KAPADMIN_META_PASSWORD: 'hush-hush' }, flags: { metaUsername: 'joe' } },
      'KAPADMIN_META_PASSWORD',
    ],
  ])("%s do not go to a URL of the working tree's", async (_, place, from) => {
    const { kind, code, message, hint } = await faultOf({ tree, ...place });
    expect([kind, code]).toEqual(['usage', 'untrusted-node']);
    expect(message).toContain('"url" in ');
    expect(message).toContain('http://evil:8091');
    expect(message).toContain(from);
    expect(hint).toContain('kapadmin profile trust http://evil:8091');
    expect(`${message}${hint}`).not.toContain('hush-hush');
  });

  it('are not even read or asked for before that', async () => {
    const place = placeOf({ tree, env: { KAPADMIN_META_USERNAME: 'joe' }, terminal: true });
    await expect(place.resolve()).rejects.toMatchObject({ code: 'untrusted-node' });
  });

  it('given as flags go there', async () => {
    const { credentials } = await settingsOf({
      tree,
      flags: { metaUsername: 'joe', metaPasswordStdin: true },
      stdin: 'pw\n',
      env: account,
    });
    expect(credentials).toMatchObject({ kind: 'basic', username: 'joe' });
  });

  it("go to a host that stands in one of the user's profiles", async () => {
    const both = `${own}  b: { url: ["https://else", "http://EVIL"] }\n`;
    expect((await settingsOf({ tree, own: both })).credentials).toMatchObject({ username: 'joe' });
  });

  it('go to a trusted host, to that scheme and port only', async () => {
    const trusted = '# comment\nhttp://evil:8091\n';
    expect((await settingsOf({ tree, trusted, env: account })).credentials).toMatchObject({ username: 'joe' });
    for (const url of ['https://evil:8091', 'http://evil:8092', 'http://evil.example:8091']) {
      expect((await faultOf({ tree: `url: ${url}`, trusted, env: account })).code).toBe('untrusted-node');
    }
    const mixed = 'url: [http://evil:8091, http://worse:8091]';
    expect((await faultOf({ tree: mixed, trusted, env: account })).hint).toBe(
      'If you trust it: kapadmin profile trust http://worse:8091',
    );
  });

  it("do not go by a trust file that others can write or that is another user's", async () => {
    const trusted = 'http://evil:8091\n';
    const open = placeOf({ tree, trusted, env: account });
    chmodSync(`${open.context.home}/.config/kapadmin/trusted`, 0o666);
    await expect(open.resolve()).rejects.toMatchObject({ code: 'trust-too-open' });
    expect((await faultOf({ tree, trusted, env: account, uid: 4321 })).code).toBe('trust-too-open');
  });

  it('of the user go where flags, environment or profile say, whatever the working tree says', async () => {
    const { nodes } = await settingsOf({ tree, env: { ...account, KAPADMIN_META_URL: 'http://mine:1' } });
    expect(nodes).toEqual(['http://mine:1']);
  });
});
