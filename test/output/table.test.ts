import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeStyle, plainStyle } from '../../src/output/style.js';
import { renderTable } from '../../src/output/table.js';
import { printed } from './printed.js';
import { widthOf } from '../../src/output/width.js';

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
  return widthOf(line.slice(0, line.lastIndexOf(text)));
}

describe('a table', () => {
  it.each([10, 20, 40, 80, 200])('fits a terminal of %i columns', (columns) => {
    const lines = linesAt(columns);
    expect(lines).toHaveLength(1 + table.rows.length);
    expect(lines.filter((line) => widthOf(line) > columns)).toEqual([]);
  });

  it.each(strange)('stays aligned beside %s', (_, name) => {
    for (const columns of [20, 40, 80]) {
      const wide = {
        columns: ['name', 'it'],
        rows: [
          ['x', 'end'],
          [name, 'end'],
          ['yy', 'end'],
        ],
      };
      const [, ...lines] = printed(renderTable(wide, makeStyle(0, true, columns)))
        .trimEnd()
        .split('\n');
      expect(new Set(lines.map((line) => before(line, 'end'))).size, `${columns}`).toBe(1);
    }
  });

  it('cuts with … and never a letter apart', () => {
    const lines = linesAt(20);
    expect(lines[0]).toBe('NAME   PERM…  ROLES');
    expect(lines[1]).toBe('admin  AddR…  kapac…');
    expect(lines[2]).toBe('管理…  Read…  r');
    expect(lines.join('')).not.toMatch(/\p{Surrogate}|\u0301…\u0301/u);
  });

  it('leaves out its last columns where there is no room for one cell of each', () => {
    const wide = { columns: ['a', 'b', 'c', 'd'], rows: [['1', '2', '3', '4']] };
    expect(printed(renderTable(wide, makeStyle(0, true, 8)))).toBe('A  B  C\n1  2  3\n');
  });

  it('is whole where there is no terminal', () => {
    expect(printed(renderTable(table, plainStyle))).not.toContain('…');
  });

  it('of whatever text fits and has a line for each row', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 30 });
    const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 8, max: 90 }), (cells, columns) => {
        const text = printed(renderTable({ columns: ['a', 'b', 'c'], rows: cells }, makeStyle(0, true, columns)));
        const lines = text.split('\n').slice(0, -1);
        expect(lines).toHaveLength(1 + cells.length);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      }),
    );
  });
});
