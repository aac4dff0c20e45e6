import { createPromptModule } from 'inquirer';
import { usageError } from '../errors.js';
import type { Context } from '../context.js';
import { Secret } from '../model/secret.js';
import { escapeControls } from '../model/text.js';
import { openKeyboard } from './keyboard.js';
import type { Prompter } from './prompter.js';
import { stopped } from './stopped.js';

const passwordFlags = '--password-stdin or --password-file';
const tries = 3;

type Question =
  | { type: 'input'; message: string }
  | { type: 'password'; message: string; toggleMask: false }
  | { type: 'checkbox'; message: string; choices: { name: string; value: string; description: string }[] };

/** Asks one question; the terminal is as it was afterwards, whatever happens. */
async function ask(context: Context, question: Question): Promise<unknown> {
  const keyboard = openKeyboard(context.io.stdin);
  const prompt = createPromptModule({
    input: keyboard.input,
    output: context.io.stderr,
    signal: AbortSignal.any([context.stop, keyboard.ended]),
  });
  try {
    const { answer } = await prompt<{ answer: unknown }>([{ ...question, name: 'answer' }]);
    return answer;
  } catch (error) {
    const account = `stopped at the question "${question.message}"`;
    if (context.stop.aborted) throw stopped(context.stop, account);
    const known = error instanceof Error && (error.name === 'ExitPromptError' || error.name === 'AbortPromptError');
    throw known ? stopped(keyboard.ended, account) : error;
  } finally {
    keyboard.release();
  }
}

/** Questions by inquirer on the terminal's stderr. */
export function makePrompter(context: Context): Prompter {
  const { io } = context;

  const askText = async (question: Question, instead: string | undefined): Promise<string> => {
    if (!io.stdinIsTerminal || !io.stderrIsTerminal) {
      const hint = instead === undefined ? 'Run it in a terminal.' : `Use ${instead} instead.`;
      throw usageError('no-terminal', `there is no terminal to ask: ${question.message}`, hint);
    }
    return (await ask(context, question)) as string;
  };
  const hidden = async (message: string, instead: string): Promise<Secret> =>
    new Secret(await askText({ type: 'password', message: escapeControls(message), toggleMask: false }, instead));

  return {
    text: (message, instead) => askText({ type: 'input', message: escapeControls(message) }, instead),
    password: (message, instead = passwordFlags) => hidden(message, instead),
    async newPassword(message, instead = passwordFlags) {
      for (let i = 0; i < tries; i++) {
        const first = await hidden(message, instead);
        const second = await hidden('The same again', instead);
        if (first.reveal() === second.reveal()) return first;
        io.err('The two passwords are not the same.\n');
      }
      throw usageError('passwords-differ', `the passwords differed ${tries} times`, `Or use ${instead}.`);
    },
    async typedName(message, name, instead = '--yes') {
      const typed = await askText({ type: 'input', message: escapeControls(message) }, instead);
      return typed === name || typed === escapeControls(name);
    },
    async choose(message, choices, instead) {
      const shown = choices.map(({ name, description }) => ({
        name: escapeControls(name),
        value: name,
        description: escapeControls(description),
      }));
      const question: Question = { type: 'checkbox', message: escapeControls(message), choices: shown };
      return (await askText(question, instead)) as unknown as string[];
    },
  };
}
