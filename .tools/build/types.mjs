import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from './stamp.mjs';

/** The declarations that one names: `./x.js` is `./x.d.ts`. */
function named(file) {
  const specifiers = readFileSync(file, 'utf8').matchAll(/(?:from |import\()'(\.[^']+)\.js'/g);
  return [...specifiers].map(([, specifier]) => path.resolve(path.dirname(file), `${specifier}.d.ts`));
}

/** Writes the library's declarations below `folder`: those that its entry reaches, and no others. */
export function writeTypes(folder) {
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', '.tools/tsconfig.types.json', '--outDir', folder], {
    cwd: root,
    stdio: 'inherit',
  });
  const reached = new Set([path.join(folder, 'index.d.ts')]);
  for (const file of reached) for (const next of named(file)) reached.add(next);
  const missing = [...reached].filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Error(`no declarations: ${missing.join(', ')}`);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && !reached.has(file)) rmSync(file);
  }
}
