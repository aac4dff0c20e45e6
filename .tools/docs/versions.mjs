// The section "Versions" of docs/how-kapacitor-decides.md, from the table of differences.
import { format } from 'prettier';

function cells(texts) {
  return `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
}

function row({ since, area, after, before, source, vectors }) {
  const scenarios = vectors.map((start) => `\`${start}*\``).join(', ');
  return cells([since, area, after, before, source, scenarios]);
}

/** @param {Readonly<Record<string, object>>} differences see src/model/kapacitor-versions.ts */
export async function fillVersions(page, differences) {
  const table = [
    cells(['from', 'what', 'since then', 'before', 'source', 'measured by']),
    cells(Array(6).fill('---')),
    ...Object.values(differences).map(row),
  ].join('\n');
  const formatted = await format(table, { parser: 'markdown' });
  return page.replace(/(<!-- versions -->\n)[^]*(<!-- \/versions -->)/, (_, start, end) => {
    return `${start}\n${formatted}\n${end}`;
  });
}
