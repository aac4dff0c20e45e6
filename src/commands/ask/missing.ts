import type { Deps } from '../../deps.js';
import { usageError } from '../../errors.js';
import { canAsk } from '../../settings/prompter.js';
import type { Asks } from '../asks.js';

export interface Incomplete<O> {
  readonly options: O;
  /** What is missing of `asks`. */
  readonly missing: readonly (keyof O)[];
  readonly asks: Asks<O>;
  /** How the command is typed. */
  readonly usage: string;
}

function missingArguments(asked: readonly { readonly argument: string; readonly hint?: string }[], usage: string) {
  const names = asked.map(({ argument }) => `'${argument}'`).join(' and ');
  const hint = asked.map((ask) => ask.hint).find((text) => text !== undefined) ?? `Usage: ${usage}`;
  return usageError('usage', `missing required argument${asked.length > 1 ? 's' : ''} ${names}`, hint);
}

/**
 * The options with what a person at the terminal gives for those that are missing. Throws a usage error that names them
 * all where there is no terminal; nothing is sent then.
 */
export async function askForMissing<O extends object>(incomplete: Incomplete<O>, deps: Deps): Promise<O> {
  const { missing, asks, usage } = incomplete;
  if (!canAsk(deps.context)) {
    throw missingArguments(
      missing.flatMap((key) => asks[key] ?? []),
      usage,
    );
  }
  const options = { ...incomplete.options };
  for (const key of missing) {
    const ask = asks[key];
    if (ask !== undefined) options[key] = await ask.answer(options, deps);
  }
  return options;
}
