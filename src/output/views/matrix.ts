import { showName, showNames, withoutFraction } from '../../model/text.js';
import { type CellReason, combineMatrices, type Matrix, type MatrixCells } from '../../access-matrix/matrix.js';
import { listedName } from '../../model/shell-command.js';
import { joinBlocks, type Lines, type Style, type Text } from '../style.js';
import { escapedWidth, renderTable } from '../table.js';
import {
  type CellState,
  cellState,
  endpointColumns,
  mergeColumns,
  type MergedColumn,
  writeColumns,
} from './matrix-columns.js';
import { markdownText, renderMarkdown } from '../render.js';
import type { ClusterOutcome, ResultTable, View } from '../view.js';
import { matrixPage } from '../html/matrix.js';
import { clustersJson, failedLines, succeeded } from './several-clusters.js';

const marks: Readonly<Record<CellState, string>> = { yes: '✔', no: '✖', role: 'role', out: '✖' };

const gap = 2;

/** Groups of columns of which each fits the width beside the users. */
function blocksOf(
  columns: readonly MergedColumn[],
  users: number,
  width: number | undefined,
): readonly MergedColumn[][] {
  const blocks: MergedColumn[][] = [];
  let left = 0;
  for (const column of columns) {
    const needed = gap + Math.max(4, escapedWidth(column.title));
    const block = blocks.at(-1);
    if (block === undefined || needed > left) {
      blocks.push([column]);
      left = (width ?? Infinity) - users - needed;
    } else {
      block.push(column);
      left -= needed;
    }
  }
  return blocks;
}

function painter({ color }: Style): (cell: string) => (text: Text) => Text {
  const colors = new Map<string, (text: Text) => Text>([
    [marks.yes, color.green],
    [marks.no, color.red],
    [marks.role, color.yellow],
  ]);
  return (cell) => colors.get(cell) ?? ((text) => text);
}

/** Notes on a matrix for people: what a mark means, who cannot log in, and what cells do not show. */
function matrixRemarks(matrix: Matrix, columns: readonly MergedColumn[]): readonly string[] {
  const { users, rows } = matrix;
  const remarks: string[] = [];
  if (columns.some(({ states }) => states.includes('role'))) {
    remarks.push(
      `${marks.role}: denied; a role would allow it, but the user record does not include the permission. To see the fix: kapadmin auth can-i USER METHOD PATH`,
    );
  }
  const out = new Map<string, string[]>();
  for (const { name, row } of users) {
    const [unknown] = rows[row]?.unknown ?? [];
    if (unknown !== undefined) out.set(unknown, [...(out.get(unknown) ?? []), name]);
  }
  for (const [unknown, names] of out) {
    remarks.push(
      `Kapacitor rejects every login of ${showNames(names)}: it does not know the permission ${showNames([unknown])}`,
    );
  }
  return [...remarks, ...matrix.notes];
}

/** A user's line: the text before its cells, and their position. */
interface UserLine {
  readonly lead: readonly string[];
  readonly row: number;
}

/** Tables for a terminal: columns that are the same are one, and what does not fit follows below. */
function matrixTables(
  columns: readonly MergedColumn[],
  users: readonly UserLine[],
  titles: readonly string[],
  style: Style,
): readonly Lines[] {
  const widths = titles.map((title, i) =>
    users.reduce((max, { lead }) => Math.max(max, escapedWidth(lead[i] ?? '')), title.length),
  );
  const widest = widths.reduce((sum, width) => sum + gap + width, -gap);
  return blocksOf(columns, widest, style.columns).map((block) => {
    const rows = users.map(({ lead, row }) => [...lead, ...block.map(({ states }) => marks[states[row] ?? 'out'])]);
    return renderTable({ columns: [...titles, ...block.map(({ title }) => title)], rows }, style, {
      namesInHeader: true,
      paint: painter(style),
    });
  });
}

/** The contents of merged columns. */
function matrixLegend(columns: readonly MergedColumn[]): readonly (readonly [title: string, parts: string])[] {
  return columns.filter(({ parts }) => parts.length > 1).map(({ title, parts }) => [title, parts.join(', ')]);
}

function matrixText(matrix: Matrix, style: Style): Lines {
  const { users } = matrix;
  if (users.length === 0) return ['no users'];
  const columns = mergeColumns(matrix);
  const lines = users.map(({ name, row }) => ({ lead: [name], row }));
  const legend = matrixLegend(columns).map((entry) => entry.join(': '));
  return joinBlocks([...matrixTables(columns, lines, ['USER'], style), [...legend, ...matrixRemarks(matrix, columns)]]);
}

/** Markdown tables: all columns in one, followed by the legend and the remarks. */
function matrixMarkdownTable(
  columns: readonly MergedColumn[],
  users: readonly UserLine[],
  titles: readonly string[],
  remarks: readonly string[],
): string {
  const rows = users.map(({ lead, row }) => [...lead, ...columns.map(({ states }) => marks[states[row] ?? 'out'])]);
  const table =
    rows.length === 0
      ? 'No users.\n'
      : renderMarkdown({ columns: [...titles, ...columns.map(({ title }) => title)], rows });
  const legend = matrixLegend(columns).map((entry) => `- ${entry.map(markdownText).join(': ')}\n`);
  const below = [...legend, ...remarks.map((remark) => `- ${markdownText(remark)}\n`)];
  return [table, ...(below.length === 0 ? [] : ['\n', ...below])].join('');
}

function matrixMarkdown(matrix: Matrix): string {
  const { users, made, cluster } = matrix;
  const columns = mergeColumns(matrix);
  const lines = users.map(({ name, row }) => ({ lead: [name], row }));
  const head = `Read ${withoutFraction(made)} from ${cluster.map(markdownText).join(', ')}.`;
  return `${head}\n\n${matrixMarkdownTable(columns, lines, ['user'], matrixRemarks(matrix, columns))}`;
}

const words: Readonly<Record<CellState, string>> = { yes: 'yes', no: 'no', role: 'role', out: 'no' };

/** The whole matrix, a line for each user: `yes`, `no`, or `role` where only a role would allow it. */
function matrixCsv(matrix: MatrixCells & Pick<Matrix, 'users'>): ResultTable {
  const { users, rows, reasons } = matrix;
  const endpoints = endpointColumns(matrix);
  const columns = [...endpoints, ...writeColumns(matrix)];
  const cells = rows.map((row) => columns.map((column) => words[cellState(reasons[column.place(row)])]));
  return {
    columns: [
      'user',
      'roles',
      'unknown permissions',
      ...columns.map(({ endpoint, title }) => (endpoint ? `${endpoint.method} ${endpoint.path}` : title)),
    ],
    rows: users.map(({ name, roles, row }) => [
      name,
      roles.map(listedName).join('; '),
      (rows[row]?.unknown ?? []).map(listedName).join('; '),
      ...(cells[row] ?? []),
    ]),
  };
}

function reasonJson({ allowed, rule, why, entry, mask, permissions, roles, fixes }: CellReason): object {
  return {
    allowed,
    rule,
    why,
    entry: entry ?? null,
    mask: mask ?? null,
    permissions,
    roles,
    fixes: fixes.map(({ action, permissions: names, scope }) => ({ action, permissions: names, scope: scope ?? null })),
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

/** Who may do what. */
export const matrixView: View<Matrix> = {
  text: matrixText,
  json: matrixJson,
  extra: {
    csv: matrixCsv,
    name: ({ users }) => users.map(({ name }) => name),
    markdown: matrixMarkdown,
    html: matrixPage,
  },
};

type Outcomes = readonly ClusterOutcome<Matrix>[];

/** One matrix of all clusters, with the cluster and the name of each user before its cells. */
function combined(outcomes: Outcomes) {
  const matrices = succeeded(outcomes);
  const all = combineMatrices(matrices.map(({ data }) => data));
  const clusters = matrices.flatMap(({ profile, data }) => data.users.map(() => profile));
  const users = all.users.map(({ name, row }, i) => ({ lead: [clusters[i] ?? '', name], row }));
  const remarks = matrices.flatMap(({ profile, data }) =>
    matrixRemarks(data, mergeColumns(data)).map((remark) => ({ profile, remark })),
  );
  const shown = [...new Set(remarks.map(({ remark }) => remark))].map((text) => {
    const of = remarks.filter(({ remark }) => remark === text).map(({ profile }) => profile);
    return of.length === matrices.length ? text : `${showNames(of)}: ${text}`;
  });
  return { all, clusters, users, columns: mergeColumns(all), remarks: shown };
}

function clustersText(outcomes: Outcomes, style: Style): Lines {
  const { users, columns, remarks } = combined(outcomes);
  const tables = users.length === 0 ? [['no users']] : matrixTables(columns, users, ['CLUSTER', 'USER'], style);
  const legend = matrixLegend(columns).map((entry) => entry.join(': '));
  return joinBlocks([...tables, [...legend, ...remarks, ...failedLines(outcomes, style)]]);
}

function clustersMarkdown(outcomes: Outcomes): string {
  const { users, columns, remarks } = combined(outcomes);
  const heads = outcomes.map((one) => {
    const what =
      'data' in one ? `read ${one.data.made} from ${one.data.cluster.join(', ')}` : `failed: ${one.error.message}`;
    return `- ${markdownText(`${showName(one.profile)}: ${what}`)}\n`;
  });
  return [...heads, '\n', matrixMarkdownTable(columns, users, ['cluster', 'user'], remarks)].join('');
}

function clustersCsv(outcomes: Outcomes): ResultTable {
  const { all, clusters } = combined(outcomes);
  const { columns, rows } = matrixCsv(all);
  return { columns: ['cluster', ...columns], rows: rows.map((row, i) => [clusters[i] ?? '', ...row]) };
}

/** Who may do what on several clusters. */
export const clusterMatricesView: View<Outcomes> = {
  text: clustersText,
  json: (outcomes) => clustersJson(outcomes, matrixView.json),
  extra: {
    csv: clustersCsv,
    name: (outcomes) => succeeded(outcomes).flatMap(({ data }) => data.users.map(({ name }) => name)),
    markdown: clustersMarkdown,
  },
};
