import fc from 'fast-check';
import { buildMatrix } from '../../src/access-matrix/build.js';
import { type Matrix, type MatrixFilters, noFilters, type CellReason } from '../../src/access-matrix/matrix.js';
import type { Permissions } from '../../src/model/permissions.js';
import type { Role, User } from '../../src/model/user.js';

/** Names of databases whose resources meet: `a/b_c` and `a_b/c` have one and the same. */
export const databases = ['telegraf', 'a/b_c', 'a_b/c', 'a_b_c', '__proto__', 'größe', '..', '\u202e', 'x y&z=1'];

const permission = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('KapacitorAPI', 'KapacitorConfigAPI', 'ReadData', 'WriteData', 'Monitor') },
  { weight: 1, arbitrary: fc.constantFrom('9', 'kapacitorapi', 'Nope', '') },
);

const permissions: fc.Arbitrary<Permissions> = fc
  .array(fc.tuple(fc.constantFrom('', ...databases), fc.array(permission, { maxLength: 3 })), { maxLength: 3 })
  .map((scopes) => new Map(scopes));

export const names = ['ann', '__proto__', '<b>', "o'neil", '-x', 'größe', '\u202eevil', '*', 'a*b'];

export interface Cluster {
  readonly users: readonly User[];
  readonly roles: readonly Role[];
}

export const clusters: fc.Arbitrary<Cluster> = fc.record({
  users: fc.uniqueArray(fc.record({ name: fc.constantFrom(...names), hash: fc.constant(undefined), permissions }), {
    selector: ({ name }) => name,
  }),
  roles: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('ops', 'dev', 'constructor'),
      permissions,
      users: fc.subarray([...names, 'nobody']),
    }),
    { selector: ({ name }) => name },
  ),
});

export function matrixOf(
  { users, roles }: Cluster,
  filters: Partial<MatrixFilters> = {},
  made = '2026-11-24T12:00:00.000Z',
): Matrix {
  return buildMatrix(
    { users, roles, made, cluster: ['http://meta:8091'], rolesInUserRecords: 'no' },
    { ...noFilters, ...filters },
  );
}

export interface Cell {
  readonly user: User;
  readonly method: string;
  /** With the database of a write. */
  readonly path: string;
  readonly database: string | undefined;
  readonly reason: CellReason;
}

/** Every cell of a matrix as a question that one can ask Kapacitor. */
export function cellsOf(matrix: Matrix, users: readonly User[]): readonly Cell[] {
  return matrix.users.flatMap(({ name, row: place }) => {
    const user = users.find((one) => one.name === name);
    const row = matrix.rows[place];
    if (user === undefined || row === undefined) throw new Error(`${name} is not in the matrix`);
    const cell = (method: string, path: string, reason: number, database?: string): Cell => {
      const found = matrix.reasons[reason];
      if (found === undefined) throw new Error(`no reason ${reason}`);
      return { user, method, path, database, reason: found };
    };
    const write = (database: string, reason: number): Cell =>
      cell('POST', `/kapacitor/v1/write?db=${encodeURIComponent(database)}`, reason, database);
    return [
      ...matrix.endpoints.map(({ method, path }, i) => cell(method, path, row.endpoints[i] ?? -1)),
      ...matrix.databases.map((database, i) => write(database, row.writes.own.get(i) ?? row.writes.others)),
      ...(matrix.otherDatabases ? [write('a database that nobody names', row.writes.others)] : []),
    ];
  });
}
