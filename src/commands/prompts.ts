import type { Ask } from '../cli/command.js';

type Holder = 'user' | 'role';

/** Whose permissions are asked for, and where they count. */
interface Held {
  readonly name: string;
  readonly db?: readonly string[];
  readonly force?: boolean;
}

/** The name of a user or role that is there. */
export function nameOf(what: Holder): Ask<object, string> {
  return { argument: what, answer: async (_, deps) => (await import('./prompt-choices.js')).typedName(what, deps) };
}

/** As `nameOf`, for verbs that take several. */
export function namesOf(what: Holder): Ask<object, readonly string[]> {
  const one = nameOf(what);
  return { ...one, answer: async (options, deps) => [await one.answer(options, deps)] };
}

/** The name of a user or role to be made. */
export function newNameOf(what: Holder, argument: string = what): Ask<object, string> {
  return { argument, answer: async (_, deps) => (await import('./prompt-choices.js')).typedNewName(what, deps) };
}

/** As `newNameOf`, for verbs that take several. */
export function newNamesOf(what: Holder): Ask<object, readonly string[]> {
  const one = newNameOf(what);
  return { ...one, answer: async (options, deps) => [await one.answer(options, deps)] };
}

/** Of the permissions that a user or role has not. */
export function permissionsToGrant(on: Holder): Ask<Held & { readonly preset?: readonly string[] }, readonly string[]> {
  return {
    argument: 'permission',
    hint: 'Add permissions or --preset.',
    isNeeded: ({ preset }) => preset === undefined,
    answer: async (held, deps) => (await import('./prompt-choices.js')).chooseToGrant({ on, ...held }, deps),
  };
}

/** Of the permissions that a user or role has. */
export function permissionsToRevoke(on: Holder): Ask<Held, readonly string[]> {
  return {
    argument: 'permission',
    answer: async (held, deps) => (await import('./prompt-choices.js')).chooseToRevoke({ on, ...held }, deps),
  };
}

/** Of the users that are not members of a role. */
export const usersToAdd: Ask<{ readonly name: string }, readonly string[]> = {
  argument: 'user',
  answer: async ({ name }, deps) => (await import('./prompt-choices.js')).chooseToAdd(name, deps),
};

/** Of the members of a role. */
export const usersToRemove: Ask<{ readonly name: string }, readonly string[]> = {
  argument: 'user',
  answer: async ({ name }, deps) => (await import('./prompt-choices.js')).chooseToRemove(name, deps),
};
