// `npm run bench [NAME...]`: runs the benchmarks beside this file and prints one table; exit 1 when a limit is missed.
//
// A benchmark file exports `name`, `limit` and `run()`; `run` gives the median of each side in one and the same run, so
// that the load of the machine falls on both. `least: true` turns the limit into a floor.
import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { ensureBuilt } from '../fresh.mjs';
import { table } from './lib/table.mjs';

/**
 * @typedef {object} Measured
 * @property {number} ours median, in `unit`
 * @property {number} base median of what it is compared with; 1 where the limit is absolute
 * @property {string} unit
 * @property {string} against what it is compared with
 */

const here = import.meta.dirname;
const wanted = process.argv.slice(2);
const files = readdirSync(here).filter((file) => file.endsWith('.mjs') && file !== 'index.mjs');
const rows = [];

await ensureBuilt();
for (const file of files.toSorted()) {
  const { name, limit, least = false, run } = await import(path.join(here, file));
  if (wanted.length > 0 && !wanted.some((word) => file.includes(word))) continue;
  const measured = await run();
  const ratio = measured.ours / measured.base;
  rows.push({ name, limit, least, ...measured, ratio, met: least ? ratio >= limit : ratio <= limit });
}

console.log(
  `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${new Date().toISOString().slice(0, 10)}\n`,
);
console.log(table(rows));
if (rows.some((row) => !row.met)) process.exitCode = 1;
