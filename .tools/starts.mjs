import { appendFileSync } from 'node:fs';

/** Counts starts of the program for `npm test`, which names the file. */
export function countStarts(count = 1) {
  const file = process.env.KAPADMIN_TEST_STARTS;
  if (file !== undefined) appendFileSync(file, '.'.repeat(count));
}

/**
 * How often a demo with this output has started the program.
 * @param {string} output
 * @returns {number}
 */
export function startsOfDemo(output) {
  const sandbox = 1;
  return sandbox + (output.match(/^\$ /gm) ?? []).length;
}
