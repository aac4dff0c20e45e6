import { type Change, toDo } from '../../mutations/change.js';
import type { Deps } from '../../deps.js';
import { usageError } from '../../errors.js';
import { canAsk } from '../../settings/prompter.js';

const mostListed = 200;
const word = 'remove';

export function isRemoval({ action }: Change): boolean {
  return action === 'delete' || action === 'remove-permissions' || action === 'remove-users';
}

/**
 * Lists what is to be taken away and asks for a word to be typed. Throws a usage error where there is no terminal to
 * ask and no `--yes`, and for another word; nothing was sent then.
 */
export async function confirmRemovals(
  changes: readonly Change[],
  yes: boolean,
  own: string | undefined,
  deps: Deps,
): Promise<void> {
  const isOwnPassword = ({ action, name }: Change): boolean => action === 'change-password' && name === own;
  const removals = changes.filter((change) => isRemoval(change) || isOwnPassword(change));
  if (removals.length === 0 || yes) return;
  const count = removals.length === 1 ? 'one removal' : `${removals.length} removals`;
  if (!canAsk(deps.context)) {
    throw usageError('not-confirmed', `no terminal to confirm ${count}: --yes is needed`, 'Nothing was sent.');
  }
  const lines = removals.slice(0, mostListed).map((change) => `  - ${toDo(change)}`);
  if (removals.length > mostListed) lines.push(`  and ${removals.length - mostListed} more`);
  for (const line of lines) deps.notes.show(line);
  const prompter = await deps.prompter();
  if (await prompter.typedName(`Type the word ${word} for ${count}`, word)) return;
  throw usageError('not-confirmed', `that is not the word: nothing was sent`);
}
