/** A line of a diff. */
interface Row {
  readonly mark: ' ' | '-' | '+';
  readonly line: string;
}

const contextLines = 3;
const maxCells = 4_000_000;

function prefix(a: readonly string[], b: readonly string[]): number {
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return same;
}

function marked(mark: Row['mark'], lines: readonly string[]): Row[] {
  return lines.map((line) => ({ mark, line }));
}

/** A diff by the longest common subsequence; very long lists differ completely. */
function rowsOf(a: readonly string[], b: readonly string[]): readonly Row[] {
  if (a.length * b.length > maxCells) return [...marked('-', a), ...marked('+', b)];
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const rows: Row[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      rows.push({ mark: ' ', line: left });
      i++;
      j++;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      rows.push({ mark: '-', line: left });
      i++;
    } else {
      rows.push({ mark: '+', line: right ?? '' });
      j++;
    }
  }
  return rows;
}

/** Where the lines that are shown begin and end: changed ones and those around them. */
function hunksOf(rows: readonly Row[]): readonly (readonly [from: number, to: number])[] {
  const hunks: [number, number][] = [];
  for (const [i, { mark }] of rows.entries()) {
    if (mark === ' ') continue;
    const last = hunks.at(-1);
    const [from, to] = [Math.max(0, i - contextLines), Math.min(rows.length, i + contextLines + 1)];
    if (last !== undefined && from <= last[1]) last[1] = to;
    else hunks.push([from, to]);
  }
  return hunks;
}

/** The lines of a string; the last one says if it has no newline. */
function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  return last === '' ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}

/** The differences as in `diff -u`, without file names; empty if equal. */
export function unifiedDiff(before: string, after: string): string {
  if (before === after) return '';
  const [a, b] = [linesOf(before), linesOf(after)];
  const start = prefix(a, b);
  const end = prefix(a.slice(start).reverse(), b.slice(start).reverse());
  const middle = rowsOf(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const rows = [...marked(' ', a.slice(0, start)), ...middle, ...marked(' ', a.slice(a.length - end))];
  const old = (row: Row): boolean => row.mark !== '+';
  return hunksOf(rows)
    .map(([from, to]) => {
      const [skipped, shown] = [rows.slice(0, from), rows.slice(from, to)];
      const [first, second] = [skipped.filter(old).length + 1, skipped.filter(({ mark }) => mark !== '-').length + 1];
      const [left, right] = [shown.filter(old).length, shown.filter(({ mark }) => mark !== '-').length];
      const lines = shown.map(({ mark, line }) => `${mark}${line}\n`).join('');
      return `@@ -${first},${left} +${second},${right} @@\n${lines}`;
    })
    .join('');
}
