import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noColors, plainStyle } from '../../src/output/style.js';
import { escapeName, escapeText } from '../../src/model/text.js';
import { displayWidth, renderTable, truncate } from '../../src/output/table.js';
import { printed } from './printed.js';
import stringWidth from 'string-width';

const strange = [
  ['wide letters', '管理者の名前'],
  ['fullwidth letters', 'ａｄｍｉｎ'],
  ['halfwidth kana', 'ｱﾄﾞﾐﾝ'],
  ['letters with marks', 'e\u0301tienne a\u0300'],
  ['Hangul in parts', '\u1112\u1161\u11ab\u1100\u1173\u11af'],
  ['marks of Thai and Devanagari', 'ก็ नमस्ते'],
  ['an emoji', '😀 joe'],
  ['an emoji with a variation selector', '❤️ joe'],
  ['a flag', '🇩🇪 joe'],
  ['an emoji with a skin', '👍🏽 joe'],
  ['an emoji of several parts, whose joiners show', '👩\u200d👩\u200d👧'],
  ['right to left', 'عربي'],
] as const;

const table = {
  columns: ['name', 'permissions', 'roles'],
  rows: [
    ['admin', 'AddRemoveNode, CopyShard, CreateDatabase', 'kapacitor, readers'],
    ...strange.map(([, name]) => [name, 'ReadData', 'r']),
    ...strange.map(([, name]) => ['x', name.repeat(9), 'r']),
  ],
};

function linesAt(columns: number): readonly string[] {
  return printed(renderTable(table, { color: noColors, terminal: true, columns }))
    .trimEnd()
    .split('\n');
}

/** The cells before a text of a line. */
function before(line: string, text: string): number {
  return displayWidth(line.slice(0, line.lastIndexOf(text)));
}

describe('a table', () => {
  it.each([10, 20, 40, 80, 200])('never cuts a name, on a terminal of %i columns', (columns) => {
    const lines = linesAt(columns);
    expect(lines.join('\n')).not.toContain('…');
    for (const [name = ''] of table.rows) expect(lines.join('\n')).toContain(escapeText(name));
  });

  it.each([40, 80, 200])('cuts prose to fit a terminal of %i columns', (columns) => {
    const rows = strange.map(([what, name]) => [name, `${what} `.repeat(50)]);
    const lines = printed(
      renderTable({ columns: ['name', 'what'], rows, prose: ['what'] }, { color: noColors, terminal: true, columns }),
    )
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(1 + rows.length);
    expect(lines.filter((line) => displayWidth(line) > columns)).toEqual([]);
    expect(lines.filter((line) => line.includes('…'))).toHaveLength(rows.length);
  });

  it('puts lists of names on several lines, and counts what is left after ten', () => {
    const lists = {
      columns: ['name', 'permissions', 'roles'],
      rows: [
        ['joe', ['ReadData', 'WriteData', 'KapacitorAPI'], ['a']],
        ['ann', Array.from({ length: 100 }, (_, i) => `Permission${i}`), []],
      ],
    };
    const lines = printed(renderTable(lists, { color: noColors, terminal: true, columns: 30 })).split('\n');
    expect(lines.slice(0, 4)).toEqual([
      'NAME  PERMISSIONS        ROLES',
      'joe   ReadData,          a',
      '      WriteData,',
      '      KapacitorAPI',
    ]);
    expect(lines.at(-2)).toBe('      and 91 more');
    expect(lines).toHaveLength(1 + 3 + 10 + 1);
  });

  it.each(strange)('stays aligned beside %s', (_, name) => {
    for (const columns of [20, 40, 80]) {
      const wide = {
        columns: ['name', 'it'],
        rows: [
          ['x', 'end'],
          [name.normalize(), 'end'],
          ['yy', 'end'],
        ],
      };
      const [, ...lines] = printed(renderTable(wide, { color: noColors, terminal: true, columns }))
        .trimEnd()
        .split('\n');
      expect(new Set(lines.map((line) => before(line, 'end'))).size, `${columns}`).toBe(1);
    }
  });

  it('is whole where there is no terminal', () => {
    expect(printed(renderTable(table, plainStyle))).not.toContain('…');
  });

  it('of whatever names shows each of them whole', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 30 });
    const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 8, max: 90 }), (cells, columns) => {
        const text = printed(
          renderTable({ columns: ['a', 'b', 'c'], rows: cells }, { color: noColors, terminal: true, columns }),
        );
        const lines = text.split('\n').slice(0, -1);
        expect(lines).toHaveLength(1 + cells.length);
        for (const [i, row] of cells.entries())
          for (const name of row) expect(lines[i + 1]).toContain(escapeName(name));
      }),
    );
  });
});

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
    const lines = printed(renderTable(table, { color: noColors, terminal: true, columns: 80 }))
      .trimEnd()
      .split('\n');
    expect(lines.filter((line) => line.length > 80)).toHaveLength(1);
  });
});
