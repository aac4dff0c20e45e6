import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeStyle, plainStyle } from '../../src/output/style.js';
import { escapeName, escapeText } from '../../src/model/text.js';
import { renderTable } from '../../src/output/table.js';
import { printed } from './printed.js';
import { displayWidth } from '../../src/output/text-width.js';

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
  return printed(renderTable(table, makeStyle(0, true, columns)))
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
      renderTable({ columns: ['name', 'what'], rows, prose: ['what'] }, makeStyle(0, true, columns)),
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
    const lines = printed(renderTable(lists, makeStyle(0, true, 30))).split('\n');
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
      const [, ...lines] = printed(renderTable(wide, makeStyle(0, true, columns)))
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
        const text = printed(renderTable({ columns: ['a', 'b', 'c'], rows: cells }, makeStyle(0, true, columns)));
        const lines = text.split('\n').slice(0, -1);
        expect(lines).toHaveLength(1 + cells.length);
        for (const [i, row] of cells.entries())
          for (const name of row) expect(lines[i + 1]).toContain(escapeName(name));
      }),
    );
  });
});
