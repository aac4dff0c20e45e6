import type { Position, Problem, Spot } from '../problem.js';

/** A file that was read: its value as plain data, and where its parts stand. */
export interface Source {
  readonly file: string;
  /** Objects, arrays, texts, booleans, null; of JSON numbers too. */
  readonly value: unknown;
  /** Syntax errors and duplicate keys. With an error the value may be a part of what was meant. */
  readonly problems: readonly Problem[];
  /** The position of each spot; of one that is not there, that of the nearest place above it. */
  locate(spots: readonly Spot[]): readonly Position[];
}
