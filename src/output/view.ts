import type { ErrorKind, KapadminError } from '../errors.js';
import type { JunitSuite } from './formats/junit.js';
import type { FileOutput, Lines, Style } from './style.js';

/** The text of a cell, or a list of names in it; raw. */
export type TableCell = string | readonly string[];

/** A list as rows. */
export interface ResultTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly TableCell[])[];
  /** The columns with prose, which a terminal may truncate. Other cells are names, which are never truncated. */
  readonly prose?: readonly string[];
  /** Said instead of an empty table. */
  readonly empty?: string;
}

/** Formats beyond those that a view may have; those that are text escape it as the format does. */
export interface ExtraFormats<T> {
  csv?(data: T): ResultTable;
  name?(data: T): readonly string[];
  markdown?(data: T): string;
  html?(data: T): string;
  sarif?(data: T): Promise<string>;
  junit?(data: T): readonly JunitSuite[];
}

export type ExtraFormat = keyof ExtraFormats<unknown>;

/**
 * How a result is printed, one function per format: lines for people, a value for JSON and YAML, a table for CSV. All
 * read the same data, so that they cannot drift apart; all texts are raw, and are escaped when they are printed.
 */
export interface View<T> {
  text(data: T, style: Style): Lines | FileOutput;
  json(data: T): unknown;
  readonly extra?: ExtraFormats<T>;
  /** JSON on one line: for commands that run on, whose reader waits for that line. */
  readonly oneLine?: boolean;
}

/** What a command gave for one of several clusters, or why it failed there. */
export type ClusterOutcome<T> =
  { readonly profile: string; readonly data: T } | { readonly profile: string; readonly error: KapadminError };

/** What a command returns: data to print, and how the command ends. */
export interface Result<T> {
  readonly data: T;
  readonly view: View<T>;
  /** Exit code of a command that worked and yet says "no"; absent: done. */
  readonly end?: ErrorKind;
  /** Printed on stderr after the data: failures of a partly successful command. */
  readonly failure?: KapadminError;
  /** Written by `--out` instead of the printed text, which is printed too. */
  readonly file?: string;
  /** What to do when the output was lost because it could not be written. */
  readonly hintIfLost?: string;
  /** Runs after the data were printed, until the command is stopped; returns how it ended. */
  runUntilStopped?(): Promise<ErrorKind>;
}
