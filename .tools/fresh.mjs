// Builds dist/ where it is missing or older than its sources; several processes may ask at once.
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { root } from './build.mjs';

export { root };

const lock = path.join(root, 'node_modules/.kapadmin-build');
const longestBuild = 120_000;

/** When a file or a folder was last changed, 0 where it is missing. */
function changedAt(file) {
  return statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function isFresh() {
  const sources = readdirSync(path.join(root, 'src'), { recursive: true }).map((file) => path.join('src', file));
  const inputs = ['src', ...sources, 'package-lock.json', '.tools/build.mjs', '.tools/third-party.mjs'];
  const builtAt = changedAt('dist/index.mjs');
  return inputs.every((file) => changedAt(file) <= builtAt);
}

function takeLock() {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

/** Resolves when dist/ is that of the sources as they are. */
export async function ensureBuilt() {
  while (!isFresh()) {
    if (!takeLock()) {
      if (Date.now() - changedAt(path.relative(root, lock)) > longestBuild)
        rmSync(lock, { recursive: true, force: true });
      await delay(100);
      continue;
    }
    try {
      if (isFresh()) return;
      await promisify(execFile)(process.execPath, [path.join(root, '.tools/build.mjs')], { cwd: root });
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
}
