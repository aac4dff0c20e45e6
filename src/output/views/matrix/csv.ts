import type { Matrix } from '../../../access-matrix/matrix.js';
import type { Table } from '../../view.js';
import { endpointColumns, stateOf, writeColumns, type CellState } from './columns.js';

const words: Readonly<Record<CellState, string>> = { yes: 'yes', no: 'no', role: 'role', out: 'no' };

/** The whole matrix, a line for each user: `yes`, `no`, or `role` where only a role would allow it. */
export function matrixCsv(matrix: Matrix): Table {
  const { users, rows, reasons } = matrix;
  const endpoints = endpointColumns(matrix);
  const columns = [...endpoints, ...writeColumns(matrix)];
  const cells = rows.map((row) => columns.map((column) => words[stateOf(reasons[column.place(row)])]));
  return {
    columns: [
      'user',
      'roles',
      'unknown permissions',
      ...columns.map(({ endpoint, title }) => (endpoint ? `${endpoint.method} ${endpoint.path}` : title)),
    ],
    rows: users.map(({ name, roles, row }) => [
      name,
      roles.join('; '),
      (rows[row]?.unknown ?? []).join('; '),
      ...(cells[row] ?? []),
    ]),
  };
}
