import type { PromptSpec } from '../cli/command.js';

type Holder = 'user' | 'role';

/** Whose permissions are asked for, and where they count. */
interface Held {
  readonly name: string;
  readonly db?: readonly string[];
  readonly force?: boolean;
}

/** The name of a user or role that is there. */
export function nameOf(what: Holder): PromptSpec<object, string> {
  return { argument: what, ask: async (_, factory) => (await import('./prompt-choices.js')).typedName(what, factory) };
}

/** As `nameOf`, for commands that take several. */
export function namesOf(what: Holder): PromptSpec<object, readonly string[]> {
  const one = nameOf(what);
  return { ...one, ask: async (options, factory) => [await one.ask(options, factory)] };
}

/** The name of a user or role to be made. */
export function newNameOf(what: Holder, argument: string = what): PromptSpec<object, string> {
  return { argument, ask: async (_, factory) => (await import('./prompt-choices.js')).typedNewName(what, factory) };
}

/** As `newNameOf`, for commands that take several. */
export function newNamesOf(what: Holder): PromptSpec<object, readonly string[]> {
  const one = newNameOf(what);
  return { ...one, ask: async (options, factory) => [await one.ask(options, factory)] };
}

/** Of the permissions that a user or role has not. */
export function permissionsToGrant(
  on: Holder,
): PromptSpec<Held & { readonly preset?: readonly string[] }, readonly string[]> {
  return {
    argument: 'permission',
    hint: 'Add permissions or --preset.',
    isNeeded: ({ preset }) => preset === undefined,
    ask: async (held, factory) => (await import('./prompt-choices.js')).chooseToGrant({ on, ...held }, factory),
  };
}

/** Of the permissions that a user or role has. */
export function permissionsToRevoke(on: Holder): PromptSpec<Held, readonly string[]> {
  return {
    argument: 'permission',
    ask: async (held, factory) => (await import('./prompt-choices.js')).chooseToRevoke({ on, ...held }, factory),
  };
}

/** Of the users that are not members of a role. */
export const usersToAdd: PromptSpec<{ readonly name: string }, readonly string[]> = {
  argument: 'user',
  ask: async ({ name }, factory) => (await import('./prompt-choices.js')).chooseToAdd(name, factory),
};

/** Of the members of a role. */
export const usersToRemove: PromptSpec<{ readonly name: string }, readonly string[]> = {
  argument: 'user',
  ask: async ({ name }, factory) => (await import('./prompt-choices.js')).chooseToRemove(name, factory),
};
