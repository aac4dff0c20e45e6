import {
  emptyTable,
  type TomlEntry,
  type TomlKey,
  type TomlKeyPart,
  type TomlScope,
  type TomlValue,
} from './document.js';
import { endOfFile, isBlank, isLineEnd, type TomlCursor, TomlError } from './cursor.js';
import { readKey, type TomlDefinitions } from './keys.js';
import { quoteText } from '../../go-compat/strconv.js';
import { readScalar } from './scalars.js';

/** A value, its offsets, and the line that messages report. */
export interface TomlItem {
  readonly value: TomlValue;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** An array or inline table that is being read: one object instead of one level of recursion. */
export interface TomlContainer {
  readonly isArray: boolean;
  /** Reads on to where a value begins, or over the end of the container (false). */
  startValue(): boolean;
  /** Takes a value, then reads on as `begin` does. */
  add(item: TomlItem): boolean;
  close(): TomlItem;
}

const comma = 0x2c;
const hash = 0x23;
const closingBracket = 0x5d;

/** An array after its `[`. Its items are dropped; before TOML 1.0 they must be of one type. */
class OpenArray implements TomlContainer {
  readonly isArray = true;
  readonly #cursor: TomlCursor;
  readonly #start: number;
  readonly #line: number;
  #type: TomlValue['type'] | undefined;

  constructor(cursor: TomlCursor, definitions: TomlDefinitions) {
    this.#cursor = cursor;
    this.#start = cursor.offset - 1;
    this.#line = cursor.line;
    definitions.describe(definitions.part?.name ?? '', true, cursor.line);
  }

  startValue(): boolean {
    const r = this.#nextSign();
    if (r === comma) throw this.#cursor.fault('unexpected comma');
    if (r === closingBracket) return false;
    this.#cursor.backup();
    return true;
  }

  add({ value, line }: TomlItem): boolean {
    this.#type ??= value.type;
    if (!this.#cursor.rules.toml1 && value.type !== this.#type) {
      throw new TomlError('arrays must be homogeneous', line);
    }
    const r = this.#nextSign();
    if (r === comma) return this.startValue();
    if (r === closingBracket) return false;
    const found = r === endOfFile ? 'end of file' : `'${String.fromCodePoint(r)}'`;
    throw this.#cursor.fault(`expected a comma (',') or array terminator (']'), but got ${found}`);
  }

  close(): TomlItem {
    return { value: { type: 'array' }, line: this.#line, start: this.#start, end: this.#cursor.offset };
  }

  /** The next character that is not a space, newline or comment. */
  #nextSign(): number {
    for (;;) {
      const r = this.#cursor.next();
      if (r === hash) this.#cursor.skipComment();
      else if (!isBlank(r) && !isLineEnd(r)) return r;
    }
  }
}

const closingBrace = 0x7d;

/**
 * An inline table after its `{`. Its keys are defined like all keys; its content is also collected, for the case that
 * the table replaces an array.
 */
class OpenInlineTable implements TomlContainer {
  readonly isArray = false;
  readonly #cursor: TomlCursor;
  readonly #names: TomlDefinitions;
  readonly #entries: TomlEntry[];
  readonly #start: number;
  readonly #line: number;
  readonly #outer: TomlScope;
  readonly #outerPart: TomlKeyPart;
  readonly #scope: TomlScope;
  readonly #table = emptyTable();
  #key: TomlKey | undefined;

  constructor(
    cursor: TomlCursor,
    definitions: TomlDefinitions,
    entries: TomlEntry[],
    part: TomlKeyPart,
    isElement: boolean,
  ) {
    this.#cursor = cursor;
    this.#names = definitions;
    this.#entries = entries;
    this.#start = cursor.offset - 1;
    this.#line = cursor.line;
    this.#outer = definitions.scope;
    this.#outerPart = part;
    const path = this.#outer.path.child(part.name);
    definitions.part = undefined;
    definitions.scope = { path, holder: this.#table };
    if (cursor.rules.tomlStrict) {
      path.definedness.isImplicit = true;
      definitions.enter(this.#outer, part, isElement);
    }
    this.#scope = definitions.scope;
  }

  startValue(): boolean {
    const r = this.#nextSign();
    if (r === comma) throw this.#cursor.fault('unexpected comma');
    if (r === closingBrace) return false;
    this.#cursor.backup();
    this.#key = readKey(this.#cursor);
    this.#names.enterKey(this.#key);
    return true;
  }

  add(item: TomlItem): boolean {
    if (this.#key !== undefined) this.#store(this.#key, item);
    const r = this.#nextSign();
    if (r === closingBrace) return false;
    if (r !== comma) {
      const found = r === endOfFile ? 'end of file' : `'${String.fromCodePoint(r)}'`;
      throw this.#cursor.fault(`expected a comma or an inline table terminator '}', but got ${found} instead`);
    }
    this.#cursor.skipBlanks();
    if (this.#cursor.rules.tomlStrict && this.#cursor.peek() === closingBrace)
      throw this.#cursor.fault('trailing comma not allowed in inline tables');
    return this.startValue();
  }

  close(): TomlItem {
    this.#names.scope = this.#outer;
    this.#names.part = this.#outerPart;
    return { value: this.#table, line: this.#line, start: this.#start, end: this.#cursor.offset };
  }

  #store(key: TomlKey, item: TomlItem): void {
    const definitions = this.#names;
    if (this.#cursor.rules.tomlStrict) definitions.define(key.last, item.value);
    else definitions.replace(key.last, item.value);
    definitions.describe(key.last.name, item.value.type === 'array', key.text.line);
    this.#entries.push({
      path: definitions.scope.path.child(key.last.name),
      key: key.text,
      value: { start: item.start, end: item.end },
      isInline: true,
    });
    this.#hold(key, item.value);
    definitions.scope = this.#scope;
  }

  #hold(key: TomlKey, value: TomlValue): void {
    let table = this.#table;
    // Older parsers store the last part alone.
    for (const part of this.#cursor.rules.toml14 ? key.parts.slice(0, -1) : []) {
      const existing = table.slots.get(part.name)?.value ?? emptyTable();
      if (existing.type !== 'table') {
        const path = this.#names.scope.path.toString();
        throw new TomlError(`${quoteText(path)} is not a table`, this.#names.line);
      }
      table.slots.set(part.name, { value: existing, key: part.text });
      table = existing;
    }
    table.slots.set(key.last.name, { value, key: key.text });
  }

  /** The next character that is not a space or comment; the table must end on its line. */
  #nextSign(): number {
    for (;;) {
      const r = this.#cursor.next();
      if (isLineEnd(r)) throw this.#cursor.faultOnPreviousLine('newlines not allowed within inline tables');
      if (r === hash) this.#cursor.skipComment();
      else if (!isBlank(r)) return r;
    }
  }
}

const bracket = 0x5b;
const brace = 0x7b;

function open(
  cursor: TomlCursor,
  definitions: TomlDefinitions,
  entries: TomlEntry[],
  stack: TomlContainer | undefined,
): TomlContainer | undefined {
  const r = cursor.peek();
  if (r === bracket) {
    cursor.next();
    return new OpenArray(cursor, definitions);
  }
  if (r !== brace || definitions.part === undefined) return undefined;
  cursor.next();
  return new OpenInlineTable(cursor, definitions, entries, definitions.part, stack?.isArray === true);
}

function scalar(cursor: TomlCursor): TomlItem {
  const start = cursor.offset;
  const { value, line } = readScalar(cursor);
  return { value, line, start, end: cursor.offset };
}

/** The value of the key `names.part`; the keys of inline tables in it are defined on the way. */
export function readValue(cursor: TomlCursor, definitions: TomlDefinitions, entries: TomlEntry[]): TomlItem {
  const stack: TomlContainer[] = [];
  for (;;) {
    cursor.skipBlanks();
    const opened = open(cursor, definitions, entries, stack[stack.length - 1]);
    if (opened?.startValue() === true) {
      stack.push(opened);
      continue;
    }
    let item = opened === undefined ? scalar(cursor) : opened.close();
    for (;;) {
      const container = stack[stack.length - 1];
      if (container === undefined) return item;
      if (container.add(item)) break;
      stack.pop();
      item = container.close();
    }
  }
}
