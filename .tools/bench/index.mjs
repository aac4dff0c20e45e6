// `npm run bench [FILE...]`: runs the benchmarks beside this file and prints one table; exit 1 when a limit is missed. A
// run of all of them is written to docs/maintainers/performance.md. `--node FILE` before the names measures another Node.
//
// Each file exports `run()`, which resolves with rows. A row compares `ours` with `base`, both measured in one run, so
// that the load of the machine falls on both.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { ensureBuilt } from '../fresh.mjs';
import { writeToPage } from './lib/page.mjs';
import { table } from './lib/table.mjs';

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {string} against what it is compared with
 * @property {number} ours in `unit`
 * @property {number} base in `unit`; 1 where the limit is absolute
 * @property {string} unit
 * @property {Record<string, number>} limits line of Node -> limit of `ours / base`
 * @property {boolean} [least] the limit is a floor
 */

const line = process.versions.node.split('.', 1)[0];

function judged(row) {
  const ratio = row.ours / row.base;
  const limit = row.limits[line];
  const met = limit === undefined ? undefined : row.least ? ratio >= limit : ratio <= limit;
  return { ...row, ratio, limit, met };
}

function machine() {
  const memory = Math.round(totalmem() / 2 ** 30);
  const processors = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`;
  const date = new Date().toISOString().slice(0, 10);
  return `Node ${process.version}, ${process.platform} ${process.arch}, ${processors}, ${memory} GB, ${date}`;
}

async function main(chosen) {
  await ensureBuilt();
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.mjs') && file !== 'index.mjs');
  const rows = [];
  for (const file of files.toSorted()) {
    if (chosen.length > 0 && !chosen.includes(path.basename(file, '.mjs'))) continue;
    const { run } = await import(path.join(import.meta.dirname, file));
    rows.push(...(await run()).map(judged));
  }
  const text = `${machine()}\n\n${table(rows)}`;
  console.log(text);
  if (chosen.length === 0) writeToPage(line, text);
  if (rows.some(({ met }) => met === false)) process.exitCode = 1;
}

const words = process.argv.slice(2);
if (words[0] === '--node') {
  const [, node, ...chosen] = words;
  process.exitCode = spawnSync(node, [import.meta.filename, ...chosen], { stdio: 'inherit' }).status ?? 1;
} else await main(words);
