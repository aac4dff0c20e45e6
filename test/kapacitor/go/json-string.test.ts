import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unquote } from '../../../src/kapacitor/go/json-string.js';
import { toBinary } from '../../../src/kapacitor/go/utf8.js';

const codePoint = fc.integer({ min: 0, max: 0x10ffff }).filter((code) => code < 0xd800 || code > 0xdfff);
const anyText = fc.array(codePoint, { maxLength: 12 }).map((codes) => String.fromCodePoint(...codes));

describe('unquote', () => {
  it.each([
    ['', ''],
    ['plain', 'plain'],
    [String.raw`\"\\\/\b\f\n\r\t`, '"\\/\b\f\n\r\t'],
    [String.raw`\u0041\u00e9`, 'A\u00c3\u00a9'],
    [String.raw`\uD83D\uDE00`, '\u00f0\u009f\u0098\u0080'],
    [String.raw`\ud83d`, '\u00ef\u00bf\u00bd'],
    [String.raw`\ude00`, '\u00ef\u00bf\u00bd'],
    [String.raw`\ud83d\ud83d\ude00`, '\u00ef\u00bf\u00bd\u00f0\u009f\u0098\u0080'],
    [String.raw`\ud83dA`, '\u00ef\u00bf\u00bdA'],
    [String.raw`\ud83d\n`, '\u00ef\u00bf\u00bd\n'],
    [String.raw`\u0000`, '\0'],
    ['\u00ff', '\u00ef\u00bf\u00bd'],
    ['\u00c3\u00a9', '\u00c3\u00a9'],
    ['a\\n\u00c3', 'a\n\u00ef\u00bf\u00bd'],
  ])('reads %j', (body, value) => {
    expect(unquote(body)).toBe(value);
  });

  it('undoes JSON.stringify', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(unquote(toBinary(JSON.stringify(text).slice(1, -1)))).toBe(toBinary(text));
      }),
    );
  });
});
