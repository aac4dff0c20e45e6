import { Writable } from 'node:stream';
import { createPromptModule } from 'inquirer';
import type { Context } from '../context.js';
import { escapeText } from '../model/text.js';
import { createKeyInput } from './key-input.js';
import { type PromptAnswer, cancelledMessage, type PromptQuestion } from './prompter.js';
import { stopped } from '../errors.js';

/** A terminal as packages see it; its size is that of the moment. */
export interface Screen extends Writable {
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  readonly rows: number | undefined;
}

const colors = /\u001b\[[\d;]*m/g;

/** A terminal that is written to without colors: packages that color on their own do not know of `--no-color`. */
function stripColors(terminal: Screen): Screen {
  const screen = new Writable({
    decodeStrings: false,
    write: (text: string | Buffer, _, done) => void terminal.write(text.toString().replace(colors, ''), () => done()),
  });
  return Object.defineProperties(screen, {
    isTTY: { value: true },
    columns: { get: () => terminal.columns },
    rows: { get: () => terminal.rows },
  }) as Screen;
}

/** Lines of a list that show at once, and what of the screen they leave for the question. */
const maxLines = 12;
const minLines = 3;
const otherLines = 6;
const defaultRows = 24;

function validate(fault: string | undefined): string | true {
  return fault === undefined ? true : escapeText(fault);
}

/** The question in the form of inquirer. */
function inquirerQuestion(question: PromptQuestion, rows: number) {
  const message = escapeText(question.message);
  switch (question.kind) {
    case 'line':
      return { type: 'input', message, validate: (answer: string) => validate(question.fault?.(answer)) } as const;
    case 'hidden':
      return { type: 'password', message, toggleMask: false } as const;
    case 'several':
      return {
        type: 'checkbox',
        message,
        required: true,
        pageSize: Math.min(maxLines, Math.max(minLines, rows - otherLines)),
        choices: question.choices.map(({ value, label, description }) => {
          return {
            value,
            name: label,
            short: escapeText(value),
            ...(description === undefined ? {} : { description }),
          };
        }),
      } as const;
  }
}

/** Asks one question by inquirer; the terminal is as it was afterwards, whatever happens. */
export async function inquirerPrompt(
  question: PromptQuestion,
  context: Context,
  isColoured: boolean,
): Promise<PromptAnswer> {
  const keyboard = createKeyInput(context.io.stdin);
  const terminal = context.io.stderr as Screen;
  const screen = isColoured ? terminal : stripColors(terminal);
  const prompt = createPromptModule({
    input: keyboard.input,
    output: screen,
    signal: AbortSignal.any([context.stop, keyboard.ended]),
  });
  try {
    const { answer } = await prompt<{ answer: PromptAnswer }>([
      { ...inquirerQuestion(question, screen.rows ?? defaultRows), name: 'answer' },
    ]);
    return answer;
  } catch (error) {
    if (context.stop.aborted) throw stopped(context.stop, cancelledMessage);
    const known = error instanceof Error && (error.name === 'ExitPromptError' || error.name === 'AbortPromptError');
    throw known ? stopped(keyboard.ended, cancelledMessage) : error;
  } finally {
    keyboard.release();
  }
}
