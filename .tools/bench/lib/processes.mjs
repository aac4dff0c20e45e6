import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawn as spawnInTerminal } from '@lydell/node-pty';

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

/** As `lifetime`, in a terminal of its own. */
function lifetimeInTerminal({ args, env, cwd, code = 0 }) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const size = { cols: 100, rows: 30 };
    const shown = { PATH: process.env.PATH, TERM: 'xterm', ...env };
    const terminal = spawnInTerminal(process.execPath, args, { ...size, cwd, env: shown });
    terminal.onExit(({ exitCode }) => {
      if (exitCode === code) resolve(performance.now() - start);
      else reject(new Error(`node ${args.join(' ')} ended with ${exitCode}`));
    });
  });
}

/** As `lifetime`; the home of a `cold` command is a new one, where nothing was kept of it. */
async function lifetimeAt(command) {
  if (command.terminal === true) return lifetimeInTerminal(command);
  if (command.cold !== true) return lifetime(command);
  const home = mkdtempSync(path.join(tmpdir(), 'kapadmin-bench-'));
  try {
    return await lifetime({ ...command, env: { ...command.env, HOME: home } });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** The numbers below `count` in any order. */
function shuffled(count) {
  return Array.from({ length: count }, (_, i) => ({ i, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ i }) => i);
}

/**
 * Medians of the lifetimes of some processes, started in turns, each round in another order, so that the load of the
 * machine falls on all of them.
 * @param {{args: string[], env?: Record<string, string>, cwd?: string, code?: number, cold?: boolean,
 *   terminal?: boolean}[]} commands
 */
export async function lifetimes(commands, rounds = 21) {
  const times = commands.map(() => []);
  for (let warming = 0; warming < 2; warming++) for (const command of commands) await lifetimeAt(command);
  for (let round = 0; round < rounds; round++) {
    for (const i of shuffled(commands.length)) times[i].push(await lifetimeAt(commands[i]));
  }
  return times.map(median);
}
