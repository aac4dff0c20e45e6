import { escapeText } from '../../model/text.js';
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

/** A table of GitHub's Markdown. */
export function renderMarkdown({ columns, rows }: ResultTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const escaped = [columns, ...rows].map((row) =>
    line(row.map((cell) => markdownText(typeof cell === 'string' ? cell : cell.join(', ')))),
  );
  return [escaped[0] ?? '', line(columns.map(() => '---')), ...escaped.slice(1)].join('');
}
