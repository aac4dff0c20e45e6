// Builds dist/ where it is missing or older than its sources; several processes may ask at once.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cache, isFresh, root } from './build/stamp.mjs';

export { root };

const lock = path.join(cache, 'building');
const longestBuild = 120_000;

function takeLock() {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

function dropOldLock() {
  const since = existsSync(lock) ? statSync(lock).mtimeMs : Date.now();
  if (Date.now() - since > longestBuild) rmSync(lock, { recursive: true, force: true });
}

/** Resolves when dist/ is that of the sources as they are. */
export async function ensureBuilt() {
  mkdirSync(cache, { recursive: true });
  while (!isFresh()) {
    if (!takeLock()) {
      dropOldLock();
      await delay(100);
      continue;
    }
    try {
      if (isFresh()) return;
      await promisify(execFile)(process.execPath, [path.join(root, '.tools/build.mjs')], { cwd: root });
      return;
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
}
