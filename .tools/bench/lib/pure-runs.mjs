import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { withBundle } from './bundle.mjs';
import { median } from './median.mjs';

const rounds = 7;

/**
 * Runs a script of this folder in new processes; it gets the modules as `name=file` and prints figures as JSON.
 * @param {Record<string, string>} modules name -> file below src/
 * @returns {Promise<Record<string, number>>} the medians
 */
export function pureRuns(script, modules) {
  return withBundle(modules, async (bundle) => {
    const words = Object.keys(modules).map((name) => `${name}=${bundle(name)}`);
    const runs = [];
    for (let round = 0; round < rounds; round++) {
      const args = ['--expose-gc', path.join(import.meta.dirname, script), ...words];
      runs.push(JSON.parse((await promisify(execFile)(process.execPath, args)).stdout));
    }
    return Object.fromEntries(Object.keys(runs[0]).map((key) => [key, median(runs.map((run) => run[key]))]));
  });
}
