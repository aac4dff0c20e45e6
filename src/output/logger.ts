import { escapeText } from '../model/text.js';
import type { ShellCommand } from '../model/shell-command.js';
import { printLine, type Style, styled, type Text } from './style.js';

const maxLineLength = 2_000;

/**
 * A text that takes at most 2,000 characters when it is printed, with `…` where it was cut: names and paths may be of
 * any length.
 */
export function shortLine(text: string): string {
  let end = Math.min(text.length, maxLineLength);
  while (escapeText(text.slice(0, end)).length > maxLineLength) end = Math.floor(end / 2);
  return end < text.length ? `${text.slice(0, end)}…` : text;
}

/** What is printed beside the data, on stderr. The texts are raw, each one line: they are escaped when they are printed. */
export interface Logger {
  /** A note, silent with `-q`. It is held back until `flush`: notes follow the result. */
  info(text: string): void;
  /** How far a long task is, at once; silent with `-q`. */
  progress(text: string): void;
  /** Prints the notes that are held back: after the result, before an error or a question, and at the end. */
  flush(): void;
  /** The same text is printed once. */
  warn(text: string): void;
  /** Only with `--debug`. */
  debug(text: string): void;
  /** Always: a request of `--show-request`. */
  request(command: ShellCommand): void;
  /** Always: what a question is about. */
  show(text: string): void;
}

export function createLogger(
  write: (text: string) => void,
  style: Style,
  flags: { readonly quiet?: boolean; readonly debug?: boolean },
): Logger {
  const { color } = style;
  const warned = new Set<string>();
  const held: string[] = [];
  const print = (line: Text): void => write(`${printLine(line)}\n`);
  const flush = (): void => {
    for (const note of held.splice(0)) print(note);
  };
  return {
    info: (text) => {
      if (!flags.quiet) held.push(shortLine(text));
    },
    progress: (text) => {
      if (!flags.quiet) print(shortLine(text));
    },
    flush,
    warn: (text) => {
      if (!warned.has(text)) print(styled`${color.yellow('warning:')} ${shortLine(text)}`);
      warned.add(text);
    },
    debug: (text) => {
      if (flags.debug) print(color.dim(`debug: ${shortLine(text)}`));
    },
    request: (command) => print(command.toString()),
    show: (text) => {
      flush();
      print(text);
    },
  };
}
