// Installs the programs of Debian that some tests start, where apt-get and root are there; says in a word what came of it.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';

/** Program -> its package. */
const packages = new Map([
  ['chromium', 'chromium'],
  ['tmux', 'tmux'],
  ['zsh', 'zsh'],
  ['fish', 'fish'],
  ['jq', 'jq'],
  ['man', 'man-db'],
  ['mandoc', 'mandoc'],
]);

const longest = 240_000;

function isThere(program) {
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function missing() {
  return [...packages.keys()].filter((program) => !isThere(program));
}

/** @returns {Promise<boolean>} whether it ended well in the time that is left */
function aptGet(args, until) {
  return new Promise((resolve) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const options = { stdio: 'ignore', env, timeout: Math.max(1, until - Date.now()), killSignal: 'SIGKILL' };
    const child = spawn('apt-get', args, options);
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}

/**
 * Installs what is missing.
 * @returns {Promise<{ text: string, areAvailable: boolean }>} a word on the programs, and whether this system can have
 * them all: not without apt-get, nor where its archive cannot be reached
 */
export async function ensurePrograms() {
  const before = missing();
  let areAvailable = existsSync('/usr/bin/apt-get');
  if (before.length > 0 && process.getuid?.() === 0 && areAvailable) {
    const until = Date.now() + longest;
    areAvailable = await aptGet(['update', '-qq', '-o', 'APT::Update::Error-Mode=any'], until);
    const install = (programs) => {
      const names = programs.map((program) => packages.get(program));
      return aptGet(['install', '-qq', '-y', '--no-install-recommends', ...names], until);
    };
    // One that the archive lacks keeps all others from being installed with it.
    if (!(await install(before))) for (const program of missing()) await install([program]);
  }
  const after = missing();
  const installed = before.filter((program) => !after.includes(program));
  const text = [
    `programs for tests: ${[...packages.keys()].filter((program) => !after.includes(program)).join(', ')}`,
    ...(installed.length > 0 ? [`installed now: ${installed.join(', ')}`] : []),
    ...(after.length > 0 ? [`missing, to be had by root with apt-get: ${after.join(', ')}`] : []),
  ].join('; ');
  return { text, areAvailable };
}

if (process.argv[1] === import.meta.filename) console.log((await ensurePrograms()).text);
