import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { moduleOptions, root } from '../../build.mjs';

/**
 * Bundles modules of src/, by name, for the time of `use`, which gets the path of each bundle.
 * @param {Record<string, string>} entries name -> file below src/
 */
export async function withBundle(entries, use) {
  const folder = mkdtempSync(path.join(root, 'node_modules/.bench-'));
  try {
    await build({
      ...moduleOptions,
      entryPoints: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, `src/${file}`])),
      outdir: folder,
    });
    return await use((name) => path.join(folder, `${name}.mjs`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
