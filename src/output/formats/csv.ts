import { escapeText } from '../../model/text.js';
import type { TableCell, ResultTable } from '../view.js';

/** How CSV is written. */
export interface CsvOptions {
  /** Fields stay as they are, formulas as well. */
  readonly raw: boolean;
  /** A terminal gets it: what does not show is escaped. */
  readonly terminal: boolean;
}

// What a spreadsheet takes for the beginning of a formula, full-width forms included; blanks before it are passed over.
const formula = /^[\s\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe62-\ufe66\ufe6b\u2212]|^[\t\r\n]/u;

function field(value: string): string {
  return /[",;\t\r\n]|^ | $/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/**
 * RFC 4180, with a header line. A field that a spreadsheet would run as a formula gets a `'` before it.
 * @returns the text, and whether anything in it was escaped for the terminal
 */
export function renderCsv(table: ResultTable, { raw, terminal }: CsvOptions): { text: string; isEscaped: boolean } {
  let isEscaped = false;
  const shown = (value: string): string => {
    const escaped = terminal ? escapeText(value) : value;
    isEscaped ||= escaped !== value;
    return escaped;
  };
  const cell = (content: TableCell): string => {
    const value = typeof content === 'string' ? content : content.join(', ');
    return field(shown(!raw && formula.test(value) ? `'${value}` : value));
  };
  const lines = [table.columns, ...table.rows].map((row) => `${row.map(cell).join(',')}\r\n`);
  return { text: lines.join(''), isEscaped };
}
