import { describe, expect, it } from 'vitest';
import { outlineConfig } from '../../src/kapacitor-config/outline.js';

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
