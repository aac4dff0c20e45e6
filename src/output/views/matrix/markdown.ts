import type { Matrix } from '../../../access-matrix/matrix.js';
import { markdownText, renderMarkdown } from '../../markdown.js';
import { mergeColumns } from './merged.js';
import { marks, remarksOf } from './text.js';

/** The matrix as Markdown: the columns of the table for a terminal, all in one. */
export function matrixMarkdown(matrix: Matrix): string {
  const { users, made, cluster } = matrix;
  const columns = mergeColumns(matrix);
  const rows = users.map(({ name, row }) => [name, ...columns.map(({ states }) => marks[states[row] ?? 'out'])]);
  const head = `Read ${made} from ${cluster.map(markdownText).join(', ')}.`;
  const table =
    rows.length === 0
      ? 'No users.\n'
      : renderMarkdown({ columns: ['user', ...columns.map(({ title }) => title)], rows });
  const legend = columns
    .filter(({ parts }) => parts.length > 1)
    .map(({ title, parts }) => `- ${[title, parts.join(', ')].map(markdownText).join(': ')}\n`);
  const remarks = remarksOf(matrix, columns).map((remark) => `- ${markdownText(remark)}\n`);
  const below = [...legend, ...remarks];
  return [head, '\n\n', table, ...(below.length === 0 ? [] : ['\n', ...below])].join('');
}
