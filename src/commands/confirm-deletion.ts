import type { Factory } from '../cli/factory.js';
import { showNames, showName } from '../model/text.js';
import { usageError } from '../errors.js';

/** Throws a usage error if deleting needs `--yes` because there is no terminal. Call it before anything is sent. */
export function checkCanConfirm(what: string, names: readonly string[], yes: boolean, factory: Factory): void {
  if (yes || factory.flags.dryRun === true || factory.context.io.isInteractive) return;
  const targets = `${names.length === 1 ? what : `${what}s`} ${showNames(names, 3)}`;
  const message = `deleting ${targets} requires --yes without a terminal`;
  throw usageError('not-confirmed', message, 'No changes were made.');
}

/** Asks for each name to be typed. Throws a usage error when another is. */
export async function confirmDeletion(
  what: string,
  names: readonly string[],
  yes: boolean,
  factory: Factory,
): Promise<void> {
  if (yes || factory.flags.dryRun === true) return;
  const prompter = await factory.prompter();
  for (const name of names) {
    if (await prompter.confirmByTyping(`Type the name ${showName(name)} to confirm deleting this ${what}`, name))
      continue;
    throw usageError('not-confirmed', 'not confirmed: nothing was deleted');
  }
}
