// Builds dist/: the bundled program in split chunks, the library entry with its types, the schemas of what is printed,
// the licences of what is inside.
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { checkLazyPackages } from './build/lazy-packages.mjs';
import { licencesOf } from './build/licences.mjs';
import { writeSchemas } from './build/schemas.mjs';
import { fingerprint, markBuilt, root } from './build/stamp.mjs';

const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const sources = fingerprint();
/**
 * Modules that packages load at their start for what we never ask of them: chalk detects the colours of a terminal,
 * where we set its level; commander starts programs for subcommands, where ours are functions.
 */
const unneeded = {
  name: 'unneeded',
  setup({ onLoad, onResolve }) {
    const browser = path.join(root, 'node_modules/chalk/source/vendor/supports-color/browser.js');
    onResolve({ filter: /^#supports-color$/ }, () => ({ path: browser }));
    onResolve({ filter: /^node:child_process$/ }, ({ path: name, importer }) =>
      importer.includes('/node_modules/commander/') ? { path: name, namespace: 'unneeded' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'unneeded' }, () => ({ contents: 'module.exports = {};' }));
  },
};

const made = path.join(root, `dist.${process.pid}`);

try {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { process: 'src/process.ts', index: 'src/index.ts' },
    outdir: made,
    bundle: true,
    splitting: true,
    minify: true,
    keepNames: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    chunkNames: 'chunks/[name]-[hash]',
    legalComments: 'none',
    metafile: true,
    // cosmiconfig names it for configuration files in TypeScript, which kapadmin does not read.
    external: ['typescript'],
    alias: {
      // In its CommonJS form, which Node takes, `import()` would give no named exports.
      yaml: path.join(root, 'node_modules/yaml/browser/index.js'),
      // Its bcrypt alone: the package's entry cannot be shaken and holds thirty more algorithms.
      'hash-wasm': path.join(root, 'node_modules/hash-wasm/dist/bcrypt.umd.min.js'),
    },
    plugins: [unneeded],
    define: { KAPADMIN_VERSION: JSON.stringify(version) },
    // Packages in CommonJS form need `require` inside an ES module.
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    logLevel: 'warning',
  });
  checkLazyPackages(metafile);
  await writeSchemas(root, path.join(made, 'schemas'));
  writeFileSync(path.join(made, 'THIRD-PARTY-LICENSES.txt'), licencesOf(metafile, root));
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', '.tools/tsconfig.types.json', '--outDir', path.join(made, 'types')], {
    cwd: root,
    stdio: 'inherit',
  });
  rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  renameSync(made, path.join(root, 'dist'));
  markBuilt(sources);
} finally {
  rmSync(made, { recursive: true, force: true });
}
