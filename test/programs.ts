import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { tell } from './tell.js';

function isThere(program: string): boolean {
  return (process.env['PATH'] ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Whether all these programs are on the path; where not, the test run says that `what` was passed over. */
export function hasPrograms(what: string, programs: readonly string[]): boolean {
  const missing = programs.filter((program) => !isThere(program));
  if (missing.length > 0) {
    tell(`${what}: PASSED OVER, there is no ${missing.join(', no ')} (see .tools/test-programs.mjs)`);
  }
  return missing.length === 0;
}
