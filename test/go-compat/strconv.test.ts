import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatFloat,
  isLetter,
  isPrint,
  parseBool,
  parseInteger,
  quote,
  quoteRune,
  quoteText,
} from '../../src/go-compat/strconv.js';

describe('quote', () => {
  it.each([
    ['', '""'],
    ['a', '"a"'],
    ['"', '"\\""'],
    ['\\', '"\\\\"'],
    ["'", '"\'"'],
    ['\u0007\b\f\n\r\t\u000b', '"\\a\\b\\f\\n\\r\\t\\v"'],
    ['\u0000\u0001\u001f\u007f', '"\\x00\\x01\\x1f\\x7f"'],
    ['\u00c3\u00a9', '"\u00e9"'],
    ['\u00c2\u00a0', '"\\u00a0"'],
    ['\u00c2\u00ad', '"\\u00ad"'],
    ['\u00e2\u0080\u00a8', '"\\u2028"'],
    ['\u00ef\u00bb\u00bf', '"\\ufeff"'],
    ['\u00ef\u00bf\u00bd', '"\ufffd"'],
    ['\u00f0\u009f\u0098\u0080', '"\ud83d\ude00"'],
    ['\u00f3\u00a0\u0080\u0081', '"\\U000e0001"'],
    ['\u00f4\u008f\u00bf\u00bf', '"\\U0010ffff"'],
    ['\u00cd\u00b8', '"\\u0378"'],
    ['\u00e6\u0097\u00a5\u00e6\u009c\u00ac', '"\u65e5\u672c"'],
    ['\u00e1\u009a\u0080', '"\\u1680"'],
    ['\u00f0\u009f\u00ab\u00a8', '"\ud83e\udee8"'],
    ['\u00f0\u009f\u00ab\u00a9', '"\\U0001fae9"'],
    ['\u00ff', '"\\xff"'],
    ['\u00c3', '"\\xc3"'],
    ['\u00c3(', '"\\xc3("'],
    ['\u00e2\u0082', '"\\xe2\\x82"'],
    ['\u00ed\u00a0\u0080', '"\\xed\\xa0\\x80"'],
    ['\u00f4\u0090\u0080\u0080', '"\\xf4\\x90\\x80\\x80"'],
    ['\u00c0\u0080', '"\\xc0\\x80"'],
    ['\u00f0\u009f\u0098', '"\\xf0\\x9f\\x98"'],
  ])('writes the bytes %j as Go does: %s', (binary, quoted) => {
    expect(quote(binary)).toBe(quoted);
  });

  it('takes a text as its UTF-8 form', () => {
    expect(quoteText('n\u00e4chste "Zeile"\n')).toBe('"n\u00e4chste \\"Zeile\\"\\n"');
    expect(quoteText('\ud800')).toBe('"\ufffd"');
  });

  it('writes one rune in apostrophes', () => {
    expect([0x0a, 0, 0x27, 0x22, 0xe9, 0x1f600].map(quoteRune)).toEqual([
      String.raw`'\n'`,
      String.raw`'\x00'`,
      String.raw`'\''`,
      `'"'`,
      "'\u00e9'",
      "'\ud83d\ude00'",
    ]);
  });

  it('leaves no control character, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(quote(Buffer.from(bytes).toString('latin1'))).not.toMatch(/[\p{Cc}\p{Cs}]/u);
      }),
    );
  });
});

describe('parseBool', () => {
  it('knows the twelve words of Go and no other', () => {
    expect(['1', 't', 'T', 'TRUE', 'true', 'True'].map(parseBool)).toEqual(Array(6).fill(true));
    expect(['0', 'f', 'F', 'FALSE', 'false', 'False'].map(parseBool)).toEqual(Array(6).fill(false));
    expect(['', 'yes', 'on', 'tRUE', ' true'].map(parseBool)).toEqual(Array(5).fill(undefined));
  });
});

describe('parseInteger', () => {
  it.each([
    ['0x1F', 31n],
    ['-0x_1f', -31n],
    ['010', 8n],
    ['0_7', 7n],
    ['0o17', 15n],
    ['0B11', 3n],
    ['1_000', 1000n],
    ['+0', 0n],
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
  ])('reads %s', (text, value) => {
    expect(parseInteger(text)).toBe(value);
  });

  it.each(['', '08', '0x', '1__0', '1_', '_1', '0b2', ' 1', '1.0', '9223372036854775808', '--1'])(
    'refuses %j',
    (text) => {
      expect(parseInteger(text)).toBeUndefined();
    },
  );
});

describe('formatFloat', () => {
  it.each([
    [0, '0.000000'],
    [-0, '-0.000000'],
    [1.5, '1.500000'],
    [-123456.0078125, '-123456.007812'],
    [0.0234375, '0.023438'],
    [5e-7, '0.000000'],
    [5.000001e-7, '0.000001'],
    [5e-324, '0.000000'],
    [0.1, '0.100000'],
    [1e21, '1000000000000000000000.000000'],
    [1e22, '10000000000000000000000.000000'],
    [2 ** 70, '1180591620717411303424.000000'],
    [NaN, 'NaN'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
  ])('writes %d as %s', (value, text) => {
    expect(formatFloat(value)).toBe(text);
  });
});

function count(isOne: (codePoint: number) => boolean): number {
  let found = 0;
  for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) if (isOne(codePoint)) found++;
  return found;
}

describe("Go's classes of code points (Unicode 15.0)", () => {
  it('have as many members as in Go', () => {
    expect(count(isPrint)).toBe(148_998);
    expect(count(isLetter)).toBe(136_104);
  });

  it('hold nothing that this newer Node does not hold', () => {
    const surplus = (isOne: (codePoint: number) => boolean, known: RegExp): number =>
      count((codePoint) => isOne(codePoint) && !known.test(String.fromCodePoint(codePoint)));
    expect(surplus(isLetter, /\p{L}/u)).toBe(0);
    expect(surplus(isPrint, /[ \p{L}\p{M}\p{N}\p{P}\p{S}]/u)).toBe(0);
  });

  it('hold the plain cases', () => {
    expect([0x20, 0x41, 0xe9, 0x1f600].every(isPrint)).toBe(true);
    expect([0x0a, 0x7f, 0xa0, 0xad, 0x2028, 0xd800, 0xe000].some(isPrint)).toBe(false);
    expect([0x41, 0x7a, 0xe9, 0x3b1, 0x4e00].every(isLetter)).toBe(true);
    expect([0, 0x20, 0x30, 0x5f, 0x0300].some(isLetter)).toBe(false);
  });
});
