import type { Matrix } from '../../../access-matrix/matrix.js';
import { endpointColumns, othersTitle, stateOf, type CellState, type Column } from './columns.js';

/** Columns whose cells are the same for every user, as one. */
export interface MergedColumn {
  readonly title: string;
  /** What it stands for, where that is more than its title says. */
  readonly parts: readonly string[];
  /** The state of a row's cell, by the row's place. */
  readonly states: readonly CellState[];
}

function titled(parts: readonly string[], states: readonly CellState[]): MergedColumn {
  const [first = '', ...more] = parts;
  return { title: more.length === 0 ? first : `${first} +${more.length}`, parts, states };
}

/** What is the same, under a word for it. */
function gather<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const same = found.get(key);
    if (same === undefined) found.set(key, [item]);
    else same.push(item);
  }
  return [...found.values()];
}

/** Columns in words: `/tasks` for all endpoints of that group, else each for itself. */
export function partsOf(
  columns: readonly Pick<Column, 'title' | 'endpoint'>[],
  { endpoints }: Pick<Matrix, 'endpoints'>,
): readonly string[] {
  const groups = gather(columns, ({ endpoint }) => endpoint?.group ?? '');
  return groups.flatMap((group) => {
    const of = group[0]?.endpoint?.group;
    const whole = group.length > 1 && group.length === endpoints.filter((one) => one.group === of).length;
    if (!whole) return group.map(({ title }) => title);
    return [`/${of}`];
  });
}

function mergedEndpoints(matrix: Matrix): readonly MergedColumn[] {
  const { rows, reasons } = matrix;
  const judged = endpointColumns(matrix).map((column) => ({
    column,
    states: rows.map((row) => stateOf(reasons[column.place(row)])),
  }));
  return gather(judged, ({ states }) => states.join()).map((same) =>
    titled(
      partsOf(
        same.map(({ column }) => column),
        matrix,
      ),
      same[0]?.states ?? [],
    ),
  );
}

/** Databases are compared by the rows in which they are unlike the others. */
function mergedWrites(matrix: Matrix): readonly MergedColumn[] {
  const { databases, otherDatabases, rows, reasons } = matrix;
  const others = rows.map(({ writes }) => stateOf(reasons[writes.others]));
  const unlike = databases.map(() => new Map<number, CellState>());
  for (const [at, { writes }] of rows.entries()) {
    for (const [i, reason] of writes.own) {
      const state = stateOf(reasons[reason]);
      if (state !== others[at]) unlike[i]?.set(at, state);
    }
  }
  const judged = databases.map((database, i) => ({
    title: `write ${database}`,
    unlike: unlike[i] ?? new Map<number, CellState>(),
  }));
  const all = [
    ...judged,
    ...(otherDatabases ? [{ title: othersTitle(matrix), unlike: new Map<number, CellState>() }] : []),
  ];
  return gather(all, ({ unlike: exceptions }) => JSON.stringify([...exceptions])).map((same) => {
    const exceptions = same[0]?.unlike;
    return titled(
      same.map(({ title }) => title),
      others.map((state, at) => exceptions?.get(at) ?? state),
    );
  });
}

/** As few columns as tell the whole matrix. */
export function mergeColumns(matrix: Matrix): readonly MergedColumn[] {
  return [...mergedEndpoints(matrix), ...mergedWrites(matrix)];
}
