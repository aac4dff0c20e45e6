// Builds dist/: the program in packs, the library entry with its types, the schemas of what is printed, the licences of
// what is inside.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { checkLazyPackages } from './build/lazy-packages.mjs';
import { licencesOf } from './build/licences.mjs';
import { bundling } from './build/options.mjs';
import { packsOf } from './build/packs.mjs';
import { writeSchemas } from './build/schemas.mjs';
import { fingerprint, markBuilt, root } from './build/stamp.mjs';
import { writeTypes } from './build/types.mjs';

const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const sources = fingerprint();
const made = path.join(root, `dist.${process.pid}`);

/** The program: CommonJS, which starts faster than modules in ES form. */
async function buildProgram() {
  const bundle = await build({
    ...bundling(version),
    entryPoints: { process: 'src/process.ts' },
    splitting: true,
    format: 'esm',
    chunkNames: '[name]-[hash]',
  });
  checkLazyPackages(bundle.metafile);
  for (const [file, text] of await packsOf(bundle, 'process.js')) writeFileSync(path.join(made, file), text);
  return bundle.metafile;
}

async function buildLibrary() {
  const { metafile, outputFiles } = await build({
    ...bundling(version),
    entryPoints: { index: 'src/index.ts' },
    format: 'esm',
    // Packages in CommonJS form need `require` inside an ES module.
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  });
  writeFileSync(path.join(made, 'index.js'), outputFiles[0].contents);
  writeTypes(path.join(made, 'types'));
  return metafile;
}

try {
  mkdirSync(made, { recursive: true });
  const metafiles = [await buildProgram(), await buildLibrary()];
  await writeSchemas(root, path.join(made, 'schemas'));
  writeFileSync(path.join(made, 'THIRD-PARTY-LICENSES.txt'), licencesOf(metafiles, root));
  rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  renameSync(made, path.join(root, 'dist'));
  markBuilt(sources);
} finally {
  rmSync(made, { recursive: true, force: true });
}
