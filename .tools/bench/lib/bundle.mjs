import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { rawText } from '../../build.mjs';
import { root } from '../../fresh.mjs';

/**
 * Bundles modules of src/, by name, for the time of `use`, which gets the path of each bundle.
 * @param {Record<string, string>} entries name -> file below src/
 */
export async function withBundle(entries, use) {
  const folder = mkdtempSync(path.join(root, 'node_modules/.bench-'));
  try {
    await build({
      absWorkingDir: root,
      entryPoints: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, `src/${file}`])),
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      alias: { yaml: path.join(root, 'node_modules/yaml/browser/index.js') },
      plugins: [rawText],
      logLevel: 'error',
    });
    return await use((name) => path.join(folder, `${name}.mjs`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
