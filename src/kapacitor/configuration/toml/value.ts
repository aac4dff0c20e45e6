/** Where a key is written, and its text there. Lines and columns count from 1, columns in UTF-16 units. */
export interface KeyText {
  readonly spelt: string;
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

export interface Slot {
  readonly value: Value;
  readonly key: KeyText;
}

export interface Table {
  readonly type: 'table';
  readonly slots: Map<string, Slot>;
}

/** An array of tables, written with `[[...]]`. */
export interface TableArray {
  readonly type: 'tables';
  readonly tables: [Table, ...Table[]];
}

export type Scalar =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'integer'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'datetime'; readonly value: DateTime };

/** A date as Go writes it (RFC 3339), or Go's text of why it cannot be written. */
export type DateTime = { readonly text: string } | { readonly error: string };

/** What an array holds is never asked for. */
export interface ArrayValue {
  readonly type: 'array';
}

export type Value = Scalar | Table | TableArray | ArrayValue;

export function emptyTable(): Table {
  return { type: 'table', slots: new Map() };
}

/** The table that keys of this value go into: of an array of tables the last; of no table undefined. */
export function tableIn(value: Value): Table | undefined {
  if (value.type === 'table') return value;
  return value.type === 'tables' ? value.tables[value.tables.length - 1] : undefined;
}
