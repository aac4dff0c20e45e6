import { usageError } from '../errors.js';
import type { Context } from '../context.js';
import { Secret } from '../model/secret.js';
import { escapeText } from '../model/text.js';
import { type Answer, canAsk, type Prompter, type Question } from './prompter.js';

const passwordFlags = '--password-stdin or --password-file';
const tries = 3;

/** Questions on the terminal's stderr; `beforeQuestion` may write to it. */
export function makePrompter(context: Context, isColoured: boolean, beforeQuestion = (): void => {}): Prompter {
  const { io } = context;

  const ask = async (question: Question, instead?: string): Promise<Answer> => {
    if (!canAsk(context)) {
      const hint =
        instead === undefined ? 'Run it in an interactive terminal; TERM=dumb is not one.' : `Use ${instead} instead.`;
      throw usageError('no-terminal', `cannot prompt without a terminal: ${question.message}`, hint);
    }
    beforeQuestion();
    return (await import('./inquirer-prompt.js')).inquire(question, context, isColoured);
  };
  const line: Prompter['text'] = async (message, instead, fault) => {
    const question: Question = { kind: 'line', message, ...(fault && { fault }) };
    return String(await ask(question, instead));
  };
  const hidden = async (message: string, instead: string): Promise<Secret> =>
    new Secret(String(await ask({ kind: 'hidden', message }, instead)));

  return {
    text: line,
    password: (message, instead = passwordFlags) => hidden(message, instead),
    async newPassword(message, instead = passwordFlags) {
      for (let i = 0; i < tries; i++) {
        const first = await hidden(message, instead);
        const second = await hidden('Confirm password', instead);
        if (first.reveal() === second.reveal()) return first;
        io.err('The passwords do not match. Try again.\n');
      }
      throw usageError('passwords-differ', `the passwords did not match ${tries} times`, `Use ${instead} instead.`);
    },
    async typedName(message, name) {
      const typed = await line(message, '--yes');
      return typed === name || typed === escapeText(name);
    },
    async choose(message, choices) {
      const answer = await ask({ kind: 'several', message, choices });
      return typeof answer === 'string' ? [answer] : answer;
    },
  };
}
