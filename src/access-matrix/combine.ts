import type { Matrix, MatrixCells } from './matrix.js';

/**
 * Combines the matrices of several clusters, read with the same filters. A user name has one row for each cluster. A
 * database that only one cluster names gets the cells of "every other database" on the others.
 */
export function combineMatrices(matrices: readonly Matrix[]): MatrixCells & Pick<Matrix, 'users'> {
  const databases = [...new Set(matrices.flatMap((one) => one.databases))].sort();
  const combined = {
    reasons: [] as Matrix['reasons'][number][],
    rows: [] as Matrix['rows'][number][],
    users: [] as Matrix['users'][number][],
  };
  for (const { reasons, rows, users, databases: named } of matrices) {
    const firstReason = combined.reasons.length;
    const firstRow = combined.rows.length;
    const places = named.map((database) => databases.indexOf(database));
    for (const reason of reasons) combined.reasons.push(reason);
    for (const row of rows) {
      const own = [...row.writes.own].map(([at, reason]) => [places[at] ?? 0, firstReason + reason] as const);
      combined.rows.push({
        ...row,
        endpoints: row.endpoints.map((reason) => firstReason + reason),
        writes: { own: new Map(own), others: firstReason + row.writes.others },
      });
    }
    for (const user of users) combined.users.push({ ...user, row: firstRow + user.row });
  }
  const [first] = matrices;
  return {
    ...combined,
    databases,
    endpoints: first?.endpoints ?? [],
    otherDatabases: first?.otherDatabases ?? false,
  };
}
