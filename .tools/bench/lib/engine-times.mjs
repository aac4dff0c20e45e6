import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { withBundle } from './bundle.mjs';
import { median } from './processes.mjs';

const rounds = 7;
const script = path.join(import.meta.dirname, 'pure-engine.mjs');
const entries = {
  privileges: 'kapacitor/privileges.ts',
  decide: 'kapacitor/decide.ts',
  endpoints: 'model/endpoints.ts',
  permission: 'model/permission.ts',
  parse: 'scenario/parse.ts',
  play: 'scenario/play.ts',
  tools: 'scenario/tools.ts',
};
let measured;

async function measure() {
  return withBundle(entries, async (bundle) => {
    const modules = Object.keys(entries).map((name) => `${name}=${bundle(name)}`);
    const runs = [];
    for (let round = 0; round < rounds; round++) {
      const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script, ...modules]);
      runs.push(JSON.parse(stdout));
    }
    const [decisions, scenario] = ['decisions', 'scenario'].map((key) => median(runs.map((run) => run[key])));
    return { decisions, scenario };
  });
}

/**
 * Medians of new processes: decisions in a second of a processor, each with its rule, compiling included, and seconds of
 * a processor for a scenario of 10,000 steps besides its bcrypt comparisons.
 */
export function engineTimes() {
  return (measured ??= measure());
}
