import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { makeStyle, plainStyle } from '../../src/output/style.js';
import { renderTable } from '../../src/output/table.js';
import { printed } from './printed.js';
import { truncate, displayWidth } from '../../src/output/text-width.js';

describe('the width of a text', () => {
  it.each([
    ['letters', 'abc', 3],
    ['wide letters', '管理者', 6],
    ['letters with marks', 'e\u0301a\u0300', 2],
    ['an emoji of several parts', '👩‍👩‍👧', 2],
    ['nothing', '', 0],
    ['wide letters of one line', '管'.repeat(200), 400],
    ['vowel signs that take a cell', 'की', 2],
    ['syllables in their parts', '한국'.normalize('NFD'), 4],
  ])('%s', (_, text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it('is that of string-width, for any text of common scripts, symbols and emoji', () => {
    const letters = (from: number, to: number): fc.Arbitrary<string> =>
      fc.integer({ min: from, max: to }).map((code) => String.fromCodePoint(code));
    const scripts = [
      letters(0x20, 0x7e),
      letters(0xa1, 0x24f),
      letters(0x370, 0x4ff),
      letters(0x5d0, 0x5ea),
      letters(0x620, 0x64a),
      letters(0x905, 0x939),
      letters(0x3041, 0x3096),
      letters(0x30a1, 0x30fa),
      letters(0x4e00, 0x9fff),
      letters(0xac00, 0xd7a3),
      letters(0xff01, 0xff5e),
      letters(0x20000, 0x2a6df),
    ].map((script) => script.filter((text) => /^[\p{L}\p{N}\p{P}\p{S}\p{Zs}]$/u.test(text)));
    const symbols = fc.constantFrom('e\u0301', '…', '─', '✓', '✗', '👩‍👩‍👧', '😀', '👍🏽', '🇩🇪', '❤️', '1️⃣', '€');
    const text = fc.array(fc.oneof(...scripts, symbols), { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(fc.property(text, (text) => displayWidth(text) === stringWidth(text)));
  });

  it('of a text of any length takes no longer than it is long', () => {
    for (const text of ['管'.repeat(500_000), '😀'.repeat(500_000)])
      expect(displayWidth(text)).toBeGreaterThan(400_000);
  });

  it('is kept to by a cut', () => {
    for (const text of ['管理者の名前', 'a'.repeat(30), '😀'.repeat(90_000), 'e\u0301'.repeat(9000)]) {
      expect(truncate(text, 7)).toMatch(/…$/);
      expect(displayWidth(truncate(text, 7))).toBeLessThanOrEqual(7);
      expect(displayWidth(truncate(text, 7))).toBeGreaterThanOrEqual(6);
    }
  });
});

describe('a table with one very long cell', () => {
  const rows = [['x'.repeat(1_000_000), 'end'], ...Array.from({ length: 5000 }, (_, i) => [`user${i}`, 'end'])];
  const table = { columns: ['name', 'more'], rows };

  it('does not make all other rows as wide, where there is no terminal', () => {
    const text = printed(renderTable(table, plainStyle));
    expect(text.length).toBeLessThan(3_000_000);
    expect(text.split('\n')[1]).toMatch(/^x{1000000} {2}end$/);
    expect(text.split('\n')[2]).toMatch(/^user0 {197}end$/);
  });

  it('does not widen the other lines of a terminal either', () => {
    const lines = printed(renderTable(table, makeStyle(0, true, 80)))
      .trimEnd()
      .split('\n');
    expect(lines.filter((line) => line.length > 80)).toHaveLength(1);
  });
});
