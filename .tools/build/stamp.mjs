// Tells whether dist/ is that of the sources as they are.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');
export const cache = path.join(root, 'node_modules/.cache/kapadmin');
const stamp = path.join(cache, 'built');

/** What a build depends on, as one text: names, sizes and times. */
export function fingerprint() {
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

export function isFresh() {
  return (
    existsSync(path.join(root, 'dist/kapadmin.cjs')) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === fingerprint()
  );
}

/** Says that dist/ was built from sources of this fingerprint. */
export function markBuilt(sources) {
  mkdirSync(cache, { recursive: true });
  writeFileSync(stamp, sources);
}
