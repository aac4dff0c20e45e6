// A short walk through the built program on each line of Node that it supports: `node .tools/nodes.mjs`; with
// KAPADMIN_TEST_NODES=this, on this Node alone. A version that npm does not have here is skipped with a word.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { maskSandbox } from './docs/start-sandbox.mjs';
import { ensureBuilt, root } from './fresh.mjs';
import { installNode, otherNodes } from './nodes/install.mjs';
import { smallScenario } from './small-scenario.mjs';

const program = path.join(root, 'bin/kapadmin.js');
const library = `
  const { createMetaClient, KapadminError } = await import(process.argv[1]);
  const client = createMetaClient({ nodes: ['http://127.0.0.1:1'], retries: 0 });
  const error = await client.users().catch((error) => error);
  if (!(error instanceof KapadminError) || error.kind !== 'unreachable') throw error;
`;

function expectText(what, text, pattern) {
  if (!pattern.test(text)) throw new Error(`${what} says:\n${text}`);
}

/** Resolves with what the demo prints on this Node; rejects where the program does not do what it should. */
async function walk(node) {
  const home = mkdtempSync(path.join(tmpdir(), 'kapadmin-node-'));
  const env = { PATH: process.env.PATH, HOME: home };
  const run = async (...words) => (await promisify(execFile)(node, words, { env, cwd: home })).stdout;
  const expectSays = async (words, pattern) => {
    expectText(words.join(' '), await run(program, ...words), pattern);
  };
  try {
    writeFileSync(path.join(home, 'access.yaml'), smallScenario('johndoe', 'Pa5sw0Rd'));
    await expectSays(['--version'], /^\d+\.\d+\.\d+\n$/);
    await expectSays(['--help'], /^Usage: kapadmin/);
    await expectSays(['auth', 'test', '--scenario', 'access.yaml'], /1 passed, 0 failed/);
    await expectSays(['permission', 'list', '-o', 'yaml'], /name: KapacitorAPI\n/);
    await run('--input-type=module', '-e', library, path.join(root, 'dist/index.mjs'));
    return maskSandbox(await run(path.join(root, '.tools/demo.mjs')));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

await ensureBuilt();
let demo;
const others = process.env.KAPADMIN_TEST_NODES === 'this' ? [] : otherNodes;
// Each is walked through while the next ones are downloaded.
const installing = new Map([[process.versions.node, Promise.resolve({ binary: process.execPath })]]);
for (const version of others) if (!installing.has(version)) installing.set(version, installNode(version));
for (const [version, install] of installing) {
  const found = await install;
  if (found.missing !== undefined) {
    console.log(`Node ${version}: skipped, npm does not have it here (${found.missing})`);
    continue;
  }
  try {
    const printed = await walk(found.binary);
    demo ??= printed;
    if (printed !== demo) throw new Error(`the demo differs from that of Node ${process.versions.node}:\n${printed}`);
    console.log(`Node ${version}: walked through`);
  } catch (error) {
    const { message, stdout = '', stderr = '' } = error;
    console.log(`Node ${version}: FAILED: ${message}\n${stdout}${stderr}`);
    process.exitCode = 1;
  }
}
