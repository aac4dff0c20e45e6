import type { Deps } from '../../cli/factory.js';
import { KapadminError } from '../../errors.js';
import { checkNewName } from '../../model/text.js';

type Holder = 'user' | 'role';

const none = 'A name is needed.';

function faultOfNewName(what: Holder, name: string): string | undefined {
  try {
    checkNewName(what, name);
    return undefined;
  } catch (error) {
    if (error instanceof KapadminError) return error.message;
    throw error;
  }
}

/** The name of a user or role that is there; one that is not is told by the verb. */
export async function typedName(what: Holder, deps: Deps): Promise<string> {
  const prompter = await deps.prompter();
  return prompter.text(`Name of the ${what}`, undefined, (name) => (name === '' ? none : undefined));
}

/** A name that is fit for a new user or role. */
export async function typedNewName(what: Holder, deps: Deps): Promise<string> {
  const prompter = await deps.prompter();
  return prompter.text(`Name of the new ${what}`, undefined, (name) => faultOfNewName(what, name));
}
