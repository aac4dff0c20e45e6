// What a program writes to a terminal, with its colours, as an SVG: one text element a line, no scripts, no fonts of its own.

const cell = { width: 8.4, height: 18 };
const margin = 16;
const theme = {
  background: '#0d1117',
  text: '#e6edf3',
  dim: '#9aa4b0',
  31: '#ff8a80',
  32: '#56d364',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#76e3ea',
  90: '#9aa4b0',
};

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The colours after these numbers of a "select graphic rendition". */
function styled(style, numbers) {
  const next = { ...style };
  for (const number of numbers.map(Number)) {
    if (number === 0) Object.assign(next, { fill: theme.text, bold: false });
    else if (number === 1) next.bold = true;
    else if (number === 2) next.fill = theme.dim;
    else if (number === 22)
      Object.assign(next, { bold: false, fill: next.fill === theme.dim ? theme.text : next.fill });
    else if (number === 39) next.fill = theme.text;
    else if (theme[number] !== undefined) next.fill = theme[number];
  }
  return next;
}

/** The rows of a terminal, each with its runs of one style and the columns where these begin. */
function rowsOf(output, columns) {
  const rows = [];
  let style = { fill: theme.text, bold: false };
  for (const line of output.trimEnd().split('\n')) {
    let column = 0;
    rows.push([]);
    for (const [part, numbers] of line.matchAll(/\u001b\[([\d;]*)m|[^\u001b]+/g)) {
      if (numbers !== undefined) style = styled(style, numbers.split(';'));
      else {
        const rest = [...part];
        while (rest.length > 0) {
          if (column === columns) {
            column = 0;
            rows.push([]);
          }
          const text = rest.splice(0, columns - column).join('');
          rows.at(-1).push({ column, text, style });
          column += [...text].length;
        }
      }
    }
  }
  return rows;
}

function runElement({ column, text, style }, y) {
  const words = text.trim();
  if (words === '') return '';
  const x = margin + (column + text.length - text.trimStart().length) * cell.width;
  const attributes = [
    `x="${x.toFixed(1)}" y="${y}" textLength="${([...words].length * cell.width).toFixed(1)}"`,
    ...(style.fill === theme.text ? [] : [`fill="${style.fill}"`]),
    ...(style.bold ? ['font-weight="bold"'] : []),
  ];
  return `<tspan ${attributes.join(' ')}>${escaped(words)}</tspan>`;
}

/** @param {string} output with colours by escape sequences @param {{ title: string, columns: number }} options */
export function terminalSvg(output, { title, columns }) {
  const rows = rowsOf(output, columns);
  const [width, height] = [columns * cell.width + 2 * margin, rows.length * cell.height + 2 * margin];
  const drawn = rows.map((runs, row) => runs.map((run) => runElement(run, margin + 13 + row * cell.height)).join(''));
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" rx="8" fill="${theme.background}"/>
<text xml:space="preserve" fill="${theme.text}" font-size="14" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace">
${drawn.filter((row) => row !== '').join('\n')}
</text>
</svg>
`;
}
