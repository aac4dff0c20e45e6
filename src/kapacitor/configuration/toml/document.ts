import type { KeyPath } from './key-path.js';
import type { KeyText, Value } from './value.js';

/** One part of a dotted key or of a table's name. */
export interface KeyPart {
  readonly name: string;
  readonly text: KeyText;
}

export interface Key {
  readonly parts: readonly KeyPart[];
  readonly last: KeyPart;
  readonly text: KeyText;
}

export interface Header {
  readonly parts: readonly KeyPart[];
  readonly last: KeyPart;
  readonly isArray: boolean;
  /** From the first bracket to the last. */
  readonly text: KeyText;
}

/** The table that keys go into: its name, and what that name holds, which may turn out to be no table. */
export interface Scope {
  readonly path: KeyPath;
  readonly holder: Value;
}

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
