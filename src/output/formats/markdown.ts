import { escapeName, escapeText } from '../../model/text.js';
import type { ResultTable } from '../view.js';

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
