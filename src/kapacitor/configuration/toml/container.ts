import type { Value } from './value.js';

/** A value, where it stands, and the line that messages tell for it. */
export interface Item {
  readonly value: Value;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** An array or inline table that is being read: one object instead of one level of recursion. */
export interface Container {
  readonly isArray: boolean;
  /** Reads on to where a value begins, or over the end of the container (false). */
  begin(): boolean;
  /** Takes a value, then reads on as `begin` does. */
  take(item: Item): boolean;
  close(): Item;
}
