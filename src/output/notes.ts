import { shortLines } from '../model/text.js';
import type { Style } from './style.js';

/** What is told beside the data, on stderr. The texts hold no unescaped server text. */
export interface Notes {
  /** Good to know; silent with `-q`. */
  note(text: string): void;
  warn(text: string): void;
  /** Only with `--debug`. */
  debug(text: string): void;
  /** Always: curl lines of `--show-request`. */
  request(text: string): void;
}

export function makeNotes(
  write: (text: string) => void,
  style: Style,
  flags: { readonly quiet?: boolean; readonly debug?: boolean },
): Notes {
  const { color } = style;
  return {
    note: (text) => {
      if (!flags.quiet) write(`${shortLines(text)}\n`);
    },
    warn: (text) => write(`${color.yellow('warning:')} ${shortLines(text)}\n`),
    debug: (text) => {
      if (flags.debug) write(`${color.dim(`debug: ${shortLines(text)}`)}\n`);
    },
    request: (text) => write(`${text}\n`),
  };
}
