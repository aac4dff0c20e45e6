import { withoutFraction } from '../../model/text.js';
import type { MatrixCellChange, MatrixDiff, MatrixUserChange } from '../../access-matrix/diff.js';
import { markdownText, renderMarkdown } from '../render.js';
import { renderTable } from '../table.js';
import type { ResultTable, View } from '../view.js';
import { columnNames, shortPath } from './matrix-columns.js';

const states: Readonly<Record<MatrixUserChange['state'], string>> = {
  new: ' (new user)',
  gone: ' (user gone)',
  changed: '',
};

function titleOf({ database, method, path }: MatrixCellChange): string {
  if (database === undefined) return `${method} ${shortPath(path)}`;
  return database === '' ? 'write others' : `write ${database}`;
}

/** Changed cells in few words: a whole group by its path. */
function what(cells: readonly MatrixCellChange[], diff: MatrixDiff): readonly string[] {
  const columns = cells.map((cell) => ({
    title: titleOf(cell),
    endpoint: diff.endpoints.find(
      ({ method, path }) => cell.database === undefined && method === cell.method && path === cell.path,
    ),
  }));
  return columnNames(
    columns.map(({ title, endpoint }) => ({ title, ...(endpoint && { endpoint }) })),
    diff,
  );
}

function tableOf(diff: MatrixDiff): ResultTable {
  const rows = diff.changes.flatMap(({ user, state, gained, lost }) =>
    (
      [
        ['gained', gained],
        ['lost', lost],
      ] as const
    )
      .filter(([, cells]) => cells.length > 0)
      .map(([change, cells]) => {
        const whys = new Set(cells.map((cell) => cell.now ?? cell.before ?? ''));
        return [user, `${change}${states[state]}`, what(cells, diff), [...whys].join(', ')];
      }),
  );
  return {
    columns: ['user', 'change', 'what', 'decided by'],
    rows,
    prose: ['decided by'],
    empty: `no changes since ${withoutFraction(diff.before.made)}`,
  };
}

function cellJson({ method, path, database, before, now }: MatrixCellChange): object {
  return { method, path, database: database ?? null, before: before ?? null, now: now ?? null };
}

function csvRows({ user, state, gained, lost }: MatrixUserChange): readonly (readonly string[])[] {
  const row =
    (change: string) =>
    ({ method, path, database, before, now }: MatrixCellChange): readonly string[] => [
      user,
      state,
      change,
      method,
      path,
      database === '' ? '(others)' : (database ?? ''),
      before ?? '',
      now ?? '',
    ];
  return [...gained.map(row('gained')), ...lost.map(row('lost'))];
}

/** Who gained and who lost what; in CSV a line for each cell, elsewhere few lines for each user. */
export const diffView: View<MatrixDiff> = {
  text: (diff, style) => renderTable(tableOf(diff), style),
  json: ({ before, now, changes, notCompared }) => ({
    version: 1,
    before,
    now,
    changes: changes.map(({ user, state, gained, lost }) => ({
      user,
      state,
      gained: gained.map(cellJson),
      lost: lost.map(cellJson),
    })),
    notCompared,
  }),
  extra: {
    csv: ({ changes }) => ({
      columns: ['user', 'state', 'change', 'method', 'path', 'database', 'before', 'now'],
      rows: changes.flatMap(csvRows),
    }),
    name: ({ changes }) => changes.map(({ user }) => user),
    markdown: (diff) => {
      const table = tableOf(diff);
      return table.rows.length === 0 ? `${markdownText(table.empty ?? '')}\n` : renderMarkdown(table);
    },
  },
};
