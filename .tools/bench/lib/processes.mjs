import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from '../../fresh.mjs';

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Milliseconds that a Node process lives; throws unless it ends with `code`. */
function lifetime({ args, env, code = 0 }) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, args, { stdio: 'ignore', env: { PATH: process.env.PATH, ...env } });
    child.on('error', reject);
    child.on('close', (ended) => {
      if (ended === code) resolve(performance.now() - start);
      else reject(new Error(`node ${args.join(' ')} ended with ${ended}`));
    });
  });
}

/**
 * Medians of the lifetimes of some processes, started in turns, so that load falls on all of them.
 * @param {{args: string[], env?: Record<string, string>, code?: number}[]} commands
 */
export async function lifetimes(commands, rounds = 21) {
  const times = commands.map(() => []);
  for (const command of commands) await lifetime(command);
  for (let round = 0; round < rounds; round++) {
    for (const [i, command] of commands.entries()) times[i].push(await lifetime(command));
  }
  return times.map(median);
}

/** The program with some words against `node -e 0`. */
export async function againstBareNode(words) {
  const [base, ours] = await lifetimes([
    { args: ['-e', '0'] },
    { args: [path.join(root, 'bin/kapadmin.js'), ...words], env: { HOME: '/nonexistent' } },
  ]);
  return { ours, base, unit: 'ms', against: '`node -e 0`' };
}
