// Records the demo's output into README.md, between its markers; `--check` only compares.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const readme = path.join(root, 'README.md');
const recorded = /(<!-- the demo's output, recorded by `node \.tools\/readme\.mjs` -->\n\n```console\n)[\s\S]*?(```\n)/;

/** Ports and times differ from run to run. */
export function masked(output) {
  return output
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:8091')
    .replace(/ in \d+ ms/g, ' in 4 ms')
    .trimEnd()
    .concat('\n');
}

/** README.md with this output of the demo in it. */
export function withOutput(text, output) {
  if (!recorded.test(text)) throw new Error('README.md has no place for the output of the demo');
  return text.replace(recorded, (_, before, after) => before + masked(output) + after);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const output = execFileSync(process.execPath, [path.join(root, '.tools/demo.mjs')], { encoding: 'utf8' });
  const before = readFileSync(readme, 'utf8');
  const after = withOutput(before, output);
  if (!process.argv.includes('--check')) writeFileSync(readme, after);
  else if (after !== before)
    throw new Error('README.md does not show what the demo prints: run node .tools/readme.mjs');
}
