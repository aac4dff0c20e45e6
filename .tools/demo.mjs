// The walk-through of the README: a sandbox, a user and a role, and their login to Kapacitor. Leaves nothing behind.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const program = path.join(path.dirname(fileURLToPath(import.meta.url)), '../bin/kapadmin.js');
const home = mkdtempSync(path.join(tmpdir(), 'kapadmin-demo-'));
const password = 'Pa5sw0Rd';
const env = { PATH: process.env.PATH, HOME: home, NO_COLOR: process.stdout.isTTY ? '' : '1' };
if (process.stdout.isTTY) env.FORCE_COLOR = '1';

/** Starts the sandbox; resolves with its process and the URL of its meta node. */
function startSandbox() {
  const sandbox = spawn(process.execPath, [program, 'sandbox', '--port', '0', '-o', 'json'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return new Promise((resolve, reject) => {
    let text = '';
    sandbox.on('exit', (code) => reject(new Error(`the sandbox ended with ${code}`)));
    sandbox.stdout.on('data', (chunk) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end >= 0) resolve({ sandbox, url: JSON.parse(text.slice(0, end)).meta[0] });
    });
  });
}

/** Shows a command as a user types it, runs it, and checks how it ends. */
function step(words, { input, expected = 0 } = {}) {
  const typed = words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');
  console.log(`$ kapadmin ${typed}${input === undefined ? '' : ' < johndoe.password'}`);
  const run = spawnSync(process.execPath, [program, ...words], { env, input, encoding: 'utf8' });
  process.stdout.write(run.stdout + run.stderr);
  if (run.status !== expected) throw new Error(`ended with ${run.status}, expected ${expected}`);
  if (expected !== 0) console.log(`(exit code ${expected})`);
  console.log();
}

function say(text) {
  console.log(`# ${text}`);
}

const login = (target) => [
  'auth',
  'test',
  '--user',
  'johndoe',
  '--password-stdin',
  '--url',
  `http://localhost:9092${target}`,
];

let running;
let failed = false;
try {
  running = await startSandbox();
  Object.assign(env, {
    KAPADMIN_META_URL: running.url,
    KAPADMIN_META_USERNAME: 'admin',
    KAPADMIN_META_PASSWORD: 'changeit',
  });
  say(`A meta node with no one in it but its admin: kapadmin sandbox, at ${running.url}.`);
  say('The connection: KAPADMIN_META_URL, KAPADMIN_META_USERNAME, KAPADMIN_META_PASSWORD.');
  console.log();
  say('A user, and a role that should let it use Kapacitor.');
  step(['user', 'create', 'johndoe', '--password-stdin'], { input: password });
  step(['role', 'create', 'kapacitor']);
  step(['role', 'grant', 'kapacitor', 'KapacitorAPI']);
  step(['role', 'add-users', 'kapacitor', 'johndoe']);
  say(
    'The trap: Kapacitor reads only the user record, and this cluster does not copy the permissions of roles into it.',
  );
  step(login('/kapacitor/v1/tasks'), { input: password, expected: 1 });
  say('So the right goes to the user, as the answer says.');
  step(['user', 'grant', 'johndoe', 'KapacitorAPI']);
  step(['user', 'show', 'johndoe']);
  step(login('/kapacitor/v1/tasks'), { input: password });
  say('The configuration is a right of its own.');
  step(login('/kapacitor/v1/config'), { input: password, expected: 1 });
  step(['user', 'grant', 'johndoe', 'KapacitorConfigAPI']);
  step(login('/kapacitor/v1/config'), { input: password });
  say('Done. The sandbox is gone, and nothing is left behind.');
} catch (error) {
  failed = true;
  console.error(`The demo failed: ${error.message}`);
} finally {
  if (running !== undefined) {
    running.sandbox.removeAllListeners('exit');
    const ended = new Promise((resolve) => running.sandbox.on('exit', resolve));
    running.sandbox.kill('SIGTERM');
    await ended;
  }
  rmSync(home, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
