import type { Matrix, MatrixEndpoint, MatrixRow, Reason } from '../../../access-matrix/matrix.js';

/** `role`: refused, and allowed if the user record included what a role gives; `out`: Kapacitor cannot log in this user. */
export type CellState = 'yes' | 'no' | 'role' | 'out';

/** A column of any kind. */
export interface Column {
  /** `GET /tasks`, `write telegraf`; names in it are not yet escaped. */
  readonly title: string;
  readonly endpoint?: MatrixEndpoint;
  /** The place of the reason of a row's cell. */
  place(row: MatrixRow): number;
}

const base = '/kapacitor/v1/';

/** The path as people say it: less /kapacitor/v1 where nothing else could be meant. */
export function shortPath(path: string): string {
  return path.startsWith(base) && path !== `${base}write` ? path.slice(base.length - 1) : path;
}

export function endpointColumns({ endpoints }: Matrix): readonly Column[] {
  return endpoints.map((endpoint, i) => ({
    title: `${endpoint.method} ${shortPath(endpoint.path)}`,
    endpoint,
    place: (row) => row.endpoints[i] ?? 0,
  }));
}

/** What writes to the databases that have no column of their own. */
export function othersTitle({ databases }: Matrix): string {
  return databases.length === 0 ? 'write any database' : 'write others';
}

export function writeColumns(matrix: Matrix): readonly Column[] {
  const columns = matrix.databases.map((database, i): Column => ({
    title: `write ${database}`,
    place: ({ writes }) => writes.own.get(i) ?? writes.others,
  }));
  if (!matrix.otherDatabases) return columns;
  return [...columns, { title: othersTitle(matrix), place: ({ writes }) => writes.others }];
}

export function stateOf(reason: Reason | undefined): CellState {
  if (reason === undefined || reason.rule === 'cannot-log-in') return 'out';
  if (reason.allowed) return 'yes';
  return reason.roles.length > 0 ? 'role' : 'no';
}
