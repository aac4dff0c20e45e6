import type { KeyPath } from './key-path.js';
import type { Header } from './keys.js';
import type { Scope } from './names.js';
import type { KeyText } from './value.js';

/** One key and its value, as written; offsets count in the document's text. */
export interface Entry {
  readonly path: KeyPath;
  readonly key: KeyText;
  readonly value: { readonly start: number; readonly end: number };
  readonly isInline: boolean;
}

export interface SyntaxFault {
  /** The daemon's own text, which begins with `toml: line`. */
  readonly message: string;
  readonly line: number;
  /** The key that was read last, as the message writes it. */
  readonly lastKey: string;
  /** The piece of the file that the message repeats. */
  readonly piece: string | undefined;
}

/** A file as the daemon's parser understands it, up to its first fault. */
export interface Document {
  readonly text: string;
  readonly root: Scope;
  readonly headers: readonly Header[];
  readonly entries: readonly Entry[];
  readonly fault: SyntaxFault | undefined;
}
