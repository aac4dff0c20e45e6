import { decodeRune, fromBytes, toBinary, toBytes } from '../../go-compat/utf8.js';

/** Where a key is written, and its text there. Lines and columns count from 1, columns in UTF-16 units. */
export interface KeyText {
  readonly spelt: string;
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

export interface TomlSlot {
  readonly value: TomlValue;
  readonly key: KeyText;
}

export interface TomlTable {
  readonly type: 'table';
  readonly slots: Map<string, TomlSlot>;
}

/** An array of tables, written with `[[...]]`. */
interface TomlTableArray {
  readonly type: 'tables';
  readonly tables: [TomlTable, ...TomlTable[]];
}

export type TomlScalar =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'integer'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'datetime'; readonly value: TomlDateTime };

/** A date as Go formats it (RFC 3339), or Go's error text. */
export type TomlDateTime = { readonly text: string } | { readonly error: string };

/** The items of an array are never needed. */
interface TomlArray {
  readonly type: 'array';
}

export type TomlValue = TomlScalar | TomlTable | TomlTableArray | TomlArray;

export function emptyTable(): TomlTable {
  return { type: 'table', slots: new Map() };
}

/** The table that keys of this value go into: of an array of tables the last; of no table undefined. */
export function tableIn(value: TomlValue): TomlTable | undefined {
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
function formatKeyPart(name: string): string {
  if (/^[A-Za-z0-9_-]+$/.test(name)) return name;
  const escaped = name.replace(
    /["\\\x00-\x1f\x7f]/g,
    (c) => special.get(c) ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}

/** What of a name may be defined again. */
interface Definedness {
  isArray: boolean;
  /** Made by a deeper name only, so that it may be defined once more. */
  isImplicit: boolean;
  readonly below: Map<string, Definedness>;
}

function definednessBelow({ below }: Definedness, name: string): Definedness {
  const known = below.get(name);
  if (known !== undefined) return known;
  const found = { isArray: false, isImplicit: false, below: new Map() };
  below.set(name, found);
  return found;
}

/** A dotted name. The tables of one array of tables share theirs. */
export class KeyPath {
  readonly parent: KeyPath | undefined;
  readonly name: string;
  readonly depth: number;
  /** The line of its value or header; 0 where only deeper names were given. */
  line = 0;
  readonly definedness: Definedness;
  readonly #splitsNames: boolean;
  #children: Map<string, KeyPath> | undefined;

  /** @param splitsNames whether a dot inside of a name counts as one between names, so that `"a.b"` is defined with `a.b` */
  constructor(parent?: KeyPath, name = '', splitsNames = false) {
    this.parent = parent;
    this.name = name;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
    this.#splitsNames = splitsNames;
    const outer = parent?.definedness ?? { isArray: false, isImplicit: false, below: new Map() };
    this.definedness = (splitsNames ? name.split('.') : [name]).reduce(definednessBelow, outer);
  }

  child(name: string): KeyPath {
    this.#children ??= new Map();
    const known = this.#children.get(name);
    if (known !== undefined) return known;
    const path = new KeyPath(this, name, this.#splitsNames);
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
    return this.names().map(formatKeyPart).join('.');
  }
}

/** One part of a dotted key or of a table's name. */
export interface TomlKeyPart {
  readonly name: string;
  readonly text: KeyText;
}

export interface TomlKey {
  readonly parts: readonly TomlKeyPart[];
  readonly last: TomlKeyPart;
  readonly text: KeyText;
}

export interface TomlHeader {
  readonly parts: readonly TomlKeyPart[];
  readonly last: TomlKeyPart;
  readonly isArray: boolean;
  /** From the first bracket to the last. */
  readonly text: KeyText;
}

/** The table that keys go into: its name, and what that name holds, which may turn out to be no table. */
export interface TomlScope {
  readonly path: KeyPath;
  readonly holder: TomlValue;
}

/** One key and its value, as written; offsets count in the document's text. */
export interface TomlEntry {
  readonly path: KeyPath;
  readonly key: KeyText;
  readonly value: { readonly start: number; readonly end: number };
  readonly isInline: boolean;
}

export interface TomlSyntaxError {
  /** The daemon's own text, which begins with `toml: line`. */
  readonly message: string;
  /** The message without line and key. */
  readonly text: string;
  readonly line: number;
  /** The key that was read last, as the message writes it. */
  readonly lastKey: string;
  /** The part of the file that the message repeats. */
  readonly piece: string | undefined;
  /** The file begins like UTF-16. */
  readonly isUtf16: boolean;
}

/** A file as the daemon's parser understands it, up to its first fault. */
export interface TomlDocument {
  readonly text: string;
  readonly root: TomlScope;
  readonly headers: readonly TomlHeader[];
  readonly entries: readonly TomlEntry[];
  readonly fault: TomlSyntaxError | undefined;
}

/** A byte that is not UTF-8 is represented by this lone surrogate plus the byte. */
const strayByte = 0xdc00;

/** The byte that a code unit represents if it is not UTF-8. */
export function decodeStrayByte(codePoint: number): number | undefined {
  return codePoint >= strayByte + 0x80 && codePoint <= strayByte + 0xff ? codePoint - strayByte : undefined;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The file as text, with one lone surrogate for each byte that is not UTF-8. A string is read as its UTF-8 form, but for
 * such surrogates: with them a scenario can hold a file that is not UTF-8.
 */
export function decodeFile(file: string | Uint8Array): string {
  if (typeof file === 'string') return file.replace(/[\ud800-\udc7f\udd00-\udfff]/gu, '\ufffd');
  const text = decoder.decode(file);
  if (!text.includes('\ufffd')) return text;

  const binary = fromBytes(file);
  const pieces: string[] = [];
  let start = 0;
  for (let at = 0; at < binary.length;) {
    const rune = decodeRune(binary, at);
    if (rune.invalid) {
      pieces.push(decoder.decode(file.subarray(start, at)), String.fromCharCode(strayByte + binary.charCodeAt(at)));
      start = at + 1;
    }
    at += rune.width;
  }
  pieces.push(decoder.decode(file.subarray(start)));
  return pieces.join('');
}

/** The bytes of a text of `decodeFile`. */
export function encodeFile(text: string): Uint8Array {
  return toBytes(toFileBinary(text));
}

/** The bytes of a text of `decodeFile`, binary. */
export function toFileBinary(text: string): string {
  const pieces = text.split(/([\udc80-\udcff])/u).map((piece) => {
    const stray = decodeStrayByte(piece.codePointAt(0) ?? 0);
    return stray === undefined ? toBinary(piece) : String.fromCharCode(stray);
  });
  return pieces.join('');
}
