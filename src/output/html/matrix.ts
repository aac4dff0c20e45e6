import type { Matrix, MatrixRow } from '../../access-matrix/matrix.js';
import {
  type CellState,
  type MatrixColumn,
  endpointColumns,
  columnNames,
  cellState,
  writeColumns,
} from '../views/matrix-columns.js';
import { withoutFraction } from '../../model/text.js';
import { htmlName, htmlText, renderPage } from './page.js';
import { reportData, permissionsText } from './data.js';
import clientStyle from './client.css?raw';
import baseStyle from './base.css?raw';
import clientScript from './client.js?raw';

/** Search, filters and views; shown once the script runs. */
const toolsHtml = `<div id="tools" class="live" role="search" aria-label="Users and endpoints">
<label class="search"><span class="hidden">Search users and roles</span><input id="search" type="search" placeholder="Search users, roles" autocomplete="off" autocapitalize="off" spellcheck="false" aria-keyshortcuts="/"><kbd>/</kbd></label>
<label>Endpoints <select id="group"><option value="">all</option></select></label>
<label>Method <select id="method"><option value="">all</option></select></label>
<label>Users <select id="show">
<option value="">all</option>
<option value="yes">with access</option>
<option value="no">with denied access</option>
<option value="role">with access only through a role</option>
<option value="out">who cannot log in</option>
</select></label>
<button type="button" id="fold" aria-pressed="true">Collapse columns</button>
<span class="views" role="group" aria-label="View"><button type="button" id="view-users" aria-pressed="true">All users</button><button type="button" id="view-groups" aria-pressed="false">Group identical users</button></span>
</div>`;

/** The grid, which the script fills, and the panel that explains the selected cell. */
const gridHtml = `<main id="users" class="live">
<div class="sheet">
<div id="grid" role="grid" tabindex="0" aria-label="Access of users to endpoints" aria-readonly="true"></div>
<p id="no-match" hidden>No user matches. <button type="button" id="clear">Show all</button></p>
<footer>
<ul class="legend" aria-label="Marks"><li><i class="yes">✓</i> allowed</li><li><i class="no">×</i> denied</li><li><i class="role">R</i> <span>only through a role<span class="long">, which Kapacitor does not read</span></span></li><li><i class="out">!</i> cannot log in</li></ul>
<p class="hint">Select a cell to see why.</p>
<p class="keys"><kbd>←↑↓→</kbd> move <kbd>Space</kbd> expand or collapse <kbd>/</kbd> search <kbd>Esc</kbd> close</p>
</footer>
</div>
<aside id="why" aria-live="polite" aria-label="Why"></aside>
</main>`;

/** `1234` as `1,234`. */
function formatCount(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

function plural(number: number, one: string, many = `${one}s`): string {
  return `${formatCount(number)} ${number === 1 ? one : many}`;
}

/** How many users have such a cell in any column of the matrix. */
function usersWith(matrix: Matrix, matches: (state: CellState) => boolean): number {
  const { reasons, rows, otherDatabases, databases } = matrix;
  const has = rows.map(({ endpoints, writes }) => {
    const shown = otherDatabases || writes.own.size < databases.length ? [writes.others] : [];
    return [...endpoints, ...writes.own.values(), ...shown].some((place) => matches(cellState(reasons[place])));
  });
  return matrix.users.filter(({ row }) => has[row]).length;
}

/** How many users may use an endpoint; undefined where the matrix does not have it. */
function usersOf(matrix: Matrix, method: string, path: string): number | undefined {
  const at = matrix.endpoints.findIndex((one) => one.method === method && one.path === `/kapacitor/v1${path}`);
  if (at < 0) return undefined;
  const may = matrix.rows.map(({ endpoints }) => matrix.reasons[endpoints[at] ?? -1]?.allowed === true);
  return matrix.users.filter(({ row }) => may[row]).length;
}

function tile(number: number | undefined, text: string, state?: CellState): string {
  if (number === undefined || (state !== undefined && number === 0)) return '';
  const inner = `<b>${formatCount(number)}</b> <span>${text}</span>`;
  const tag =
    state === undefined ? inner : `<button type="button" class="${state}" data-show="${state}">${inner}</button>`;
  return `<li>${tag}</li>`;
}

function filterText({ filters }: Matrix): string {
  const { users, endpoints, methods, databases, only, role } = filters;
  const lists = [
    ['users', users],
    ['paths', endpoints],
    ['methods', methods],
    ['databases', databases],
    ['members of', role === null ? [] : [role]],
    ['only', only === null ? [] : [only]],
  ] as const;
  const given = lists.filter(([, list]) => list.length > 0);
  if (given.length === 0) return '';
  const filterTexts = given.map(([word, list]) => `${word} ${list.map(htmlName).join(', ')}`).join('; ');
  return `<p class="filters">Only ${filterTexts}</p>`;
}

function notesHtml({ notes }: Matrix): string {
  if (notes.length === 0) return '';
  const texts = notes.map((note) => `<p>${htmlText(note)}</p>\n`).join('');
  return `<details id="notes" open><summary>${plural(notes.length, 'note')}</summary>\n${texts}</details>\n`;
}

/** The top of the report: which cluster, when, and the figures that matter most. */
function headHtml(matrix: Matrix): string {
  const { users, endpoints, databases, made, cluster } = matrix;
  const roleUsers = usersWith(matrix, (state) => state === 'role');
  const size = [
    plural(users.length, 'user'),
    plural(endpoints.length, 'endpoint'),
    plural(databases.length, 'database'),
  ];
  return `<header>
<div>
<h1>Who can do what in Kapacitor</h1>
<p class="of"><time datetime="${htmlText(made)}">${htmlText(withoutFraction(made))}</time> · ${cluster.map(htmlName).join(', ')} · ${size.join(', ')}</p>
${filterText(matrix)}</div>
<ul class="tiles">${[
    tile(usersOf(matrix, 'GET', '/tasks'), 'can work with tasks'),
    tile(usersOf(matrix, 'POST', '/config/SECTION'), 'can change the configuration'),
    tile(roleUsers, roleUsers === 1 ? 'has access only through a role' : 'have access only through a role', 'role'),
    tile(
      usersWith(matrix, (state) => state === 'out'),
      'cannot log in',
      'out',
    ),
  ].join('')}</ul>
${notesHtml(matrix)}</header>`;
}

/** More groups, and more names of a group, are only counted. */
const maxGroups = 200;
const maxNames = 12;
const maxWrites = 20;

/** The columns in which a row has this state, in few words. */
function columnsText(matrix: Matrix, row: MatrixRow, state: CellState): string {
  const has = (column: MatrixColumn): boolean => cellState(matrix.reasons[column.place(row)]) === state;
  const endpoints = endpointColumns(matrix).filter(has);
  const writes = writeColumns(matrix).filter(has);
  if (endpoints.length + writes.length === 0) return '';
  const shownWrites = writes.slice(0, maxWrites).map(({ title }) => title);
  if (writes.length > maxWrites) shownWrites.push(`writes to ${writes.length - maxWrites} more`);
  const parts = [...columnNames(endpoints, matrix), ...shownWrites].map(htmlText).join(', ');
  return `<small>${endpoints.length} of ${plural(matrix.endpoints.length, 'endpoint')}</small> ${parts}`;
}

function groupHtml(matrix: Matrix, row: MatrixRow, names: readonly string[]): string {
  const shown = names.slice(0, maxNames).map(htmlName).join(', ');
  const more = names.length > maxNames ? ` <small>and ${formatCount(names.length - maxNames)} more</small>` : '';
  const byRole = columnsText(matrix, row, 'role');
  const may =
    row.unknown.length > 0 ? '<span class="out">nothing: cannot log in</span>' : columnsText(matrix, row, 'yes');
  return `<tr><td class="${names.length === 1 ? 'number one' : 'number'}">${formatCount(names.length)}</td><th scope="row">${shown}${more}</th>
<td>${htmlText(permissionsText(row)) || '<span class="none">none</span>'}</td>
<td>${may || '<span class="none">nothing</span>'}${byRole === '' ? '' : `<p class="role">Only through a role: ${byRole}</p>`}</td></tr>
`;
}

/** A line for each group of users with the same access, the largest group first; readable without the script. */
function groupsHtml(matrix: Matrix): string {
  const names = matrix.rows.map((): string[] => []);
  for (const { name, row } of matrix.users) names[row]?.push(name);
  const groups = matrix.rows
    .map((row, i) => ({ row, names: names[i] ?? [] }))
    .filter((group) => group.names.length > 0)
    .sort((a, b) => b.names.length - a.names.length);
  const left = groups.length > maxGroups ? `<p>${plural(groups.length - maxGroups, 'more group')}.</p>` : '';
  return `<section id="groups" class="list" aria-label="Groups of identical users">
<p>${plural(groups.length, 'group')} of identical users: the users of a group have the same access.</p>
<table>
<thead><tr><th scope="col">Users</th><th scope="col">Who</th><th scope="col">Own permissions that Kapacitor reads</th><th scope="col">Can use</th></tr></thead>
<tbody>
${groups
  .slice(0, maxGroups)
  .map((group) => groupHtml(matrix, group.row, group.names))
  .join('')}</tbody>
</table>
${left}</section>`;
}

/** The matrix as one HTML file that loads nothing from the network; its names are data. */
export function matrixPage(matrix: Matrix): string {
  return renderPage({
    title: 'Kapacitor access matrix',
    style: `${baseStyle}${clientStyle}`,
    body: [headHtml(matrix), toolsHtml, gridHtml, groupsHtml(matrix), '<div id="print"></div>'].join('\n'),
    script: clientScript,
    data: reportData(matrix),
  });
}
