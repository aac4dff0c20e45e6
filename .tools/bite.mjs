// `npm run bite [WORD...]`: breaks each rule of the engine in a copy of the tree, one at a time, and runs the engine's
// tests: they must fail. Prints the list with what came of each; exit 1 where a change survives. Words choose rules.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mutations } from './bite/mutations.mjs';

const root = path.dirname(import.meta.dirname);
const words = process.argv.slice(2);
const chosen = mutations.filter(({ rule, file }) => words.every((word) => `${file} ${rule}`.includes(word)));
const copy = mkdtempSync(path.join(tmpdir(), 'kapadmin-bite-'));

/** @returns {Promise<boolean>} whether the tests pass */
function passes(...tests) {
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--config', 'test/vitest.config.ts', '--bail', '1', '--reporter', 'dot', ...tests];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: copy, stdio: 'ignore', timeout: 120_000 });
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0));
  });
}

/** The test file beside the changed one, which is the likeliest to fail. */
function nearest(file) {
  return [`test/${file.replace(/\.ts$/, '.test.ts')}`, 'test/kapacitor/document.test.ts'].find((test) =>
    existsSync(path.join(copy, test)),
  );
}

async function survives({ file, find, replace }) {
  const target = path.join(copy, 'src', file);
  const source = readFileSync(target, 'utf8');
  const places = source.split(find).length - 1;
  if (places !== 1) throw new Error(`src/${file}: ${places} places hold ${JSON.stringify(find)}`);
  writeFileSync(
    target,
    source.replace(find, () => replace),
  );
  try {
    return (await passes(nearest(file))) && (await passes('test/kapacitor', 'test/scenario'));
  } finally {
    writeFileSync(target, source);
  }
}

let survivors = 0;
try {
  for (const name of ['src', 'test', 'docs', 'package.json', 'tsconfig.json']) {
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  if (!(await passes('test/kapacitor', 'test/scenario'))) throw new Error('the tests fail without any change');
  for (const mutation of chosen) {
    const survived = await survives(mutation);
    if (survived) survivors++;
    console.log(`${survived ? 'SURVIVED' : 'noticed '}  ${mutation.file.padEnd(28)} ${mutation.rule}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`\n${chosen.length} changes, ${chosen.length - survivors} noticed, ${survivors} survived`);
if (survivors > 0 || chosen.length === 0) process.exitCode = 1;
