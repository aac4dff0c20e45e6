// Writes docs/commands.md and the manual page from the command tree, and docs/findings.md from the table of findings; with
// `--check`, says whether they are current.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { format } from 'prettier';
import { renderFindings } from './docs/findings.mjs';
import { renderMan } from './docs/man.mjs';
import { readTree } from './docs/read.mjs';
import { renderCommands } from './docs/render.mjs';
import { root } from './fresh.mjs';

const entry = `
  export { nouns, words } from './src/commands/index.ts';
  export { commonFormats } from './src/model/formats.ts';
  export { declareGlobalFlags } from './src/settings/flags.ts';
  export { exitCodes } from './src/errors.ts';
  export { rules } from './src/diagnostics/rules/registry.ts';
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

function markdown(page) {
  return format(page, { parser: 'markdown' });
}

const program = await source();
const tree = await readTree(program);
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const pages = {
  'docs/commands.md': await markdown(renderCommands(tree, program.exitCodes)),
  'docs/findings.md': await markdown(renderFindings(program.rules)),
  'docs/man/kapadmin.1': renderMan(tree, program.exitCodes, version),
};
for (const [file, text] of Object.entries(pages)) {
  const target = path.join(root, file);
  if (!process.argv.includes('--check')) {
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  } else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
    console.error(`${file} is not current: run npm run docs`);
    process.exitCode = 1;
  }
}
