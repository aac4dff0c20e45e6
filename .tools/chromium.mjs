// Installs Debian's Chromium for the browser tests, where apt-get and root are there; says in a word what came of it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

export const chromium = '/usr/bin/chromium';

const longest = 180_000;

/** @returns {Promise<boolean>} whether it ended well in the time that is left */
function run(args, until) {
  return new Promise((resolve) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const options = { stdio: 'ignore', env, timeout: Math.max(1, until - Date.now()), killSignal: 'SIGKILL' };
    const child = spawn('apt-get', args, options);
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}

/** Resolves with a word on the browser: that it is there, was installed, or why not. */
export async function ensureChromium() {
  if (existsSync(chromium)) return 'Chromium is there';
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return 'no Chromium: it needs root and apt-get';
  const until = Date.now() + longest;
  await run(['update', '-qq'], until);
  await run(['install', '-qq', '-y', '--no-install-recommends', 'chromium'], until);
  return existsSync(chromium) ? 'Chromium was installed' : 'no Chromium: apt-get could not install it';
}

if (process.argv[1] === import.meta.filename) console.log(await ensureChromium());
