import type { MatrixDiff } from '../../report/matrix/diff.js';
import type { Table } from '../view.js';
import { htmlText } from './escape.js';
import { moment, plural } from './head.js';
import { renderPage } from './page.js';
import { reportStyle } from './style/index.js';

/** Who gained and who lost what, as one HTML file without a script. @param table the changes, a line for each user and way */
export function changesPage({ before, now, changes, notCompared }: MatrixDiff, { columns, rows }: Table): string {
  const line = (cells: readonly string[]): string =>
    `<tr>${cells.map((cell, i) => (i === 0 ? `<th scope="row"><bdi>${htmlText(cell)}</bdi></th>` : `<td>${htmlText(cell)}</td>`)).join('')}</tr>\n`;
  const header = columns.map((name) => `<th scope="col">${htmlText(name)}</th>`).join('');
  const table = `<table>\n<thead><tr>${header}</tr></thead>\n<tbody>\n${rows.map(line).join('')}</tbody>\n</table>`;
  const left = notCompared.length === 0 ? '' : `<p>Not compared: ${notCompared.map(htmlText).join(', ')}.</p>`;
  const body = `<header><div><h1>What changed in the access to Kapacitor</h1>
<p class="of">${htmlText(moment(before.made))} to ${htmlText(moment(now.made))} · ${now.cluster.map(htmlText).join(', ')}</p></div></header>
<section class="list"><p>${changes.length === 0 ? 'Nothing changed.' : `${plural(changes.length, 'user')} with a change.`}</p>
${rows.length === 0 ? '' : table}${left}</section>`;
  return renderPage({ title: 'Kapacitor access: changes', style: reportStyle, body });
}
