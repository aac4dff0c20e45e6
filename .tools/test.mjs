// `npm test`: the build, then types, lint, dead code, format, package and a walk on each Node side by side, then the
// tests. Its last line is `N passed, N failed`.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './build.mjs';
import { ensurePrograms } from './test-programs.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'kapadmin-test-'));
const report = path.join(folder, 'report.json');
const notesFile = path.join(folder, 'notes');

function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}

/**
 * What it prints is shown when it is done: others run meanwhile.
 * @returns {Promise<boolean>} whether it passed
 */
async function step(name, command, args) {
  const start = Date.now();
  const passed = await new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const written = [];
    child.stdout.on('data', (chunk) => written.push(chunk));
    child.stderr.on('data', (chunk) => written.push(chunk));
    child.on('error', (error) => {
      console.log(error.message);
      resolve(false);
    });
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(written));
      resolve(code === 0);
    });
  });
  console.log(`${passed ? 'passed' : 'FAILED'}: ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  return passed;
}

/** Tests that passed and failed; a file that did not load and a run that did not end count as one failed. */
function countTests(ended) {
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((each) => each.status === 'failed'),
  ).length;
  const failed = numFailedTests + broken;
  return { passed: numPassedTests, failed: failed === 0 && !ended ? 1 : failed };
}

/** Starts them in this order, as many at a time as there are processors. */
async function inLanes(works) {
  const waiting = [...works];
  const results = [];
  const lane = async () => {
    for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) results.push(await work());
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return results;
}

const npmStep = (name, script) => step(name, 'npm', ['run', '--silent', script]);
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
let tests = { passed: 0, failed: 0 };

try {
  // Waits for the network, most of the time.
  const installing = ensurePrograms();
  const steps = [
    await npmStep('build', 'build'),
    ...(await inLanes([
      () => step('Node 20, 22, 24 and 26', process.execPath, ['.tools/nodes.mjs']),
      () => npmStep('types', 'typecheck'),
      () => npmStep('format', 'format:check'),
      () => npmStep('lint', 'lint'),
      () => npmStep('package', 'package:check'),
      () => npmStep('dead code', 'deadcode'),
    ])),
  ];
  const programs = await installing;
  console.log(programs.text);
  // Where CI is set, a test that lacks a program fails, unless this system cannot have it.
  const skips = programs.areAvailable ? {} : { KAPADMIN_TEST_SKIPS: 'allowed' };
  const args = [vitest, 'run', '--config', 'test/vitest.config.ts', ...reporters, ...process.argv.slice(2)];
  const ended = await run(process.execPath, args, { KAPADMIN_TEST_NOTES: notesFile, ...skips });
  if (existsSync(notesFile)) process.stdout.write(readFileSync(notesFile, 'utf8'));
  tests = countTests(ended);
  tests.passed += steps.filter(Boolean).length;
  tests.failed += steps.filter((passed) => !passed).length;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${tests.passed} passed, ${tests.failed} failed`);
process.exitCode = tests.failed === 0 ? 0 : 1;
