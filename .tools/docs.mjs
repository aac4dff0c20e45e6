// Writes docs/commands.md from the command tree; with `--check`, says whether it is current.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { format } from 'prettier';
import { readTree } from './docs/read.mjs';
import { renderCommands } from './docs/render.mjs';
import { root } from './fresh.mjs';

const target = path.join(root, 'docs/commands.md');
const entry = `
  export { nouns, words } from './src/commands/index.ts';
  export { declareGlobalFlags } from './src/settings/flags.ts';
  export { exitCodes } from './src/errors.ts';
  export { Command } from 'commander';
`;

async function source() {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  const bundle = path.join(root, 'node_modules/.cache/kapadmin-docs.mjs');
  mkdirSync(path.dirname(bundle), { recursive: true });
  writeFileSync(bundle, outputFiles[0].contents);
  return import(bundle);
}

const program = await source();
const text = await format(renderCommands(await readTree(program), program.exitCodes), { parser: 'markdown' });
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error('docs/commands.md is not current: run npm run docs');
  process.exitCode = 1;
}
