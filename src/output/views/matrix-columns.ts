import type { Matrix, MatrixCells, MatrixEndpoint, MatrixRow, CellReason } from '../../access-matrix/matrix.js';

/** `role`: refused, and allowed if the user record included what a role gives; `out`: Kapacitor cannot log in this user. */
export type CellState = 'yes' | 'no' | 'role' | 'out';

/** A column of any kind. */
export interface MatrixColumn {
  /** `GET /tasks`, `write telegraf`; names in it are not yet escaped. */
  readonly title: string;
  readonly endpoint?: MatrixEndpoint;
  /** The place of the reason of a row's cell. */
  place(row: MatrixRow): number;
}

const base = '/kapacitor/v1/';

/** The path for display: without /kapacitor/v1 if that is unambiguous. */
export function shortPath(path: string): string {
  return path.startsWith(base) && path !== `${base}write` ? path.slice(base.length - 1) : path;
}

export function endpointColumns({ endpoints }: Pick<Matrix, 'endpoints'>): readonly MatrixColumn[] {
  return endpoints.map((endpoint, i) => ({
    title: `${endpoint.method} ${shortPath(endpoint.path)}`,
    endpoint,
    place: (row) => row.endpoints[i] ?? 0,
  }));
}

/** What writes to the databases that have no column of their own. */
function othersTitle({ databases }: Pick<Matrix, 'databases'>): string {
  return databases.length === 0 ? 'write any database' : 'write others';
}

export function writeColumns(matrix: MatrixCells): readonly MatrixColumn[] {
  const columns = matrix.databases.map((database, i): MatrixColumn => ({
    title: `write ${database}`,
    place: ({ writes }) => writes.own.get(i) ?? writes.others,
  }));
  if (!matrix.otherDatabases) return columns;
  return [...columns, { title: othersTitle(matrix), place: ({ writes }) => writes.others }];
}

export function cellState(reason: CellReason | undefined): CellState {
  if (reason === undefined || reason.rule === 'cannot-log-in') return 'out';
  if (reason.allowed) return 'yes';
  return reason.roles.length > 0 ? 'role' : 'no';
}

/** Columns whose cells are the same for every user, as one. */
export interface MergedColumn {
  readonly title: string;
  /** What it includes, if that is more than its title says. */
  readonly parts: readonly string[];
  /** The state of a row's cell, by the row's place. */
  readonly states: readonly CellState[];
}

function titled(parts: readonly string[], states: readonly CellState[]): MergedColumn {
  const [first = '', ...more] = parts;
  return { title: more.length === 0 ? first : `${first} +${more.length}`, parts, states };
}

/** What is the same, under a word for it. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const same = found.get(key);
    if (same === undefined) found.set(key, [item]);
    else same.push(item);
  }
  return [...found.values()];
}

/** Columns as text: `/tasks` for all endpoints of that group, else each by itself. */
export function columnNames(
  columns: readonly Pick<MatrixColumn, 'title' | 'endpoint'>[],
  { endpoints }: Pick<Matrix, 'endpoints'>,
): readonly string[] {
  const groups = groupBy(columns, ({ endpoint }) => endpoint?.group ?? '');
  return groups.flatMap((group) => {
    const of = group[0]?.endpoint?.group;
    const whole = group.length > 1 && group.length === endpoints.filter((one) => one.group === of).length;
    if (!whole) return group.map(({ title }) => title);
    return [`/${of}`];
  });
}

function mergedEndpoints(matrix: MatrixCells): readonly MergedColumn[] {
  const { rows, reasons } = matrix;
  const columnStates = endpointColumns(matrix).map((column) => ({
    column,
    states: rows.map((row) => cellState(reasons[column.place(row)])),
  }));
  return groupBy(columnStates, ({ states }) => states.join()).map((same) =>
    titled(
      columnNames(
        same.map(({ column }) => column),
        matrix,
      ),
      same[0]?.states ?? [],
    ),
  );
}

/** Databases are compared by the rows in which they are unlike the others. */
function mergedWrites(matrix: MatrixCells): readonly MergedColumn[] {
  const { databases, otherDatabases, rows, reasons } = matrix;
  const others = rows.map(({ writes }) => cellState(reasons[writes.others]));
  const unlike = databases.map(() => new Map<number, CellState>());
  for (const [at, { writes }] of rows.entries()) {
    for (const [i, reason] of writes.own) {
      const state = cellState(reasons[reason]);
      if (state !== others[at]) unlike[i]?.set(at, state);
    }
  }
  const columnStates = databases.map((database, i) => ({
    title: `write ${database}`,
    unlike: unlike[i] ?? new Map<number, CellState>(),
  }));
  const all = [
    ...columnStates,
    ...(otherDatabases ? [{ title: othersTitle(matrix), unlike: new Map<number, CellState>() }] : []),
  ];
  return groupBy(all, ({ unlike: exceptions }) => JSON.stringify([...exceptions])).map((same) => {
    const exceptions = same[0]?.unlike;
    return titled(
      same.map(({ title }) => title),
      others.map((state, at) => exceptions?.get(at) ?? state),
    );
  });
}

/** The fewest columns that show the whole matrix. */
export function mergeColumns(matrix: MatrixCells): readonly MergedColumn[] {
  return [...mergedEndpoints(matrix), ...mergedWrites(matrix)];
}
