import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonValue, parseFirstJson, parseJson, unquoteJson } from '../../src/go-compat/json.js';
import { toBinary } from '../../src/go-compat/utf8.js';

/** The same value as the platform's own parser gives it. */
function plain(json: JsonValue): unknown {
  if (json.kind === 'null') return null;
  if (json.kind === 'number') return Number(json.text);
  if (json.kind === 'array') return json.items.map(plain);
  if (json.kind === 'object') return Object.fromEntries(json.entries.map(([key, value]) => [key, plain(value)]));
  return json.value;
}

const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('parseWhole', () => {
  it.each([
    ['null', { kind: 'null' }],
    [' true ', { kind: 'boolean', value: true }],
    ['false', { kind: 'boolean', value: false }],
    ['-0.5e+10', { kind: 'number', text: '-0.5e+10' }],
    ['"a\\u00e9"', { kind: 'string', value: 'a\u00c3\u00a9' }],
    ['[]', { kind: 'array', items: [] }],
    ['[ 1 , null ]', { kind: 'array', items: [{ kind: 'number', text: '1' }, { kind: 'null' }] }],
    ['{}', { kind: 'object', entries: [] }],
  ])('reads %j', (text, value) => {
    expect(parseJson(text)).toEqual({ ok: true, value });
  });

  it('keeps repeated keys in their order', () => {
    const parsed = parseJson('{"b":1,"a":2,"b":3,"__proto__":null}');
    if (!parsed.ok || parsed.value.kind !== 'object') return expect.fail('no object');
    expect(parsed.value.entries.map(([key]) => key)).toEqual(['b', 'a', 'b', '__proto__']);
  });

  it.each([
    ['', 'unexpected end of JSON input'],
    ['[1', 'unexpected end of JSON input'],
    ['"a', 'unexpected end of JSON input'],
    ['{"a"', 'unexpected end of JSON input'],
    ['{"a":1', 'unexpected end of JSON input'],
    ['1.', "invalid character ' ' after decimal point in numeric literal"],
    ['1e', "invalid character ' ' in exponent of numeric literal"],
    ['-', "invalid character ' ' in numeric literal"],
    ['tru', "invalid character ' ' in literal true (expecting 'e')"],
    ['"\\', "invalid character ' ' in string escape code"],
    ['"\\u12', "invalid character ' ' in \\u hexadecimal character escape"],
    ['{} x', "invalid character 'x' after top-level value"],
    ['01', "invalid character '1' after top-level value"],
    ['[1 2]', "invalid character '2' after array element"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
    ['{1}', "invalid character '1' looking for beginning of object key string"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ["'a'", "invalid character '\\'' looking for beginning of value"],
    ['nul1', "invalid character '1' in literal null (expecting 'l')"],
    ['falsy', "invalid character 'y' in literal false (expecting 'e')"],
    ['"\n"', "invalid character '\\n' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u00g0"', "invalid character 'g' in \\u hexadecimal character escape"],
    ['-a', "invalid character 'a' in numeric literal"],
    ['1.a', "invalid character 'a' after decimal point in numeric literal"],
    ['1ex', "invalid character 'x' in exponent of numeric literal"],
    ['1e+x', "invalid character 'x' in exponent of numeric literal"],
    ['\u00ef\u00bb\u00bf{}', "invalid character '\u00c3\u00af' looking for beginning of value"],
  ])('refuses %j as Go does: %s', (text, error) => {
    expect(parseJson(text)).toEqual({ ok: false, error });
  });

  it('takes 10000 levels and no more', () => {
    expect(parseJson(deep(10_000)).ok).toBe(true);
    expect(parseJson(deep(10_001))).toEqual({ ok: false, error: 'exceeded max depth' });
  });
});

describe('parseFirst', () => {
  it('leaves what follows the first value unread', () => {
    expect(parseFirstJson(' {} <html>')).toEqual({ ok: true, value: { kind: 'object', entries: [] } });
    expect(parseFirstJson('null,')).toEqual({ ok: true, value: { kind: 'null' } });
  });

  it.each([
    ['', 'EOF'],
    [' \t\r\n', 'EOF'],
    ['{', 'unexpected EOF'],
    ['1.', 'unexpected EOF'],
    ['"a', 'unexpected EOF'],
    ['<html>', "invalid character '<' looking for beginning of value"],
  ])('refuses %j: %s', (text, error) => {
    expect(parseFirstJson(text)).toEqual({ ok: false, error });
  });
});

describe('any JSON', () => {
  it('is read as the platform reads it', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'grapheme-ascii' }), (text) => {
        const parsed = parseJson(toBinary(text));
        if (!parsed.ok) return expect.fail(parsed.error);
        expect(plain(parsed.value)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('or text that is none is refused by both', () => {
    const piece = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', '-', '.', 'e', 'null', ' ', '\\', '"');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
        const text = pieces.join('');
        let fine = true;
        try {
          JSON.parse(text);
        } catch {
          fine = false;
        }
        expect(parseJson(text).ok).toBe(fine);
      }),
      { numRuns: 1000 },
    );
  });
});

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
    expect(unquoteJson(body)).toBe(value);
  });

  it('undoes JSON.stringify', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(unquoteJson(toBinary(JSON.stringify(text).slice(1, -1)))).toBe(toBinary(text));
      }),
    );
  });
});
