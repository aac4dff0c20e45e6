import { commandLine } from '../../../model/shell-command.js';
import { finding, type Place } from '../../../diagnostics/finding.js';
import type { ConfigFinding } from './check.js';

const othersRead = 0o004;

/** That a file which holds `what` can be read by everybody; nothing where its mode forbids it or is not known. */
export function exposed(
  file: string,
  mode: number | undefined,
  what: string,
  place: Place | undefined,
): readonly ConfigFinding[] {
  if (mode === undefined || (mode & othersRead) === 0) return [];
  const fact = `${file} holds ${what}, and its mode is ${mode.toString(8).padStart(4, '0')}.`;
  const mends = [{ what: 'To close it', command: commandLine('chmod o-rwx', [file]) }];
  return [{ finding: finding('file-exposed', fact, { place, mends }) }];
}
