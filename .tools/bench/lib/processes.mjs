import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Milliseconds that a Node process lives, its output read by us; throws unless it ends with `code`. */
function lifetime({ args, env, cwd, code = 0 }) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd,
      env: { PATH: process.env.PATH, ...env },
    });
    let said = '';
    child.stdout.resume();
    child.stderr.on('data', (chunk) => (said += chunk));
    child.on('error', reject);
    child.on('close', (ended) => {
      if (ended === code) resolve(performance.now() - start);
      else reject(new Error(`node ${args.join(' ')} ended with ${ended}: ${said}`));
    });
  });
}

/** As `lifetime`; the home of a `cold` command is a new one, where nothing was kept of it. */
async function lifetimeAt(command) {
  if (command.cold !== true) return lifetime(command);
  const home = mkdtempSync(path.join(tmpdir(), 'kapadmin-bench-'));
  try {
    return await lifetime({ ...command, env: { ...command.env, HOME: home } });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/**
 * Medians of the lifetimes of some processes, started in turns, so that load falls on all of them.
 * @param {{args: string[], env?: Record<string, string>, cwd?: string, code?: number, cold?: boolean}[]} commands
 */
export async function lifetimes(commands, rounds = 21) {
  const times = commands.map(() => []);
  for (let warming = 0; warming < 2; warming++) for (const command of commands) await lifetimeAt(command);
  for (let round = 0; round < rounds; round++) {
    for (const [i, command] of commands.entries()) times[i].push(await lifetimeAt(command));
  }
  return times.map(median);
}
