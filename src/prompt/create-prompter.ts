import { usageError } from '../errors.js';
import type { Context } from '../context.js';
import { Secret } from '../model/secret.js';
import { escapeText } from '../model/text.js';
import { type PromptAnswer, isInteractive, type Prompter, type PromptQuestion } from './prompter.js';

const passwordFlags = '--password-stdin or --password-file';
const maxAttempts = 3;

/** Questions on the terminal's stderr; `beforeQuestion` may write to it. */
export function createPrompter(context: Context, isColoured: boolean, beforeQuestion = (): void => {}): Prompter {
  const { io } = context;

  const ask = async (question: PromptQuestion, alternatives?: string): Promise<PromptAnswer> => {
    if (!isInteractive(context)) {
      const hint =
        alternatives === undefined
          ? 'Run it in an interactive terminal; TERM=dumb is not one.'
          : `Use ${alternatives} instead.`;
      throw usageError('no-terminal', `cannot prompt without a terminal: ${question.message}`, hint);
    }
    beforeQuestion();
    return (await import('./inquirer-prompt.js')).inquirerPrompt(question, context, isColoured);
  };
  const line: Prompter['text'] = async (message, alternatives, fault) => {
    const question: PromptQuestion = { kind: 'line', message, ...(fault && { fault }) };
    return String(await ask(question, alternatives));
  };
  const readHidden = async (message: string, alternatives: string): Promise<Secret> =>
    new Secret(String(await ask({ kind: 'hidden', message }, alternatives)));

  return {
    text: line,
    password: (message, alternatives = passwordFlags) => readHidden(message, alternatives),
    async newPassword(message, alternatives = passwordFlags) {
      for (let i = 0; i < maxAttempts; i++) {
        const first = await readHidden(message, alternatives);
        const second = await readHidden('Confirm password', alternatives);
        if (first.reveal() === second.reveal()) return first;
        io.err('The passwords do not match. Try again.\n');
      }
      throw usageError(
        'passwords-differ',
        `the passwords did not match ${maxAttempts} times`,
        `Use ${alternatives} instead.`,
      );
    },
    async confirmByTyping(message, name) {
      const typed = await line(message, '--yes');
      return typed === name || typed === escapeText(name);
    },
    async choose(message, choices) {
      const answer = await ask({ kind: 'several', message, choices });
      return typeof answer === 'string' ? [answer] : answer;
    },
  };
}
