import { describe, expect, it } from 'vitest';
import { outlineConfig, readConfiguration } from '../../src/kapacitor-config/read-and-validate.js';
import type { Configuration } from '../../src/kapacitor-config/fields.js';
import { Secret } from '../../src/model/secret.js';

function read(file: string, env: Record<string, string> = {}): Configuration {
  const reading = readConfiguration(file, new Map(Object.entries(env)));
  if (!reading.starts) return expect.fail(reading.message);
  return reading.configuration;
}

describe('the origin of a setting', () => {
  it('is the default where nothing sets it', () => {
    expect(read('').http.bindAddress).toEqual({ value: ':9092', origin: { from: 'default' } });
    expect(read('').auth.enabled).toEqual({ value: false, origin: { from: 'default' } });
  });

  it('is the line and column of the key, as it is spelt', () => {
    const { auth } = read('[AUTH]\n  "Meta-Addr" = """\na"""\n');
    expect(auth.metaAddr).toEqual({ value: 'a', origin: { from: 'file', line: 2, column: 3, key: '"Meta-Addr"' } });
  });

  it('is the last part of a dotted key, and a key of an inline table', () => {
    const { http, auth } = read('http.pprof-enabled = true\nauth = { x = 1, meta-ca = "c" }\n');
    expect(http.pprofEnabled.origin).toEqual({ from: 'file', line: 1, column: 6, key: 'pprof-enabled' });
    expect(auth.metaCa.origin).toEqual({ from: 'file', line: 2, column: 17, key: 'meta-ca' });
  });

  it('counts columns behind a byte order mark from 1', () => {
    expect(read('\ufeffauth.meta-ca = "c"').auth.metaCa.origin).toMatchObject({ line: 1, column: 6 });
  });

  it('is the variable where one sets it, and the file where the variable is empty', () => {
    const file = '[auth]\nmeta-ca = "c"\n';
    const set = read(file, { KAPACITOR_AUTH_META_CA: 'd' }).auth.metaCa;
    expect(set).toEqual({ value: 'd', origin: { from: 'environment', name: 'KAPACITOR_AUTH_META_CA' } });
    expect(read(file, { KAPACITOR_AUTH_META_CA: '' }).auth.metaCa.origin).toMatchObject({ from: 'file', line: 2 });
  });

  it('is the default for an empty duration, which sets nothing', () => {
    expect(read('[auth]\ncache-expiration = ""\n').auth.cacheExpiration).toEqual({
      value: 0,
      origin: { from: 'default' },
    });
  });
});

describe('secrets', () => {
  it('do not show in a configuration', () => {
    const { http, auth } = read(
      '[http]\nshared-secret = "hunter2"\n[auth]\nmeta-password = "hunter2"\nmeta-internal-shared-secret = "hunter2"\n',
    );
    expect(JSON.stringify({ http, auth })).not.toContain('hunter2');
    for (const { value } of [http.sharedSecret, auth.metaPassword, auth.metaInternalSharedSecret]) {
      expect(value).toBeInstanceOf(Secret);
      expect(value.reveal()).toBe('hunter2');
    }
  });

  it.each([
    ['shared-secret = hunter', 'hunter'],
    ['meta-password = "C:\\Uhunter"', '"C:\\\\Uh"'],
    ['"Meta-Password" = 0123', '0123'],
    ['meta-internal-shared-secret = 99999999999999999999', '99999999999999999999'],
    ['meta-password = 12-34', '12-34'],
    ['meta-password = 1.2.3', '1.2.3'],
  ])('are pointed out in the message of a file that does not parse: %s', (line, piece) => {
    const reading = readConfiguration(`[auth]\n${line}\n`, new Map());
    if (reading.starts) return expect.fail('starts');
    expect(reading.secretPiece).toBe(piece);
    expect(reading.message).toContain(piece);
  });

  it('are not suspected in the values of other keys', () => {
    expect(readConfiguration('[auth]\nenabled = yes\n', new Map())).toMatchObject({ secretPiece: undefined });
  });
});

describe('a refusal', () => {
  it('names the line of the file, or the variable', () => {
    expect(readConfiguration('[auth]\n\nenabled = 1\n', new Map())).toMatchObject({ line: 3 });
    expect(readConfiguration('[auth]\nenabled = \n', new Map())).toMatchObject({ line: 2 });
    expect(readConfiguration('', new Map([['KAPACITOR_AUTH_ENABLED', 'x']]))).toMatchObject({
      variable: 'KAPACITOR_AUTH_ENABLED',
    });
  });
});

const file = `# comment
top = 1
[htpp]
  auth-enabled = true
[HTTP] # why not
  Auth-Enabled = true # yes
  unknown = [1,
    2]
[auth]
meta.url = 'x'
"meta-addr" = """
a"""
[[auth.list]]
deep = 1
`;

describe('the outline of a file', () => {
  it('lists the headers with the section that the daemon takes them for', () => {
    const { sections } = outlineConfig(file);
    expect(sections.map(({ names, known, isArray, text }) => [names, known, isArray, text.spelt, text.line])).toEqual([
      [['htpp'], undefined, false, '[htpp]', 3],
      [['HTTP'], 'http', false, '[HTTP]', 5],
      [['auth'], 'auth', false, '[auth]', 9],
      [['auth', 'list'], undefined, true, '[[auth.list]]', 13],
    ]);
  });

  it('lists the keys of sections, known and unknown, but none that lie deeper', () => {
    const { keys } = outlineConfig(file);
    expect(keys.map(({ section, key, field, text }) => [section, key, field?.key, text.line, text.column])).toEqual([
      ['', 'top', undefined, 2, 1],
      ['htpp', 'auth-enabled', undefined, 4, 3],
      ['HTTP', 'Auth-Enabled', 'auth-enabled', 6, 3],
      ['HTTP', 'unknown', undefined, 7, 3],
      ['auth', 'meta-addr', 'meta-addr', 11, 1],
    ]);
  });

  it('gives the exact range of every key and value', () => {
    const { text, keys, sections } = outlineConfig(file);
    for (const { text: key, value } of keys) {
      expect(text.slice(key.start, key.end)).toBe(key.spelt);
      expect(text.slice(value.start, value.end)).toBe(value.raw);
    }
    for (const { text: header } of sections) expect(text.slice(header.start, header.end)).toBe(header.spelt);
    expect(keys.map(({ value }) => value.raw)).toEqual(['1', 'true', 'true', '[1,\n    2]', '"""\na"""']);
  });

  it('finds keys of an inline table and of a dotted name', () => {
    const { keys } = outlineConfig('auth = { enabled = true }\nhttp . "auth-enabled" = {}\n');
    expect(keys.map(({ text, field, isInline, value }) => [text.spelt, field?.key, isInline, value.raw])).toEqual([
      ['enabled', 'enabled', true, 'true'],
      ['auth', undefined, false, '{ enabled = true }'],
      ['http . "auth-enabled"', 'auth-enabled', false, '{}'],
    ]);
  });

  it('counts offsets in the decoded text, a byte order mark and wide characters included', () => {
    const { text, keys } = outlineConfig(Buffer.from('\ufeffa = "😀"\n[auth]\r\nenabled = true\r\n'));
    expect(keys.map(({ text: key, value }) => [key.column, text.slice(value.start, value.end)])).toEqual([
      [1, '"😀"'],
      [1, 'true'],
    ]);
  });

  it('ends at the first fault and reports it', () => {
    const { keys, fault } = outlineConfig('[auth]\nenabled = true\nx = y\nz = 1\n');
    expect(keys).toHaveLength(1);
    expect(fault).toMatchObject({ line: 3, lastKey: 'auth.x', piece: 'y' });
  });
});
