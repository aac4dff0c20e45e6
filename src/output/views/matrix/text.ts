import { showNames } from '../../../model/text.js';
import type { Matrix } from '../../../access-matrix/matrix.js';
import type { Style } from '../../style.js';
import { joinBlocks, type Lines, type Text } from '../../styled.js';
import { renderTable } from '../../table.js';
import { printedWidth } from '../../width.js';
import type { CellState } from './columns.js';
import { mergeColumns, type MergedColumn } from './merged.js';

export const marks: Readonly<Record<CellState, string>> = { yes: '✔', no: '✖', role: 'role', out: '✖' };

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
    const needed = gap + Math.max(4, printedWidth(column.title));
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
export function remarksOf(matrix: Matrix, columns: readonly MergedColumn[]): readonly string[] {
  const { users, rows } = matrix;
  const remarks: string[] = [];
  if (columns.some(({ states }) => states.includes('role'))) {
    remarks.push(`${marks.role}: a role would allow it, and the user record does not include it`);
  }
  const out = new Map<string, string[]>();
  for (const { name, row } of users) {
    const [unknown] = rows[row]?.unknown ?? [];
    if (unknown !== undefined) out.set(unknown, [...(out.get(unknown) ?? []), name]);
  }
  for (const [unknown, names] of out) {
    remarks.push(
      `Kapacitor cannot log in ${showNames(names)}: it does not know the permission ${showNames([unknown])}`,
    );
  }
  return [...remarks, ...matrix.notes];
}

/** The matrix for a terminal: columns that are the same are one, and what does not fit follows below. */
export function matrixText(matrix: Matrix, style: Style): Lines {
  const { users } = matrix;
  if (users.length === 0) return ['no users'];
  const columns = mergeColumns(matrix);
  const widest = users.reduce((max, { name }) => Math.max(max, printedWidth(name)), 4);
  const tables = blocksOf(columns, widest, style.columns).map((block) => {
    const rows = users.map(({ name, row }) => [name, ...block.map(({ states }) => marks[states[row] ?? 'out'])]);
    return renderTable({ columns: ['USER', ...block.map(({ title }) => title)], rows }, style, {
      namesInHeader: true,
      paint: painter(style),
    });
  });
  const legend = columns
    .filter(({ parts }) => parts.length > 1)
    .map(({ title, parts }) => `${title}: ${parts.join(', ')}`);
  return joinBlocks([...tables, [...legend, ...remarksOf(matrix, columns)]]);
}
