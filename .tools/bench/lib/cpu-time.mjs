import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { median } from './median.mjs';

/** bash's `time` tells milliseconds of the processor that a command and its threads have used. */
const script = 'TIMEFORMAT="%3U %3S"; { time "$0" "$@" </dev/null >/dev/null 2>/dev/null; } 2>&1; echo $?';

async function cpuTime({ file, args }, { cwd, env }) {
  const around = { cwd, env: { PATH: process.env.PATH, ...env } };
  const { stdout } = await promisify(execFile)('bash', ['-c', script, file, ...args], around);
  const [user, system, code] = stdout.trim().split(/\s+/).map(Number);
  // A check that finds something ends with 1.
  if (code > 1) throw new Error(`${file} ${args.join(' ')} ended with ${code}`);
  return 1000 * (user + system);
}

/**
 * Medians of the processor time of some commands, in milliseconds. They are run in turns, so that the load of the
 * machine falls on all of them.
 * @param {Record<string, { file: string, args: string[] }>} commands
 * @returns {Promise<Map<string, number>>}
 */
export async function cpuTimes(commands, { rounds, ...around }) {
  const times = new Map(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, command] of Object.entries(commands)) times.get(name).push(await cpuTime(command, around));
  }
  return new Map([...times].map(([name, values]) => [name, median(values)]));
}
