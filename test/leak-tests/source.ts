import type { SecretName } from './secrets.js';

/** A place from which a command gets secrets, as parts of its surroundings. */
export interface Source {
  readonly name: string;
  readonly secrets: readonly SecretName[];
  /** Words after those of the command. */
  readonly flags?: readonly string[];
  /** In place of the command's arguments. */
  readonly args?: readonly string[];
  /** Files by path, in the working directory; those of the home folder begin with `~/`. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Typed at the questions of a terminal. */
  readonly typed?: string;
  /** Files that are made to keep secrets. */
  readonly keeps?: readonly string[];
  /** Secrets are asked for on stdout. */
  readonly prints?: boolean;
  /** It takes standard input or a terminal, so that nothing else can. */
  readonly takesInput?: boolean;
  /** How the command ends with it, where that is not as without. */
  readonly codes?: readonly number[];
}

/** What a source may say of the servers of its test. */
export type SourceOf = (url: string) => Source;
