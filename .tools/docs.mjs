// `npm run docs`: writes the reference pages, the lists of rules, the manual page and docs/why-401 from the program, and records
// what the commands in the other pages and in the demo print. With `--check`, says whether they are current; a name after
// that (`generated`, `recorded`, `traced`) does only these.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { format } from 'prettier';
import { rawText } from './build.mjs';
import { recordDemo } from './docs/demo-svg.mjs';
import { fillCounts, fillRules, renderEvidence, renderOpenQuestions } from './docs/evidence.mjs';
import { renderFindings } from './docs/findings.mjs';
import { renderMan } from './docs/man.mjs';
import { readTree } from './docs/read.mjs';
import { recordPage } from './docs/record.mjs';
import { renderCommands } from './docs/render.mjs';
import { traceModules } from './docs/trace.mjs';
import { fillVersions } from './docs/versions.mjs';
import { renderWhy401 } from './docs/why-401.mjs';
import { ensureBuilt, root } from './fresh.mjs';

const entry = `
  export { commandSections, topLevelCommands } from './src/commands/index.ts';
  export { commonFormats, declareGlobalFlags } from './src/settings/flags.ts';
  export { exitCodes } from './src/errors.ts';
  export { countGrades, engineRules } from './src/auth-engine/rules/registry.ts';
  export { rules } from './src/diagnostics/finding.ts';
  export { differences } from './src/model/kapacitor-versions.ts';
  export { openQuestions } from './src/model/open-questions.ts';
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
    plugins: [rawText],
  });
  const bundle = path.join(root, 'node_modules/.cache/kapadmin-docs.mjs');
  mkdirSync(path.dirname(bundle), { recursive: true });
  writeFileSync(bundle, outputFiles[0].contents);
  return import(bundle);
}

function markdown(page) {
  return format(page, { parser: 'markdown' });
}

/** What is written from the program's own tables: file -> text. */
async function generated() {
  const program = await source();
  const tree = await readTree(program);
  const { engineRules, openQuestions } = program;
  const counts = program.countGrades();
  const page = (name) => readFileSync(path.join(root, `docs/${name}.md`), 'utf8');
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return {
    'docs/commands.md': await markdown(renderCommands(tree, program.exitCodes)),
    'docs/findings.md': await markdown(renderFindings(program.rules)),
    'docs/evidence.md': await markdown(renderEvidence(engineRules, counts)),
    'docs/open-questions.md': await markdown(renderOpenQuestions(openQuestions, engineRules)),
    'docs/how-kapacitor-decides.md': await fillVersions(
      fillRules(page('how-kapacitor-decides'), engineRules),
      program.differences,
    ),
    'docs/README.md': fillCounts(page('README'), counts, openQuestions),
    'docs/why-401/index.html': await renderWhy401(),
    'docs/man/kapadmin.1': renderMan(tree, program.exitCodes, version),
  };
}

/** What is recorded from the built program: file -> text. */
async function recorded() {
  await ensureBuilt();
  const below = readdirSync(path.join(root, 'docs'), { recursive: true }).map((file) => path.join('docs', file));
  const files = { 'docs/demo.svg': await recordDemo() };
  for (const file of ['README.md', ...below.filter((each) => each.endsWith('.md'))]) {
    try {
      files[file] = await recordPage(readFileSync(path.join(root, file), 'utf8'));
    } catch (error) {
      throw new Error(`${file}: ${error.message}`, { cause: error });
    }
  }
  return files;
}

/** What is traced in the compiled sources: file -> text. */
async function traced() {
  await ensureBuilt();
  const file = 'src/README.md';
  const traces = await traceModules([
    ['user', 'grant', 'johndoe', 'KapacitorAPI'],
    ['auth', 'test', '--user', 'johndoe', '--password-stdin', '--url', 'http://localhost:9092/kapacitor/v1/tasks'],
  ]);
  const lists = Object.entries(traces).map(([command, modules]) => {
    return `\`kapadmin ${command}\`: ${modules.length} modules.\n\n${modules.map((each) => `\`${each}\``).join(', ')}\n`;
  });
  const place = /(<!-- trace -->\n)[^]*(<!-- \/trace -->)/;
  const text = readFileSync(path.join(root, file), 'utf8').replace(place, (_, before, after) => {
    return `${before}\n${lists.join('\n')}\n${after}`;
  });
  return { [file]: await markdown(text) };
}

/** The lines of one text that the other does not have. */
function linesOnlyIn(text, other) {
  const lines = new Set(other.split('\n'));
  return text.split('\n').filter((line) => !lines.has(line));
}

const check = process.argv.includes('--check');
const part = process.argv.slice(2).find((word) => word !== '--check');
for (const make of [generated, recorded, traced].filter(({ name }) => part === undefined || part === name)) {
  for (const [file, text] of Object.entries(await make())) {
    const target = path.join(root, file);
    const before = existsSync(target) ? readFileSync(target, 'utf8') : '';
    if (text === before) continue;
    if (!check) {
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
      continue;
    }
    const now = linesOnlyIn(text, before).slice(0, 10);
    console.error([`${file} is not current: run npm run docs; the program now gives`, ...now].join('\n'));
    process.exitCode = 1;
  }
}
