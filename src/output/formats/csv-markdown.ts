import { escapeName, escapeText } from '../../model/text.js';
import type { ResultTable, TableCell } from '../view.js';

/** How CSV is written. */
interface CsvOptions {
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

/** Text as Markdown shows it as it is, on one line: nothing in it is markup, a link, HTML or the end of a cell. */
export function markdownText(text: string): string {
  return escapeText(text)
    .replace(/[\\`*_[\]{}#|~^$:@]|^[-+=]/g, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/www\./gi, (found) => found.replace('.', '\\.'))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/**
 * A name that nothing makes a link or a mention of: GitHub and GitLab look for `@name`, `#1`, commits and addresses in the
 * text that Markdown became, where an escape no longer shows, but not in code. Addresses they find in code, too.
 */
export function markdownName(name: string): string {
  const text = name === '' ? '""' : markdownText(escapeName(name));
  return `<code>${text.replaceAll('\\@', '\\@<!-- -->')}</code>`;
}

/** A table of GitHub's Markdown. */
export function renderMarkdown({ columns, rows }: ResultTable): string {
  const escaped = [columns, ...rows].map((row) =>
    row.map((cell) => markdownText(typeof cell === 'string' ? cell : cell.join(', '))),
  );
  return markdownTable(escaped[0] ?? [], escaped.slice(1));
}

/** The same of cells that are Markdown already. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('');
}
