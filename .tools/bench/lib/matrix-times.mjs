import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { withBundle } from './bundle.mjs';
import { median } from './processes.mjs';

const rounds = 7;
const script = path.join(import.meta.dirname, 'pure-matrix.mjs');
let measured;

async function measure() {
  const entries = { build: 'report/matrix/build.ts', page: 'output/html/matrix.ts' };
  return withBundle(entries, async (bundle) => {
    const runs = [];
    for (let round = 0; round < rounds; round++) {
      const { stdout } = await promisify(execFile)(process.execPath, [
        '--expose-gc',
        script,
        bundle('build'),
        bundle('page'),
      ]);
      runs.push(JSON.parse(stdout));
    }
    const [compute, html, bytes] = ['compute', 'html', 'bytes'].map((key) => median(runs.map((run) => run[key])));
    return { compute, html, bytes };
  });
}

/** Medians of new processes: seconds of processor time to compute the matrix and to write its HTML, and the bytes of that. */
export function matrixTimes() {
  return (measured ??= measure());
}
