import { combineMatrices, type Matrix } from '../../access-matrix/matrix.js';
import { showName, showNames } from '../../model/text.js';
import { markdownText } from '../formats/markdown.js';
import { joinBlocks, type Lines, type Style } from '../style.js';
import type { ClusterOutcome, ResultTable, View } from '../view.js';
import { clustersJson, failedLines, succeeded } from './clusters.js';
import { matrixCsv, matrixLegend, matrixMarkdownTable, matrixRemarks, matrixTables, matrixView } from './matrix.js';
import { mergeColumns } from './matrix-columns.js';

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
