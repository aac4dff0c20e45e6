import type { Matrix, Reason } from '../../../access-matrix/matrix.js';

function reasonJson({ allowed, rule, why, entry, mask, permissions, roles, mends }: Reason): object {
  return {
    allowed,
    rule,
    why,
    entry: entry ?? null,
    mask: mask ?? null,
    permissions,
    roles,
    mends: mends.map(({ action, permissions: names, scope }) => ({ action, permissions: names, scope: scope ?? null })),
  };
}

/** The matrix as docs/matrix.md describes it; `--diff` reads it again. */
export function matrixJson(matrix: Matrix): object {
  const { made, cluster, rolesInUserRecords, filters, endpoints, databases, otherDatabases, reasons, rows, users } =
    matrix;
  const { notes } = matrix;
  return {
    version: 1,
    made,
    cluster,
    rolesInUserRecords,
    filters,
    endpoints,
    databases,
    otherDatabases,
    reasons: reasons.map(reasonJson),
    rows: rows.map((row) => ({
      permissions: Object.fromEntries(row.permissions),
      unknown: row.unknown,
      endpoints: row.endpoints,
      writes: {
        others: row.writes.others,
        own: [...row.writes.own].map(([database, reason]) => ({ database, reason })),
      },
    })),
    users,
    notes,
  };
}
