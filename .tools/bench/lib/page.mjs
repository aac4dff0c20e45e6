import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../fresh.mjs';

const page = path.join(root, 'docs/performance.md');

/** Puts a run where docs/performance.md has that of this line of Node. */
export function writeToPage(text) {
  const [line] = process.versions.node.split('.');
  const [begin, end] = [`<!-- bench of Node ${line} -->`, `<!-- end of Node ${line} -->`];
  const before = readFileSync(page, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no place for Node ${line}`);
  writeFileSync(page, `${before.slice(0, from)}${begin}\n\n${text}\n\n${before.slice(to)}`);
}
