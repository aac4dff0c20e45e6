import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFile } from '../../../src/kapacitor-config/toml/document.js';
import { configFields } from '../../../src/kapacitor-config/fields.js';
import { outlineConfig } from '../../../src/kapacitor-config/read-and-validate.js';
import { applyTextEdits, insertKey, removeKey, tomlString, unifiedDiff } from '../../../src/diagnostics/config/edit.js';

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

const numbers = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, i) => `${from + i}\n`).join('');

/** Applies a diff as patch does. */
function patch(before: string, diff: string): string {
  if (diff === '') return before;
  const lines = before.split(/(?<=\n)/);
  const done: string[] = [];
  let at = 0;
  for (const line of diff.split(/(?<=\n)/)) {
    const start = /^@@ -(\d+),/.exec(line)?.[1];
    if (start !== undefined) {
      while (at < Number(start) - 1) done.push(lines[at++] ?? '');
    } else if (line.startsWith('\\')) {
      done.push((done.pop() ?? '').replace(/\n$/, ''));
    } else if (line.startsWith('+')) {
      done.push(line.slice(1));
    } else {
      if (line.startsWith(' ')) done.push(line.slice(1));
      at++;
    }
  }
  return [...done, ...lines.slice(at)].join('');
}

describe('a unified diff', () => {
  it('is empty where nothing differs', () => {
    expect(unifiedDiff('a\nb\n', 'a\nb\n')).toBe('');
  });

  it('shows three lines around each change, far ones apart', () => {
    const before = numbers(1, 20);
    const after = before.replace('\n5\n', '\nfive\n').replace('\n15\n', '\n');
    expect(unifiedDiff(before, after)).toBe(
      '@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n@@ -12,7 +12,6 @@\n 12\n 13\n 14\n-15\n 16\n 17\n 18\n',
    );
  });

  it('joins changes that lie near to each other', () => {
    const before = numbers(1, 9);
    expect(unifiedDiff(before, before.replace('\n3\n', '\n').replace('\n8\n', '\n')).match(/^@@/gm)).toHaveLength(1);
  });

  it('reports a last line without an end', () => {
    expect(unifiedDiff('a', 'a\n')).toBe('@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n');
  });

  it('makes the one text of the other', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', '', 'd e'), { maxLength: 12 })
      .map((lines) => lines.map((line) => `${line}\n`).join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(patch(before, unifiedDiff(before, after))).toBe(after);
      }),
    );
  });

  it('of very long texts takes all that lies between the first and the last change', () => {
    const before = numbers(1, 5000);
    const after = `x\n${before.replaceAll('7\n', '8\n')}y\n`;
    expect(unifiedDiff(before, after).split('\n').length).toBeGreaterThan(5000);
  });
});
