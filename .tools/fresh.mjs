// Builds dist/ where it is missing or older than its sources; several processes may ask at once.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const cache = path.join(root, 'node_modules/.cache/kapadmin');
const stamp = path.join(cache, 'built');
const lock = path.join(cache, 'building');
const longestBuild = 120_000;

/** What a build depends on, as one text: names, sizes and times. */
function fingerprint() {
  const inputs = ['src', '.tools/build'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true }).map((file) => path.join(folder, file)),
  );
  return [...inputs, 'package.json', 'tsconfig.json', '.tools/build.mjs', '.tools/tsconfig.types.json']
    .toSorted()
    .map((file) => [file, statSync(path.join(root, file))])
    .filter(([, facts]) => facts.isFile())
    .map(([file, facts]) => `${file} ${facts.size} ${facts.mtimeMs}`)
    .join('\n');
}

function isFresh(now) {
  return existsSync(path.join(root, 'dist/process.js')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now;
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
  mkdirSync(cache, { recursive: true });
  while (!isFresh(fingerprint())) {
    if (!takeLock()) {
      const since = existsSync(lock) ? statSync(lock).mtimeMs : 0;
      if (since > 0 && Date.now() - since > longestBuild) rmSync(lock, { recursive: true, force: true });
      await delay(100);
      continue;
    }
    try {
      const before = fingerprint();
      if (isFresh(before)) return;
      await promisify(execFile)(process.execPath, [path.join(root, '.tools/build.mjs')], { cwd: root });
      writeFileSync(stamp, before);
      return;
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
}
