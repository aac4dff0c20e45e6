import type { Matrix, MatrixRow } from './matrix.js';

/** New places for those that are kept, in their order. */
function renumber(kept: readonly boolean[]): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  for (const [i, keep] of kept.entries()) if (keep) places.set(i, places.size);
  return places;
}

/**
 * Whether each database has a cell of that kind in any row, or one unlike that row's other databases where these are
 * shown, since they would stand for it.
 */
function databasesWith(
  { databases, rows, otherDatabases }: Pick<Matrix, 'databases' | 'rows' | 'otherDatabases'>,
  wanted: (reason: number) => boolean,
): boolean[] {
  const counts = databases.map(() => 0);
  const kept = databases.map(() => false);
  let byRest = 0;
  for (const { writes } of rows) {
    const rest = wanted(writes.others) ? 1 : 0;
    byRest += rest;
    for (const [i, reason] of writes.own) {
      const own = wanted(reason) ? 1 : 0;
      counts[i] = (counts[i] ?? 0) + own - rest;
      if (otherDatabases && own !== rest) kept[i] = true;
    }
  }
  return kept.map((keep, i) => keep || (counts[i] ?? 0) + byRest > 0);
}

/** The matrix less the users, endpoints and databases that have no cell of one kind: allowed, or denied. */
export function keepOnly(matrix: Omit<Matrix, 'notes'>, allowed: boolean): Omit<Matrix, 'notes'> {
  const { endpoints, databases, otherDatabases, reasons, rows, users } = matrix;
  const wanted = (reason: number): boolean => reasons[reason]?.allowed === allowed;
  const hasOne = ({ endpoints, writes }: MatrixRow): boolean =>
    endpoints.some(wanted) ||
    [...writes.own.values()].some(wanted) ||
    ((otherDatabases || writes.own.size < databases.length) && wanted(writes.others));
  const keptRows = renumber(rows.map(hasOne));
  const left = rows.filter((_, i) => keptRows.has(i));
  const keptEndpoints = endpoints.map((_, i) => left.some((row) => wanted(row.endpoints[i] ?? -1)));
  const others = otherDatabases && left.some(({ writes }) => wanted(writes.others));
  const keptDatabases = databasesWith({ databases, rows: left, otherDatabases: others }, wanted);
  const places = renumber(keptDatabases);
  return {
    ...matrix,
    endpoints: endpoints.filter((_, i) => keptEndpoints[i]),
    databases: databases.filter((_, i) => keptDatabases[i]),
    otherDatabases: others,
    rows: left.map((row) => ({
      ...row,
      endpoints: row.endpoints.filter((_, i) => keptEndpoints[i]),
      writes: {
        own: new Map(
          [...row.writes.own].flatMap(([i, reason]) => {
            const place = places.get(i);
            return place === undefined ? [] : [[place, reason] as const];
          }),
        ),
        others: row.writes.others,
      },
    })),
    users: users.flatMap((user) => {
      const row = keptRows.get(user.row);
      return row === undefined ? [] : [{ ...user, row }];
    }),
  };
}
