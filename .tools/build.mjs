// `npm run build`: makes dist/, which is what ships: the program and the library as ES modules, the library's types,
// the JSON schemas, and the licences and the list of the packages inside.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { listPackages } from './third-party.mjs';

export const root = path.dirname(import.meta.dirname);
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** `import text from './client.js?raw'` is the text of that file, as in Vite (and so in the tests). */
export const rawText = {
  name: 'raw-text',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\?raw$/ }, ({ path: file, resolveDir }) => {
      return { path: path.join(resolveDir, file.slice(0, -'?raw'.length)), namespace: 'raw-text' };
    });
    onLoad({ filter: /./, namespace: 'raw-text' }, ({ path: file }) => {
      return { contents: readFileSync(file, 'utf8'), loader: 'text' };
    });
  },
};

/** How the sources are bundled, in dist/ and in the standalone executable. */
export const bundleOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  define: { KAPADMIN_VERSION: JSON.stringify(version) },
  // Names stay as they are: they stand in the stack trace of a bug report.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  metafile: true,
  plugins: [rawText],
  logLevel: 'warning',
  // These three are explained in docs/maintainers/decisions.md.
  external: ['typescript'],
  alias: {
    yaml: path.join(root, 'node_modules/yaml/browser/index.js'),
    'hash-wasm': path.join(root, 'node_modules/hash-wasm/dist/bcrypt.umd.min.js'),
  },
};

/** How they are bundled as modules of which each loads when it is needed. */
export const moduleOptions = {
  ...bundleOptions,
  splitting: true,
  format: 'esm',
  // Node looks for a package.json beside each .js before it loads it.
  outExtension: { '.js': '.mjs' },
  // Packages in CommonJS form call `require` for Node's own modules, which an ES module does not have.
  banner: { js: 'const require = process.getBuiltinModule;' },
};

/**
 * The engine alone: one file for Node and browsers.
 * @satisfies {import('esbuild').BuildOptions}
 */
export const engineOptions = {
  absWorkingDir: root,
  entryPoints: ['src/engine.ts'],
  bundle: true,
  platform: 'browser',
  format: 'esm',
  target: 'es2022',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/** File in dist/schemas -> the function of src that returns the schema. */
const schemas = {
  'access-changes.schema.json': ['./src/output/schemas.ts', 'accessChangesSchema'],
  'clusters.schema.json': ['./src/output/schemas.ts', 'clustersSchema'],
  'flush.schema.json': ['./src/output/schemas.ts', 'flushSchema'],
  'conformance.schema.json': ['./src/output/schemas.ts', 'conformanceSchema'],
  'findings.schema.json': ['./src/output/schemas.ts', 'findingsSchema'],
  'matrix.schema.json': ['./src/output/schemas.ts', 'matrixSchema'],
  'matrix-diff.schema.json': ['./src/output/schemas.ts', 'diffSchema'],
  'scenario.schema.json': ['./src/scenario/schema.ts', 'scenarioSchema'],
  'state.schema.json': ['./src/desired-state/schema.ts', 'stateSchema'],
};

async function writeSchemas(folder) {
  const exports = Object.values(schemas).map(([file, name]) => `export { ${name} } from '${file}';`);
  const stdin = { contents: exports.join('\n'), resolveDir: root };
  const { outputFiles } = await build({ ...bundleOptions, stdin, format: 'esm', write: false });
  const functions = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  );
  mkdirSync(folder);
  for (const [file, [, name]] of Object.entries(schemas)) {
    writeFileSync(path.join(folder, file), `${JSON.stringify(functions[name](), null, 2)}\n`);
  }
}

/** Deletes the types that no entry needs: only those of the library are for others. */
function keepReachable(folder, entries) {
  const kept = new Set();
  const waiting = entries.map((entry) => path.join(folder, entry));
  for (const file of waiting) {
    if (kept.has(file)) continue;
    kept.add(file);
    const names = readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]*)\.js['"]/g);
    waiting.push(...Array.from(names, ([, name]) => path.join(path.dirname(file), `${name}.d.ts`)));
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && !kept.has(file)) rmSync(file);
  }
}

async function buildDist() {
  const dist = path.join(root, 'dist');
  // Built beside the old one, so that a program that runs meanwhile finds its modules.
  const folder = `${dist}.${process.pid}`;
  try {
    const { metafile } = await build({
      ...moduleOptions,
      entryPoints: { kapadmin: 'src/cli/main.ts', index: 'src/index.ts' },
      outdir: folder,
      chunkNames: 'chunks/[name]-[hash]',
      sourcemap: true,
      sourcesContent: false,
    });
    const engine = await build({ ...engineOptions, outfile: path.join(folder, 'engine.mjs') });
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
    const types = ['-p', '.tools/tsconfig.types.json', '--outDir', path.join(folder, 'types')];
    execFileSync(process.execPath, [compiler, ...types], { cwd: root, stdio: 'inherit' });
    keepReachable(path.join(folder, 'types'), ['index.d.ts', 'engine.d.ts']);
    await writeSchemas(path.join(folder, 'schemas'));
    const { licences, sbom } = listPackages({ outputs: { ...metafile.outputs, ...engine.metafile.outputs } }, root);
    writeFileSync(path.join(folder, 'THIRD-PARTY-LICENSES.txt'), licences);
    writeFileSync(path.join(folder, 'sbom.cdx.json'), sbom);
    rmSync(dist, { recursive: true, force: true });
    renameSync(folder, dist);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) await buildDist();
