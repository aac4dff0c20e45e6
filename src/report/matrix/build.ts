import type { Role, RolesInUserRecords, User } from '../../model/user.js';
import { listUsers } from '../../model/listed.js';
import { columnsOf } from './columns.js';
import { matchesGlob } from './glob.js';
import type { Matrix, MatrixFilters, MatrixRow, MatrixUser } from './matrix.js';
import { matrixNotes } from './notes.js';
import { keepOnly } from './only.js';
import { makeReasons } from './reasons.js';
import { makeRows } from './rows.js';
import { makeSights } from './sight.js';

/** What the matrix is made of. */
export interface Found {
  readonly users: readonly User[];
  readonly roles: readonly Role[];
  /** In ISO 8601. */
  readonly made: string;
  readonly cluster: readonly string[];
  readonly rolesInUserRecords: RolesInUserRecords;
}

/**
 * Who may do what: each distinct set of rights is decided once. Throws a usage error for an endpoint or method that no
 * column has.
 */
export function buildMatrix(found: Found, filters: MatrixFilters): Matrix {
  const { users, roles, made, cluster, rolesInUserRecords } = found;
  const columns = columnsOf(filters, users, roles);
  const { role, users: globs } = filters;
  const chosen = globs.length === 0 ? users : users.filter(({ name }) => globs.some((glob) => matchesGlob(glob, name)));
  const sightOf = makeSights(roles);
  const reasons = makeReasons();
  const rowOf = makeRows(columns, reasons);
  const rows: MatrixRow[] = [];
  const places = new Map<string, number>();

  const listed = listUsers(chosen, roles, { role: role ?? undefined }).map(({ user, roles: memberOf }): MatrixUser => {
    const sight = sightOf(user.permissions, memberOf);
    let row = places.get(sight.key);
    if (row === undefined) {
      row = rows.push(rowOf(sight)) - 1;
      places.set(sight.key, row);
    }
    return { name: user.name, roles: memberOf.map(({ name }) => name), row };
  });

  const matrix: Omit<Matrix, 'notes'> = {
    made,
    cluster,
    rolesInUserRecords,
    filters,
    endpoints: columns.endpoints.map(({ endpoint }) => endpoint),
    databases: columns.databases.map(({ name }) => name),
    otherDatabases: columns.otherDatabases,
    reasons: reasons.list,
    rows,
    users: listed,
  };
  const kept = filters.only === null ? matrix : keepOnly(matrix, filters.only === 'allowed');
  return { ...kept, notes: matrixNotes(kept) };
}
