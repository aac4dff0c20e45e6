function figure(value, unit) {
  return `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${unit}`;
}

function limitOf({ limit, least = false }) {
  return limit === undefined ? '' : `${least ? 'at least' : 'at most'} ${limit.toFixed(2)}`;
}

/** The results as a Markdown table; `met` is undefined where no limit binds. */
export function table(rows) {
  const lines = rows.map((row) => [
    row.name,
    row.against,
    figure(row.ours, row.unit),
    figure(row.base, row.unit),
    row.ratio.toFixed(2),
    limitOf(row),
    row.met === undefined ? '' : row.met ? 'met' : 'MISSED',
  ]);
  const all = [['what', 'against', 'ours', 'theirs', 'ratio', 'limit', ''], ...lines];
  const widths = all[0].map((_, i) => Math.max(3, ...all.map((line) => line[i].length)));
  const print = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  return [print(all[0]), print(widths.map((width) => '-'.repeat(width))), ...lines.map(print)].join('\n');
}
