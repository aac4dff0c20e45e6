import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { tell } from './tell.js';

function isThere(program: string): boolean {
  return (process.env['PATH'] ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.resolve(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** In CI a skipped test fails, unless `npm test` found that this system cannot have the program (.tools/test.mjs). */
const failsSkipped =
  !['', 'false'].includes(process.env['CI'] ?? '') && process.env['KAPADMIN_TEST_SKIPS'] !== 'allowed';

/**
 * Whether all these programs, by name or path, are there; where not, the test run says that `what` was skipped.
 * Throws in CI, which provides them.
 */
export function hasPrograms(what: string, programs: readonly string[]): boolean {
  const missing = programs.filter((program) => !isThere(program));
  if (missing.length === 0) return true;
  const note = `${what}: SKIPPED, there is no ${missing.join(', no ')} (see .tools/test-programs.mjs)`;
  if (failsSkipped) throw new Error(note);
  tell(note);
  return false;
}
