import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  escapeHidden,
  escapeName,
  escapeText,
  isoTime,
  jsonForm,
  listSome,
  showFile,
  showName,
  showSize,
  someLines,
  withoutFraction,
} from '../../src/model/text.js';

const hidden = [
  ['a control character', '\u001b', '\\x1b'],
  ['a line end', '\n', '\\x0a'],
  ['delete', '\u007f', '\\x7f'],
  ['C1', '\u009b', '\\x9b'],
  ['a soft hyphen', '\u00ad', '\\xad'],
  ['a space that does not break', '\u00a0', '\\xa0'],
  ['the Arabic letter mark', '\u061c', '\\u061c'],
  ['the Mongolian vowel separator', '\u180e', '\\u180e'],
  ['a Mongolian variation selector', '\u180b', '\\u180b'],
  ['a zero-width space', '\u200b', '\\u200b'],
  ['a joiner', '\u200d', '\\u200d'],
  ['a direction override', '\u202e', '\\u202e'],
  ['an isolate', '\u2066', '\\u2066'],
  ['a line separator', '\u2028', '\\u2028'],
  ['an em space', '\u2003', '\\u2003'],
  ['an ideographic space', '\u3000', '\\u3000'],
  ['the Hangul filler', '\u3164', '\\u3164'],
  ['the halfwidth Hangul filler', '\uffa0', '\\uffa0'],
  ['the empty Braille pattern', '\u2800', '\\u2800'],
  ['an annotation mark', '\ufff9', '\\ufff9'],
  ['a variation selector', '\ufe0f', '\\ufe0f'],
  ['a supplementary variation selector', '\u{e0100}', '\\u{e0100}'],
  ['a tag', '\u{e0041}', '\\u{e0041}'],
  ['a private character', '\ue000', '\\ue000'],
  ['an unassigned character', '\u0378', '\\u0378'],
  ['a noncharacter', '\uffff', '\\uffff'],
  ['half a surrogate pair', '\ud800', '\\ud800'],
  ['a mark without a letter', '\u0301', '\\u0301'],
] as const;

describe('attack L9: what does not show', () => {
  it.each(hidden)('is escaped: %s', (_, char, shown) => {
    expect(escapeText(`a-${char}b`)).toBe(`a-${shown}b`);
  });

  it('is escaped as JSON has it', () => {
    for (const [, char] of hidden) {
      expect(JSON.parse(`"${escapeHidden(char, jsonForm)}"`)).toBe(char);
    }
  });
});

describe('what shows', () => {
  it.each([
    'Ünïcödé',
    'Владимир',
    'Ελλάδα',
    '管理者',
    '한국어',
    'עִבְרִית',
    'اَلْعَرَبِيَّةُ',
    'नमस्ते',
    'ภาษาไทย',
    'Tiếng Việt',
    '😀🇩🇪👍🏽',
    '“quoted” – ½ €',
  ])('stays as it is: %s', (text) => {
    expect(escapeText(text)).toBe(text);
  });

  it('is distinguished from what Unicode considers equal', () => {
    expect(escapeText('caf\u00e9')).toBe('caf\u00e9');
    expect(escapeText('cafe\u0301')).toBe('cafe\\u0301');
    expect(escapeText('\u212bngström')).toBe('\\u212bngström');
    expect(escapeText('\u1112\u1161\u11ab')).toBe('\u1112\\u1161\\u11ab');
    expect(escapeText('a\u0323\u0302')).not.toBe(escapeText('a\u0302\u0323'));
  });

  it('is not covered by a heap of marks', () => {
    expect(escapeText(`z${'\u0335'.repeat(100)}`)).toBe(`z${'\u0335'.repeat(4)}${'\\u0335'.repeat(96)}`);
  });

  it('is not changed by a mark at the beginning of a name', () => {
    expect(escapeText('"\u0338name"')).toBe('"\\u0338name"');
  });
});

describe('two names', () => {
  const name = fc.string({
    unit: fc.constantFrom('a', 'e', '\\', 'x', 'u', '1', 'b', '{', ' ', '\u001b', '\u200b', '\u0301', 'é', '\u0000'),
  });

  it('that are not the same are not the same in a cell', () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        fc.pre(one !== other);
        expect(escapeName(one)).not.toBe(escapeName(other));
      }),
      { numRuns: 5000 },
    );
  });

  it('that differ in spaces alone do so on the screen', () => {
    expect(['a', ' a', 'a ', 'a  b', 'a b'].map(escapeName)).toEqual(['a', '\\x20a', 'a\\x20', 'a\\x20 b', 'a b']);
  });
});

describe('any text', () => {
  it('gives one line of characters that show', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeText(text)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
        expect(escapeText(escapeText(text))).toBe(escapeText(text));
      }),
    );
  });
});

const long = 'x'.repeat(300);

describe('a name in a sentence', () => {
  it('stands as it is, in quotes where its edges would not be seen', () => {
    expect(showName('joe@example.org')).toBe('joe@example.org');
    expect(showName('joe doe')).toBe('"joe doe"');
    expect(showName('')).toBe('""');
  });

  it('is cut where it is long', () => {
    expect(showName(long)).toBe(`"${'x'.repeat(100)}…"`);
  });
});

describe('a file in a sentence', () => {
  it('stands as it is, however long its path is', () => {
    expect(showFile(`/tmp/${long}/passwords`)).toBe(`/tmp/${long}/passwords`);
  });

  it('is in quotes where its edges would not be seen, and cannot end them', () => {
    expect(showFile('/tmp/my passwords')).toBe('"/tmp/my passwords"');
    expect(showFile('/tmp/a"b')).toBe(String.raw`"/tmp/a\"b"`);
    expect(showName(String.raw`a\x1b`)).toBe(String.raw`"a\\x1b"`);
  });
});

it.each([
  [64 * 1024 * 1024, '64MiB'],
  [1536 * 1024, '1536KiB'],
  [1024, '1KiB'],
  [1_000_000, '1000000 bytes'],
  [10, '10 bytes'],
])('%i bytes are told as %s', (bytes, text) => {
  expect(showSize(bytes)).toBe(text);
});

describe('a long list', () => {
  it('is cut, and the rest is counted', () => {
    expect(listSome(['a', 'b'], 2)).toBe('a, b');
    expect(listSome(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
    expect(listSome(['a', 'b', 'c'], 2, '; ')).toBe('a; b; and 1 more');
    expect(someLines(['a', 'b', 'c'], 3)).toEqual(['a', 'b', 'c']);
    expect(someLines(['a', 'b', 'c'], 1)).toEqual(['a', 'and 2 more']);
  });
});

describe('a time', () => {
  it('is in ISO 8601, in whole seconds', () => {
    expect(isoTime(Date.UTC(2026, 10, 29, 13, 32, 57, 1))).toBe('2026-11-29T13:32:58Z');
    expect(withoutFraction('2026-11-29T13:32:58.123Z')).toBe('2026-11-29T13:32:58Z');
  });
});
