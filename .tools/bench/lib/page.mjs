import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../fresh.mjs';

const page = path.join(root, 'docs/maintainers/performance.md');

/** Puts a run where docs/maintainers/performance.md has that of this line of Node; a line without a place there is not written. */
export function writeToPage(line, text) {
  const before = readFileSync(page, 'utf8');
  const place = new RegExp(`(<!-- bench of Node ${line} -->\n)[^]*?(<!-- end of Node ${line} -->)`);
  writeFileSync(
    page,
    before.replace(place, (_, begin, end) => `${begin}\n${text}\n\n${end}`),
  );
}
