import { escapeName, escapeText } from '../model/text.js';
import { escapedText, joinText, type Lines, type Style, type Styled, type Text } from './style.js';
import type { ExtraFormats, ResultTable, TableCell, View } from './view.js';
import fastStringWidth from 'fast-string-width';

const gap = 2;
/** Cells that a column of prose keeps as long as all columns can. */
const minProse = 8;
/** Without a terminal, a longer cell overflows its column instead of widening it for all rows. */
const maxPadding = 200;
/** Lines of a list in one cell of a terminal; what is left is counted. */
const maxListLines = 10;

/** How a table looks where it does not look as all do. */
interface TableOptions {
  /** The header contains names, whose letter case counts. */
  readonly namesInHeader?: boolean;
  /** The colour of a cell, by its text. */
  paint?(cell: string): (text: Text) => Text;
}

/** The items of a cell, escaped, with the comma that follows each. */
function itemsOf(cell: TableCell, isProse: boolean): readonly string[] {
  if (typeof cell === 'string') return [isProse ? escapeText(cell) : escapeName(cell)];
  return cell.map((item, i) => (i === cell.length - 1 ? escapeName(item) : `${escapeName(item)},`));
}

function maxOf(widths: readonly number[], limit: number): number {
  return widths.reduce((max, width) => (width > limit ? max : Math.max(max, width)), 0);
}

/** Takes width from the widest columns that have some to spare, until they fit or none has. */
function shrink(widths: readonly number[], mins: readonly number[], columns: number): readonly number[] {
  const fitted = [...widths];
  let over = fitted.reduce((sum, width) => sum + width + gap, -gap) - columns;
  while (over > 0) {
    const spare = fitted.map((width, i) => (width > mins[i]! ? width : 0));
    const widest = spare.indexOf(Math.max(...spare));
    if (spare[widest] === 0) break;
    fitted[widest]!--;
    over--;
  }
  return fitted;
}

/** A list in lines of this width; no item is ever cut. */
function wrap(items: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  let used = 0;
  for (const [i, item] of items.entries()) {
    const cells = displayWidth(item);
    if (lines.length > 0 && used + 1 + cells <= width) {
      lines.push(`${lines.pop()!} ${item}`);
      used += 1 + cells;
      continue;
    }
    if (lines.length === maxListLines - 1 && items.length - i > 1) {
      return [...lines, `and ${items.length - i} more`];
    }
    lines.push(item);
    used = cells;
  }
  return lines.length === 0 ? [''] : lines;
}

/** The widths of the columns: of all cells, but for those that no terminal shows in one line. */
function columnWidths(
  header: readonly string[],
  items: Items,
  isProse: readonly boolean[],
  columns: number | undefined,
): readonly number[] {
  const limit = columns ?? maxPadding;
  const widths = header.map((name, i) => {
    const cells = items.map((row) => {
      const cell = row[i] ?? [];
      const width = displayWidth(cell.join(' '));
      return cell.length > 1 ? Math.min(width, limit) : width;
    });
    return Math.max(displayWidth(name), maxOf(cells, isProse[i] || columns === undefined ? Infinity : limit));
  });
  if (columns === undefined) return widths.map((width) => Math.min(width, maxPadding));
  const mins = header.map((name, i) => {
    if (isProse[i]) return Math.min(widths[i]!, minProse);
    const cells = items.flatMap((row) => (row[i] ?? []).map(displayWidth));
    return Math.max(displayWidth(name), maxOf(cells, limit));
  });
  return shrink(widths, mins, columns);
}

type Items = readonly (readonly (readonly string[])[])[];

/**
 * A table for people: aligned, its header in bold. On a terminal prose is cut with `…` and lists of names go over
 * several lines; a name is never cut.
 */
export function renderTable(table: ResultTable, style: Style, options: TableOptions = {}): Lines {
  if (table.rows.length === 0) return table.empty === undefined ? [] : [table.empty];
  const { columns } = style;
  const isProse = table.columns.map((name) => table.prose?.includes(name) === true);
  const items = table.rows.map((row) => row.map((cell, i) => itemsOf(cell, isProse[i] === true)));
  const header = table.columns.map((name) => (options.namesInHeader ? escapeText(name) : name.toUpperCase()));
  const widths = columnWidths(header, items, isProse, columns);

  const cellLines = (cell: readonly string[], i: number): readonly string[] => {
    if (columns === undefined) return [cell.join(' ')];
    return isProse[i] ? [truncate(cell.join(' '), widths[i]!)] : wrap(cell, widths[i]!);
  };
  const line = (cells: readonly string[], paint: TableOptions['paint']): Styled => {
    const last = cells.findLastIndex((cell) => cell !== '');
    return joinText(
      cells.slice(0, last + 1).flatMap((text, i) => {
        const shown = escapedText(text);
        const padding = i === last ? '' : ' '.repeat(Math.max(gap, widths[i]! + gap - displayWidth(text)));
        return [paint === undefined ? shown : paint(text)(shown), padding];
      }),
    );
  };
  const body = items.flatMap((row) => {
    const cells = row.map(cellLines);
    const height = Math.max(1, ...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, at) =>
      line(
        cells.map((lines) => lines[at] ?? ''),
        options.paint,
      ),
    );
  });
  return [style.color.bold(line(header, undefined)), ...body];
}

/** A list: its table, CSV, names and JSON. */
export interface ListDescription<T> {
  readonly columns: readonly string[];
  readonly row: (item: T) => readonly TableCell[];
  /** Where CSV says more than a table for people. */
  readonly csvRow?: (item: T) => readonly TableCell[];
  /** Columns that hold prose, which a terminal cuts. */
  readonly prose?: readonly string[];
  readonly json: (item: T) => unknown;
  readonly name: (item: T) => string;
  readonly empty?: string;
}

interface ListView<T> extends View<readonly T[]> {
  readonly extra: Required<Pick<ExtraFormats<readonly T[]>, 'csv' | 'name'>>;
}

/** The view of a list, from one description. With `-o name` each line is one name, control characters escaped. */
export function listView<T>(description: ListDescription<T>): ListView<T> {
  const table = (items: readonly T[], row = description.row): ResultTable => ({
    columns: description.columns,
    rows: items.map((item) => row(item)),
    ...(description.prose === undefined ? {} : { prose: description.prose }),
    ...(description.empty === undefined ? {} : { empty: description.empty }),
  });
  return {
    text: (items, style) => renderTable(table(items), style),
    json: (items) => items.map((item) => description.json(item)),
    extra: {
      csv: (items) => table(items, description.csvRow),
      name: (items) => items.map((item) => description.name(item)),
    },
  };
}

/** Characters that are measured, the others are counted: the time grows with the square of the length. */
const maxMeasured = 500;

const ascii = /^[ -~]*$/;

/** The width of a text in terminal cells; of one that no terminal shows in a line about that. */
export function displayWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  const head = text.slice(0, maxMeasured).normalize();
  // Vowel signs of Indic scripts: fast-string-width takes them for marks without a width.
  const spacingMarks = head.match(/\p{Mc}/gu)?.length ?? 0;
  return fastStringWidth(head) + spacingMarks + Math.max(0, text.length - maxMeasured);
}

/** The width that a raw name has when it is printed in a cell. */
export function escapedWidth(name: string): number {
  return displayWidth(escapeName(name));
}

/** Made when it is needed: that takes a third of the time of a short command. */
let segmenter: Intl.Segmenter | undefined;

/** The most characters that a cell of a terminal is taken to need. */
const maxCharsPerCell = 20;

/** Cuts a text to a width in terminal cells, with `…` for what is left out. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of (segmenter ??= new Intl.Segmenter()).segment(text.slice(0, width * maxCharsPerCell))) {
    const cells = displayWidth(segment);
    if (used + cells > width - 1) break;
    kept += segment;
    used += cells;
  }
  return `${kept}…`;
}
