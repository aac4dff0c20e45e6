import type { PromptSpec } from '../cli/command.js';
import type { Factory } from '../cli/factory.js';
import { showName, showNames } from '../model/text.js';
import { usageError } from '../errors.js';

type UserOrRole = 'user' | 'role';

/** Whose permissions to prompt for, and their scope. */
interface GrantTargetOptions {
  readonly name: string;
  readonly db?: readonly string[];
  readonly force?: boolean;
}

/** The name of a user or role that is there. */
export function namePrompt(what: UserOrRole): PromptSpec<object, string> {
  return {
    argument: what,
    ask: async (_, factory) => (await import('./prompt-choices.js')).promptForName(what, factory),
  };
}

/** As `namePrompt`, for commands that take several. */
export function namesPrompt(what: UserOrRole): PromptSpec<object, readonly string[]> {
  const one = namePrompt(what);
  return { ...one, ask: async (options, factory) => [await one.ask(options, factory)] };
}

/** The name of a user or role to be made. */
export function newNamePrompt(what: UserOrRole, argument: string = what): PromptSpec<object, string> {
  return { argument, ask: async (_, factory) => (await import('./prompt-choices.js')).promptForNewName(what, factory) };
}

/** As `newNamePrompt`, for commands that take several. */
export function newNamesPrompt(what: UserOrRole): PromptSpec<object, readonly string[]> {
  const one = newNamePrompt(what);
  return { ...one, ask: async (options, factory) => [await one.ask(options, factory)] };
}

/** Of the permissions that a user or role has not. */
export function permissionsToGrantPrompt(
  on: UserOrRole,
): PromptSpec<GrantTargetOptions & { readonly preset?: readonly string[] }, readonly string[]> {
  return {
    argument: 'permission',
    hint: 'Add permissions or --preset.',
    isNeeded: ({ preset }) => preset === undefined,
    ask: async (target, factory) =>
      (await import('./prompt-choices.js')).choosePermissionsToGrant({ on, ...target }, factory),
  };
}

/** Of the permissions that a user or role has. */
export function permissionsToRevokePrompt(on: UserOrRole): PromptSpec<GrantTargetOptions, readonly string[]> {
  return {
    argument: 'permission',
    ask: async (target, factory) =>
      (await import('./prompt-choices.js')).choosePermissionsToRevoke({ on, ...target }, factory),
  };
}

/** Of the users that are not members of a role. */
export const usersToAddPrompt: PromptSpec<{ readonly name: string }, readonly string[]> = {
  argument: 'user',
  ask: async ({ name }, factory) => (await import('./prompt-choices.js')).chooseUsersToAdd(name, factory),
};

/** Of the members of a role. */
export const usersToRemovePrompt: PromptSpec<{ readonly name: string }, readonly string[]> = {
  argument: 'user',
  ask: async ({ name }, factory) => (await import('./prompt-choices.js')).chooseUsersToRemove(name, factory),
};

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
