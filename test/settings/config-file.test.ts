import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { faultOf, ownFile, placeOf, settingsOf } from './resolve.js';

const withPassword = 'default: a\nprofiles:\n  a: { username: joe, password: hush-hush }\n';

describe('a configuration file', () => {
  it.each([
    ['yaml', 'default: a\nprofiles:\n  a: { url: "x }\n', 4],
    ['yaml', 'default: a\ndefault: b\n', 2],
    ['yaml', 'default: a\nprofiles: !!js/function "x"\n', 2],
    ['toml', 'default = "a"\n\npassword = hush-hush\n', 3],
    ['toml', 'default = "a"\ndefault = "b"\n', 2],
    ['json', '{\n  "default": "a",\n}', 3],
    ['json', '{\n  "password": "hush-hush"\n  "b": 1\n}', 3],
    ['json', '["hush-hush"', 1],
  ])('that is no valid %s is told with file and line, without quoting it: %j', async (format, text, line) => {
    const home = makeFolder({ [`.config/kapadmin/config.${format}`]: text });
    const { kind, message } = await faultOf({ home });
    expect(kind).toBe('usage');
    expect(message).toContain(`${home}/.config/kapadmin/config.${format}, line ${line}, column `);
    expect(message).toContain(`not valid ${format.toUpperCase()}`);
    expect(message).not.toMatch(/hush/);
  });

  it('that nests without end, or multiplies by aliases, is refused', async () => {
    const deep = '['.repeat(20_000);
    const unknown = 'password: *hush-hush\n';
    const bomb = `a: &a [x, x]\n${[...'bcdefghij'].map((name, i) => `${name}: &${name} [${`*${'abcdefghij'[i]},`.repeat(9)}]`).join('\n')}`;
    for (const own of [`profiles: ${deep}`, bomb, unknown]) {
      const { code, message } = await faultOf({ own });
      expect(code).toBe('malformed-config');
      expect(message).not.toContain('hush');
    }
    for (const format of ['json', 'toml']) {
      const home = makeFolder({ [`.config/kapadmin/config.${format}`]: format === 'json' ? deep : `a = ${deep}` });
      expect((await faultOf({ home })).code).toBe('malformed-config');
    }
  });

  it('that is empty sets nothing', async () => {
    for (const own of ['', '\n', '# nothing\n', 'profiles:\n']) {
      expect((await settingsOf({ own })).nodes).toEqual(['http://localhost:8091']);
    }
  });

  it('is refused when it is over 1 MiB, a folder or a device', async () => {
    expect((await faultOf({ own: `# ${'x'.repeat(1024 * 1024)}` })).message).toContain('the limit is');
    const folder = makeFolder();
    mkdirSync(`${folder}/.config/kapadmin/config.yaml`, { recursive: true });
    expect((await faultOf({ home: folder })).message).toContain('it is a directory');
    const device = makeFolder();
    mkdirSync(`${device}/.config/kapadmin`, { recursive: true });
    symlinkSync('/dev/zero', `${device}/.config/kapadmin/config.yaml`);
    expect((await faultOf({ home: device })).message).toContain('not a regular file');
  });

  it('may be a link to a file', async () => {
    const { context } = placeOf({});
    writeFileSync(`${context.cwd}/dots.yaml`, withPassword, { mode: 0o600 });
    mkdirSync(`${context.home}/.config/kapadmin`, { recursive: true });
    symlinkSync(`${context.cwd}/dots.yaml`, `${context.home}/${ownFile}`);
    expect((await settingsOf({ home: context.home })).profile).toBe('a');
  });

  it('is refused when there are two', async () => {
    const home = makeFolder({ '.config/kapadmin/config.yaml': '', '.config/kapadmin/config.toml': '' });
    expect((await faultOf({ home })).message).toMatch(/config\.yaml and config\.toml/);
  });

  it('with a password in it that others can read is refused with the chmod that fixes it', async () => {
    for (const own of [withPassword, 'profiles:\n  b: { url: "http://joe:pw@h" }\n']) {
      const place = placeOf({ own });
      const file = `${place.context.home}/${ownFile}`;
      chmodSync(file, 0o640);
      await expect(place.resolve()).rejects.toMatchObject({
        kind: 'usage',
        code: 'config-too-open',
        hint: `Fix: chmod 600 ${file}`,
      });
      chmodSync(file, 0o600);
      await place.resolve();
    }
  });

  it('without a password in it may be read by others', async () => {
    const place = placeOf({ own: 'default: a\nprofiles:\n  a: { url: "http://joe@h", passwordFile: x }\n' });
    chmodSync(`${place.context.home}/${ownFile}`, 0o644);
    await expect(place.resolve()).rejects.toThrow('no such file');
  });

  it('may name its profiles as it likes', async () => {
    const home = makeFolder({
      '.config/kapadmin/config.json':
        '{"profiles":{"__proto__":{"url":"http://p:1"},"constructor":{"url":"http://c:1"},"a\\nb":{"url":"http://n:1"}}}',
    });
    for (const [profile, node] of [
      ['__proto__', 'http://p:1'],
      ['constructor', 'http://c:1'],
      ['a\nb', 'http://n:1'],
    ] as const) {
      expect((await settingsOf({ home, flags: { profile: [profile] } })).nodes).toEqual([node]);
    }
    const { message } = await faultOf({ home, flags: { profile: ['toString'] } });
    expect(message).toContain('profile "toString" not found');
  });
});
