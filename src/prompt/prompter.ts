import { PassThrough, type Readable, Writable } from 'node:stream';
import type { Context } from '../context.js';
import { stopped, usageError } from '../errors.js';
import { Secret } from '../model/secret.js';
import { escapeText } from '../model/text.js';

/** A question; its message is raw, the labels of its choices are escaped, since their width counts. */
export type PromptQuestion =
  | { readonly kind: 'line'; readonly message: string; readonly fault?: (answer: string) => string | undefined }
  | { readonly kind: 'hidden'; readonly message: string }
  | { readonly kind: 'several'; readonly message: string; readonly choices: readonly PromptChoice[] };

/** Lines and hidden lines return a string, multiple choices their values. */
export type PromptAnswer = string | readonly string[];

/** One of several things to choose from. */
export interface PromptChoice {
  readonly value: string;
  /** One line, fit for a terminal. */
  readonly label: string;
  /** The whole explanation, where the label has not room for it; fit for a terminal. */
  readonly description?: string;
}

/**
 * Prompts on a terminal. Each rejects with an `interrupted` error on Ctrl-C and Ctrl-D, with the signal's own on a
 * signal, and without a terminal with a usage error that names the flag to use `instead`.
 */
export interface Prompter {
  /** Repeated, with the error, until the input is valid. */
  text(question: string, alternatives?: string, validate?: (answer: string) => string | undefined): Promise<string>;
  /** Prompted for twice, hidden. */
  newPassword(question: string, alternatives?: string): Promise<Secret>;
  /** Prompted for once, hidden. */
  password(question: string, alternatives?: string): Promise<Secret>;
  /** True only if exactly `name` was typed, or its escaped form if it has control characters. */
  confirmByTyping(question: string, name: string): Promise<boolean>;
  /** At least one of the values. */
  choose(question: string, choices: readonly PromptChoice[]): Promise<readonly string[]>;
}

const passwordFlags = '--password-stdin or --password-file';
const maxAttempts = 3;

/** The error of a command that was stopped at a question. */
const cancelledMessage = 'cancelled: no changes were made';

/** Questions on the terminal's stderr; `beforeQuestion` may write to it. */
export function createPrompter(context: Context, isColoured: boolean, beforeQuestion = (): void => {}): Prompter {
  const { io } = context;

  const ask = async (question: PromptQuestion, alternatives?: string): Promise<PromptAnswer> => {
    if (!io.isInteractive) {
      const hint =
        alternatives === undefined
          ? 'Run it in an interactive terminal; TERM=dumb is not one.'
          : `Use ${alternatives} instead.`;
      throw usageError('no-terminal', `cannot prompt without a terminal: ${question.message}`, hint);
    }
    beforeQuestion();
    return inquirerPrompt(question, context, isColoured);
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
async function inquirerPrompt(question: PromptQuestion, context: Context, isColoured: boolean): Promise<PromptAnswer> {
  const { createPromptModule } = await import('inquirer');
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

/** What is typed, for one question. */
interface KeyInput {
  readonly input: NodeJS.ReadableStream;
  /** Aborted by Ctrl-D, and when the terminal goes away (its reason is then `SIGHUP`). */
  readonly ended: AbortSignal;
  /** Leaves the terminal's input as it was. */
  release(): void;
}

/** A terminal that switches between lines and keys. */
type RawModeStream = Readable & { setRawMode?(raw: boolean): unknown };

/** Whether the mode could be set: a lost terminal has none, and readline would throw an uncaught error. */
function setMode(stdin: RawModeStream, raw: boolean): boolean {
  try {
    stdin.setRawMode?.(raw);
    return true;
  } catch {
    return false;
  }
}

/** A terminal may be lost when nothing reads it any more: that is not an error. */
function ignoreErrors(stdin: Readable): void {
  if (stdin.listenerCount('error') === 0) stdin.on('error', () => {});
}

/** Passes on the keys of a terminal, but none of its errors. */
function createKeyInput(stdin: RawModeStream): KeyInput {
  const ended = new AbortController();
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean) => setMode(stdin, raw),
  });
  const onLost = (): void => ended.abort('SIGHUP');
  const pass = (keys: Buffer): void => void input.write(keys);
  input.on('keypress', (_, key: { ctrl?: boolean; name?: string } | undefined) => {
    if (key?.ctrl === true && key.name === 'd') ended.abort('SIGINT');
  });
  ignoreErrors(stdin);
  stdin.on('data', pass).on('end', onLost).on('close', onLost).on('error', onLost).resume();
  return {
    input,
    ended: ended.signal,
    release: () => {
      stdin.off('data', pass).off('end', onLost).off('close', onLost).off('error', onLost);
      stdin.pause();
      setMode(stdin, false);
    },
  };
}
