import type { Matrix } from '../../access-matrix/matrix.js';
import { stateOf, type CellState } from '../views/matrix/columns.js';
import { htmlName, htmlText } from './escape.js';

/** `1234` as `1,234`. */
export function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** `2026-11-24T12:00:00.000Z` as `2026-11-24 12:00 UTC`. */
export function moment(iso: string): string {
  return iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*Z$/, '$1 $2 UTC');
}

/** How many users have such a cell in any column of the matrix. */
function usersWith(matrix: Matrix, wanted: (state: CellState) => boolean): number {
  const { reasons, rows, otherDatabases, databases } = matrix;
  const has = rows.map(({ endpoints, writes }) => {
    const shown = otherDatabases || writes.own.size < databases.length ? [writes.others] : [];
    return [...endpoints, ...writes.own.values(), ...shown].some((place) => wanted(stateOf(reasons[place])));
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
  const inner = `<b>${count(number)}</b> <span>${text}</span>`;
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
  const told = given.map(([word, list]) => `${word} ${list.map(htmlName).join(', ')}`).join('; ');
  return `<p class="filters">Of these alone: ${told}</p>`;
}

/** The top of the report: what it is of, and the figures that matter most. */
export function headHtml(matrix: Matrix): string {
  const { users, endpoints, databases, made, cluster } = matrix;
  const size = [
    plural(users.length, 'user'),
    plural(endpoints.length, 'endpoint'),
    plural(databases.length, 'database'),
  ];
  return `<header>
<div>
<h1>Who may do what in Kapacitor</h1>
<p class="of"><time datetime="${htmlText(made)}">${htmlText(moment(made))}</time> · ${cluster.map(htmlName).join(', ')} · ${size.join(', ')}</p>
${filterText(matrix)}${matrix.notes.map((note) => `<p class="of">${htmlText(note)}</p>\n`).join('')}</div>
<ul class="tiles">${[
    tile(usersOf(matrix, 'GET', '/tasks'), 'work with tasks'),
    tile(usersOf(matrix, 'POST', '/config/SECTION'), 'change the configuration'),
    tile(
      usersWith(matrix, (state) => state === 'role'),
      'have a right only by a role',
      'role',
    ),
    tile(
      usersWith(matrix, (state) => state === 'out'),
      'cannot log in',
      'out',
    ),
  ].join('')}</ul>
</header>`;
}
