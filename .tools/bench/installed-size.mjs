import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../fresh.mjs';

export const name = 'installed size, `npm i kapadmin.tgz` in an empty folder';
export const limit = 8;

const call = promisify(execFile);

/** Bytes of all files below a folder. */
function sizeOf(folder) {
  return readdirSync(folder, { recursive: true })
    .map((file) => statSync(path.join(folder, file)))
    .reduce((sum, facts) => sum + (facts.isFile() ? facts.size : 0), 0);
}

export async function run() {
  const work = mkdtempSync(path.join(tmpdir(), 'kapadmin-bench-'));
  try {
    const folder = path.join(work, 'empty');
    mkdirSync(folder);
    // dist/ is fresh: nothing is to be built, and nothing to be had from a registry.
    await call('npm', ['pack', '--ignore-scripts', '--pack-destination', work], { cwd: root });
    const archive = readdirSync(work).find((file) => file.endsWith('.tgz'));
    const words = ['install', '--offline', '--no-audit', '--no-fund', path.join(work, archive)];
    await call('npm', words, { cwd: folder });
    return { ours: sizeOf(folder) / 2 ** 20, base: 1, unit: 'MB', against: 'a megabyte' };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
