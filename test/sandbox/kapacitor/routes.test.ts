import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBinary, toText } from '../../../src/go-compat/utf8.js';
import { compactJson, prettyJson } from '../../../src/sandbox/kapacitor/routes.js';

describe("Go's JSON", () => {
  it.each([
    ['<a href="x">&', '"\\u003ca href=\\"x\\"\\u003e\\u0026"'],
    ['\b\f\n\r\t\\', '"\\b\\f\\n\\r\\t\\\\"'],
    ['\u0000\u001b\u007f', '"\\u0000\\u001b\u007f"'],
    ['é\u2028\u2029😀', '"é\\u2028\\u2029😀"'],
  ])('escapes %j', (text, json) => {
    expect(compactJson(toBinary(text))).toBe(toBinary(json));
  });

  it('writes a byte that is not UTF-8 as U+FFFD', () => {
    expect(compactJson('a\u00ffb\u00e2\u0080')).toBe('"a\\ufffdb\\ufffd\\ufffd"');
  });

  it('indents by four blanks and leaves what is empty on its line', () => {
    expect(prettyJson({ a: { b: ['x', 'y'] }, none: [], nil: {} })).toBe(
      '{\n    "a": {\n        "b": [\n            "x",\n            "y"\n        ]\n    },\n    "none": [],\n    "nil": {}\n}',
    );
  });

  it('is read back as the same text, bytes that are not UTF-8 replaced', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const binary = Buffer.from(bytes).toString('latin1');
        const written = compactJson([binary]);
        expect(JSON.parse(Buffer.from(written, 'latin1').toString('utf8'))).toEqual([toText(binary)]);
        expect(written).not.toMatch(/[<>&]/);
      }),
    );
  });
});
