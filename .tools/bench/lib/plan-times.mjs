import path from 'node:path';
import { withBundle } from './bundle.mjs';
import { median } from './processes.mjs';
import { runProgram } from './run-program.mjs';

const rounds = 9;
const script = path.join(import.meta.dirname, 'pure-plan.mjs');

/**
 * Medians of the pure plan for some sizes, each time in a new process, in turns.
 * @param {(readonly [users: number, roles: number])[]} sizes
 * @returns {Promise<{seconds: number, megabytes: number}[]>}
 */
export function pureTimes(sizes) {
  return withBundle({ plan: 'state/plan/plan.ts' }, async (file) => {
    const results = sizes.map(() => ({ seconds: [], megabytes: [] }));
    for (let round = 0; round < rounds; round++) {
      for (const [i, [users, roles]] of sizes.entries()) {
        const words = [file('plan'), String(users), String(roles)];
        const { stdout, megabytes } = await runProgram(words, { script });
        results[i].seconds.push(JSON.parse(stdout).milliseconds / 1000);
        results[i].megabytes.push(megabytes);
      }
    }
    return results.map(({ seconds, megabytes }) => ({ seconds: median(seconds), megabytes: median(megabytes) }));
  });
}
