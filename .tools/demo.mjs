// `npm run demo`: a sandbox, a user whose role should let it use Kapacitor, and its login. Leaves nothing behind.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox } from './docs/start-sandbox.mjs';

const program = path.join(import.meta.dirname, '../bin/kapadmin.js');
const home = mkdtempSync(path.join(tmpdir(), 'kapadmin-demo-'));
const { PATH, TERM, FORCE_COLOR, NO_COLOR } = process.env;
const env = {
  PATH,
  HOME: home,
  ...(TERM && { TERM }),
  ...(FORCE_COLOR && { FORCE_COLOR }),
  ...(NO_COLOR && { NO_COLOR }),
};

/** Bold (1) or dim (2) where there are colors. */
function styled(text, style) {
  return process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[${style}m${text}\u001b[22m` : text;
}

/** Shows a command as a user types it, runs it, and checks how it ends. */
function step(typed, expected = 0) {
  console.log(styled(`$ kapadmin ${typed}`, 1));
  const options = { env, cwd: home, stdio: ['ignore', 'inherit', 'inherit'] };
  const { status } = spawnSync(process.execPath, [program, ...typed.split(' ')], options);
  if (status !== expected) throw new Error(`ended with ${status}, expected ${expected}`);
  console.log();
}

const login = 'auth test --user johndoe --password-file pw --url http://localhost:9092/kapacitor/v1/tasks';

let running;
let failed = false;
try {
  running = await startSandbox(env);
  Object.assign(env, {
    KAPADMIN_META_URL: running.url,
    KAPADMIN_META_USERNAME: 'admin',
    KAPADMIN_META_PASSWORD: 'changeit',
  });
  writeFileSync(path.join(home, 'pw'), 'Pa5sw0Rd', { mode: 0o600 });
  console.log(styled('# A user, and a role that should let it use Kapacitor.', 2));
  step('user create johndoe --password-file pw');
  step('role create kapacitor --grant KapacitorAPI --user johndoe');
  console.log(styled('# Does the login work?', 2));
  step(login, 1);
  step('user grant johndoe KapacitorAPI');
  step(login);
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
