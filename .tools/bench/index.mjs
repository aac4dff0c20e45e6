// `npm run bench [NAME...]`: runs the benchmarks beside this file and prints one table; exit 1 when a limit is missed.
// A run of all of them is written to docs/performance.md. `--node FILE` before the names measures another Node, which no
// limit binds.
//
// A benchmark file exports `name`, `limit` (none for a figure to know) and `run()`; `run` gives the median of each side
// in one and the same run, so that the load of the machine falls on both. `least: true` turns the limit into a floor.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { ensureBuilt } from '../fresh.mjs';
import { writeToPage } from './lib/page.mjs';
import { table } from './lib/table.mjs';

/**
 * @typedef {object} Measured
 * @property {number} ours median, in `unit`
 * @property {number} base median of what it is compared with; 1 where the limit is absolute
 * @property {string} unit
 * @property {string} against what it is compared with
 */

const here = import.meta.dirname;
const boundLine = '20';

function isMet({ limit, least }, ratio) {
  if (limit === undefined || process.versions.node.split('.', 1)[0] !== boundLine) return undefined;
  return least ? ratio >= limit : ratio <= limit;
}

async function measure(file) {
  const { name, limit, least = false, run } = await import(path.join(here, file));
  const measured = await run();
  const ratio = measured.ours / measured.base;
  return { name, limit, least, ...measured, ratio, met: isMet({ limit, least }, ratio) };
}

function machine() {
  const memory = Math.round(totalmem() / 2 ** 30);
  const processors = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`;
  const date = new Date().toISOString().slice(0, 10);
  return `Node ${process.version}, ${process.platform} ${process.arch}, ${processors}, ${memory} GB, ${date}`;
}

async function main(wanted) {
  await ensureBuilt();
  const files = readdirSync(here).filter((file) => file.endsWith('.mjs') && file !== 'index.mjs');
  const chosen = files.filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)));
  const rows = [];
  for (const file of chosen.toSorted()) rows.push(await measure(file));
  const text = `${machine()}\n\n${table(rows)}`;
  console.log(text);
  if (wanted.length === 0) writeToPage(text);
  if (rows.some(({ met }) => met === false)) process.exitCode = 1;
}

const words = process.argv.slice(2);
if (words[0] === '--node') {
  const [, node, ...wanted] = words;
  process.exitCode = spawnSync(node, [import.meta.filename, ...wanted], { stdio: 'inherit' }).status ?? 1;
} else await main(words);
