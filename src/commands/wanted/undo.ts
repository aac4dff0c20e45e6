import type { Change } from '../../mutations/change.js';
import type { Deps } from '../../deps.js';
import { usageError } from '../../errors.js';
import { showFile } from '../../model/name.js';
import { undoState, writeYaml } from '../../desired-state/export.js';
import type { Actual } from '../../desired-state/desired-state.js';

/** Throws a usage error where the file is there: it may hold the state before an earlier run. */
export async function checkUndo(file: string, deps: Deps): Promise<void> {
  if ((await deps.context.files.readIfThere(file)) === undefined) return;
  const message = `${showFile(file)} is there already: it may hold the state before an earlier run`;
  throw usageError('undo-exists', message, 'Name another file, or move it away. Nothing was changed.');
}

/** Writes the found state of all that changes touch, as a file that can be applied. */
export async function writeUndo(file: string, changes: readonly Change[], actual: Actual, deps: Deps): Promise<void> {
  const probed = (await deps.settings()).rolesInUserRecords;
  await deps.context.files.writeWhole(file, writeYaml(undoState(changes, actual, probed)), 0o600);
  const passwords = changes.filter(({ action }) => action === 'change-password').length;
  if (passwords > 0) deps.notes.warn(`${passwords} passwords that are set cannot be taken back by ${showFile(file)}`);
}
