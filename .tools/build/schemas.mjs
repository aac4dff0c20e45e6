// The JSON schemas of what kapadmin prints and reads, made from the sources.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

/** File name -> the function of src that makes the schema. */
const schemas = {
  'findings.schema.json': { file: './src/report/findings/schema.ts', name: 'findingsSchema' },
  'matrix.schema.json': { file: './src/report/matrix/schema.ts', name: 'matrixSchema' },
  'matrix-diff.schema.json': { file: './src/report/matrix/schema.ts', name: 'diffSchema' },
  'scenario.schema.json': { file: './src/scenario/schema.ts', name: 'scenarioSchema' },
  'state.schema.json': { file: './src/state/schema.ts', name: 'stateSchema' },
};

async function bundled(root, contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

/** Writes each schema as a file below `folder`. */
export async function writeSchemas(root, folder) {
  mkdirSync(folder, { recursive: true });
  for (const [target, { file, name }] of Object.entries(schemas)) {
    const made = (await bundled(root, `export { ${name} } from '${file}';`))[name]();
    writeFileSync(path.join(folder, target), `${JSON.stringify(made, null, 2)}\n`);
  }
}
