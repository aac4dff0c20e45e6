import type { Matrix, MatrixRow } from '../../access-matrix/matrix.js';
import { endpointColumns, stateOf, writeColumns, type CellState, type Column } from '../views/matrix/columns.js';
import { partsOf } from '../views/matrix/merged.js';
import { htmlName, htmlText } from './escape.js';
import { count, plural } from './head.js';
import { rightsText } from './words.js';

/** More kinds, and more names of a kind, are only counted. */
const mostKinds = 200;
const mostNames = 12;
const mostWrites = 20;

/** The columns in which a row has this state, in few words. */
function inWords(matrix: Matrix, row: MatrixRow, state: CellState): string {
  const has = (column: Column): boolean => stateOf(matrix.reasons[column.place(row)]) === state;
  const endpoints = endpointColumns(matrix).filter(has);
  const writes = writeColumns(matrix).filter(has);
  if (endpoints.length + writes.length === 0) return '';
  const shownWrites = writes.slice(0, mostWrites).map(({ title }) => title);
  if (writes.length > mostWrites) shownWrites.push(`writes to ${writes.length - mostWrites} more`);
  const parts = [...partsOf(endpoints, matrix), ...shownWrites].map(htmlText).join(', ');
  return `<small>${endpoints.length} of ${plural(matrix.endpoints.length, 'endpoint')}</small> ${parts}`;
}

function kindHtml(matrix: Matrix, row: MatrixRow, names: readonly string[]): string {
  const shown = names.slice(0, mostNames).map(htmlName).join(', ');
  const more = names.length > mostNames ? ` <small>and ${count(names.length - mostNames)} more</small>` : '';
  const byRole = inWords(matrix, row, 'role');
  const may =
    row.unknown.length > 0
      ? '<span class="out">nothing: Kapacitor cannot log them in</span>'
      : inWords(matrix, row, 'yes');
  return `<tr><td class="number">${count(names.length)}</td><th scope="row">${shown}${more}</th>
<td>${htmlText(rightsText(row)) || '<span class="none">none</span>'}</td>
<td>${may || '<span class="none">nothing</span>'}${byRole === '' ? '' : `<p class="role">Only by a role: ${byRole}</p>`}</td></tr>
`;
}

/** Users of the same rights in one line, those of most users first: what can be read also without the script. */
export function kindsHtml(matrix: Matrix): string {
  const names = matrix.rows.map((): string[] => []);
  for (const { name, row } of matrix.users) names[row]?.push(name);
  const kinds = matrix.rows
    .map((row, i) => ({ row, names: names[i] ?? [] }))
    .filter((kind) => kind.names.length > 0)
    .sort((a, b) => b.names.length - a.names.length);
  const left = kinds.length > mostKinds ? `<p>${plural(kinds.length - mostKinds, 'more kind')} of users.</p>` : '';
  return `<section id="kinds" class="list" aria-label="Kinds of users">
<p>${plural(kinds.length, 'kind')} of users: those of one kind have the same rights.</p>
<table>
<thead><tr><th scope="col">Users</th><th scope="col">Who</th><th scope="col">Own permissions that Kapacitor reads</th><th scope="col">May use</th></tr></thead>
<tbody>
${kinds
  .slice(0, mostKinds)
  .map((kind) => kindHtml(matrix, kind.row, kind.names))
  .join('')}</tbody>
</table>
${left}</section>`;
}
