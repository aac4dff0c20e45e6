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

const special: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\f', '\\f'],
  ['\r', '\\r'],
]);

/** A part of a key as the daemon's messages write it: bare where it can be, else in quotes. */
export function writtenName(name: string): string {
  if (/^[A-Za-z0-9_-]+$/.test(name)) return name;
  const escaped = name.replace(
    /["\\\x00-\x1f\x7f]/g,
    (c) => special.get(c) ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}

/** A dotted name. The tables of one array of tables share theirs. */
export class KeyPath {
  readonly parent: KeyPath | undefined;
  readonly name: string;
  readonly depth: number;
  /** The line of its value or header; 0 where only deeper names were given. */
  line = 0;
  isArray = false;
  /** Made by a deeper name only, so that it may be defined once more. */
  isImplicit = false;
  #children: Map<string, KeyPath> | undefined;

  constructor(parent?: KeyPath, name = '') {
    this.parent = parent;
    this.name = name;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  child(name: string): KeyPath {
    this.#children ??= new Map();
    const known = this.#children.get(name);
    if (known !== undefined) return known;
    const path = new KeyPath(this, name);
    this.#children.set(name, path);
    return path;
  }

  /** The parts of the name, the outermost first. */
  names(): string[] {
    const names: string[] = [];
    for (let path: KeyPath = this; path.parent !== undefined; path = path.parent) names.push(path.name);
    return names.reverse();
  }

  toString(): string {
    return this.names().map(writtenName).join('.');
  }
}

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
