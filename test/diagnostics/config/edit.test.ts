import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFile } from '../../../src/kapacitor-config/toml/encoding.js';
import { configFields } from '../../../src/kapacitor-config/fields.js';
import { outlineConfig } from '../../../src/kapacitor-config/outline.js';
import { applyTextEdits, insertKey, removeKey, tomlString } from '../../../src/diagnostics/config/edit.js';

function inserted(text: string): string {
  const file = outlineConfig(text);
  const edit = insertKey(file, 'auth', configFields.auth.bcryptCost.key, '10');
  return edit === undefined ? 'nowhere' : applyTextEdits(text, [edit]);
}

describe('a new key', () => {
  it.each([
    ['[auth]\n\tenabled = true # yes\n\n# end\n', '[auth]\n\tenabled = true # yes\n\tbcrypt-cost = 10\n\n# end\n'],
    ['[auth] # ours\r\n[x]\r\n', '[auth] # ours\r\n  bcrypt-cost = 10\r\n[x]\r\n'],
    ['[Auth]\nenabled = true', '[Auth]\nenabled = true\nbcrypt-cost = 10'],
    ['auth.enabled = true\nx = 1\n', 'auth.enabled = true\nauth.bcrypt-cost = 10\nx = 1\n'],
    ['auth.enabled = true\n[auth]\n', 'auth.enabled = true\n[auth]\n  bcrypt-cost = 10\n'],
    ['[http]\n', '[http]\n\n[auth]\n  bcrypt-cost = 10\n'],
    ['[http]', '[http]\n\n[auth]\n  bcrypt-cost = 10\n'],
    ['', '[auth]\n  bcrypt-cost = 10\n'],
    ['[auth]\nmeta-addr = """\na"""\n', '[auth]\nmeta-addr = """\na"""\nbcrypt-cost = 10\n'],
    ['auth = { enabled = true }\n', 'nowhere'],
    ['auth = {}\n', 'nowhere'],
    ['[[auth]]\n', 'nowhere'],
  ])('in %j makes it %j', (text, after) => {
    expect(inserted(text)).toBe(after);
  });
});

describe('a key that goes', () => {
  it.each([
    ['[auth]\n  enabled = true\nx = 1\n', '[auth]\nx = 1\n'],
    ['[auth]\n  enabled = true # kept\n', '[auth]\n   # kept\n'],
    ['[auth]\r\nenabled = true', '[auth]\r\n'],
  ])('of %j leaves %j', (text, after) => {
    const file = outlineConfig(text);
    const key = file.keys.find(({ field }) => field === configFields.auth.enabled);
    const edits = key === undefined ? undefined : removeKey(file, key);
    expect(edits && applyTextEdits(text, edits)).toBe(after);
  });

  it('stays in an inline table', () => {
    const file = outlineConfig('auth = { enabled = true }\n');
    expect(file.keys.flatMap((key) => removeKey(file, key) ?? [])).toHaveLength(1);
  });
});

describe('texts', () => {
  it('become TOML strings that mean them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { keys, fault } = outlineConfig(`[x]\ny = ${tomlString(text)}\n`);
        expect(fault).toBeUndefined();
        expect(keys).toHaveLength(1);
      }),
    );
  });

  it('show on a terminal as they are', () => {
    expect(tomlString('a\u202eb\u009b\u001b"\\')).toBe('"a\\u202eb\\u009b\\u001b\\"\\\\"');
  });

  it('become the bytes again that they were read from', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect([...encodeFile(outlineConfig(bytes).text)]).toEqual([...bytes]);
      }),
    );
    expect([...encodeFile(outlineConfig(new Uint8Array([0x61, 0xff, 0xf0, 0x9f, 0x98, 0x80])).text)]).toEqual([
      0x61, 0xff, 0xf0, 0x9f, 0x98, 0x80,
    ]);
  });
});
