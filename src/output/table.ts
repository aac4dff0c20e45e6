import { escapeText } from '../model/escape.js';
import { escapedText, joined, type Lines, type Styled, type Text } from './styled.js';
import type { Style } from './style.js';
import type { Table, View } from './view.js';
import { cut, widthOf } from './width.js';

const gap = 2;
/** Cells that a column keeps as long as all columns can. */
const narrowest = 8;
/** Where there is no terminal, a longer cell stands out of its column instead of making that wide for all rows. */
const mostPadded = 200;

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + gap, -gap);
}

/** Takes width from the widest columns, down to so many cells, until they fit. */
function shrink(widths: number[], columns: number, least: number): number[] {
  while (total(widths) > columns) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= least) break;
    widths[widest]!--;
  }
  return widths;
}

/** Widths that fit into a terminal; one that has not room for a cell of each column loses the last ones. */
function fit(widths: readonly number[], columns: number): readonly number[] {
  const fitted = shrink(shrink([...widths], columns, narrowest), columns, 1);
  while (fitted.length > 1 && total(fitted) > columns) fitted.pop();
  return fitted;
}

function padding(text: string, width: number): string {
  return ' '.repeat(Math.max(gap, width - widthOf(text)));
}

/** How a table looks where it does not look as all do. */
export interface Look {
  /** The header bears names, whose letter case counts. */
  readonly namesInHeader?: boolean;
  /** The colour of a cell, by its text. */
  paint?(cell: string): (text: Text) => Text;
}

/** A table for people: aligned, cut to the terminal's width, header in bold. */
export function renderTable(table: Table, style: Style, look: Look = {}): Lines {
  if (table.rows.length === 0) return table.empty === undefined ? [] : [table.empty];
  const rows = table.rows.map((row) => row.map(escapeText));
  const header = table.columns.map((name) => (look.namesInHeader ? escapeText(name) : name.toUpperCase()));
  const widths = header.map((name, i) =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[i] ?? '')), widthOf(name)),
  );
  const { columns } = style;
  const fitted = columns === undefined ? widths.map((width) => Math.min(width, mostPadded)) : fit(widths, columns);
  const line = (row: readonly string[], paint: Look['paint']): Styled => {
    const last = row.slice(0, fitted.length).findLastIndex((cell) => cell !== '');
    const cells = row.slice(0, last + 1).flatMap((cell, i) => {
      const text = columns === undefined ? cell : cut(cell, fitted[i]!);
      const shown = escapedText(text);
      return [paint === undefined ? shown : paint(cell)(shown), i === last ? '' : padding(text, fitted[i]! + gap)];
    });
    return joined(cells);
  };
  const head = style.color.bold(line(header, undefined));
  return [head, ...rows.map((row) => line(row, look.paint))];
}

/**
 * The view of a list: table, CSV, names and JSON from one description. With `-o name` each line is one name,
 * control characters escaped.
 */
export function listView<T>(description: {
  columns: readonly string[];
  row: (item: T) => readonly string[];
  json: (item: T) => unknown;
  name: (item: T) => string;
  empty?: string;
}): View<readonly T[]> {
  const table = (items: readonly T[]): Table => ({
    columns: description.columns,
    rows: items.map((item) => description.row(item)),
    ...(description.empty === undefined ? {} : { empty: description.empty }),
  });
  return {
    text: (items, style) => renderTable(table(items), style),
    json: (items) => items.map((item) => description.json(item)),
    extra: {
      csv: table,
      name: (items) => items.map((item) => description.name(item)),
    },
  };
}
