import { quoteRune } from '../../go-compat/strconv.js';
import { endOfFile, isBareKey, type TomlCursor, TomlError } from './cursor.js';
import { readQuoted, readString } from './strings.js';
import {
  emptyTable,
  KeyPath,
  type KeyText,
  tableIn,
  type TomlHeader,
  type TomlKey,
  type TomlKeyPart,
  type TomlScope,
  type TomlTable,
  type TomlValue,
} from './document.js';
import type { VersionRules } from '../../model/kapacitor-versions.js';

const equals = 0x3d;
const dot = 0x2e;
const closing = 0x5d;
const opening = 0x5b;

/** The text from a place on this line to the cursor. */
function keyText(cursor: TomlCursor, start: number): KeyText {
  const { line, offset: end } = cursor;
  return { spelt: cursor.since(start), line, column: start - cursor.lineStart + 1, start, end };
}

/** One part of a name, bare (and then perhaps empty) or quoted. */
function readPart(cursor: TomlCursor): TomlKeyPart {
  const start = cursor.offset;
  const first = cursor.peek();
  if (first === 0x22 || first === 0x27) {
    const { value: name } = cursor.rules.tomlStrict ? readQuoted(cursor) : readString(cursor);
    return { name, text: keyText(cursor, start) };
  }
  cursor.skip(isBareKey);
  return { name: cursor.since(start), text: keyText(cursor, start) };
}

/** A key up to its `=`, with the cursor at its beginning. */
export function readKey(cursor: TomlCursor): TomlKey {
  cursor.skipBlanks();
  const start = cursor.offset;
  const first = cursor.peek();
  if (first === equals || first === endOfFile) throw cursor.fault("unexpected '=': key name appears blank");
  if (first === dot) throw cursor.fault("unexpected '.': keys cannot start with a '.'");

  const parts: TomlKeyPart[] = [];
  for (;;) {
    cursor.skipBlanks();
    const begins = cursor.peek();
    if (begins === equals || begins === endOfFile) throw cursor.fault("unexpected '='");
    if (begins === dot) throw cursor.fault("unexpected '.'");
    const last = readPart(cursor);
    parts.push(last);
    const text = keyText(cursor, start);
    cursor.skipBlanks();
    const r = cursor.next();
    if (r === equals) return { parts, last, text };
    if (r === dot && cursor.rules.toml1) continue;
    if (r === endOfFile) throw cursor.fault("unexpected EOF; expected key separator '='");
    if (r === dot) throw cursor.fault('keys cannot have dots');
    const message = `expected '.' or '=', but got ${quoteRune(r)} instead`;
    throw r === 0x0a ? cursor.faultOnPreviousLine(message) : cursor.fault(message);
  }
}

/** The header of a table, after its first `[`. */
export function readHeader(cursor: TomlCursor): TomlHeader {
  const start = cursor.offset - 1;
  const isArray = cursor.accept(opening);
  const parts: TomlKeyPart[] = [];
  for (;;) {
    cursor.skipBlanks();
    const first = cursor.peek();
    if (first === closing || first === endOfFile) {
      throw cursor.fault('unexpected end of table name (table names cannot be empty)');
    }
    if (first === dot) throw cursor.fault('unexpected table separator (table names cannot be empty)');
    const last = readPart(cursor);
    parts.push(last);
    cursor.skipBlanks();
    const r = cursor.next();
    if (r === closing) {
      if (isArray) closeArrayHeader(cursor);
      return { parts, last, isArray, text: keyText(cursor, start) };
    }
    if (r !== dot) throw cursor.fault(`expected '.' or ']' to end table name, but got ${quoteRune(r)} instead`);
  }
}

function closeArrayHeader(cursor: TomlCursor): void {
  const r = cursor.next();
  if (r === closing) return;
  throw cursor.fault(`expected end of table array name delimiter ']', but got ${quoteRune(r)} instead`);
}

/**
 * What is defined so far, and which of it may be defined again. The rules are those of BurntSushi/toml (parse.go:
 * addContext, setValue, setType), with its habits: an array may always be replaced, and a table that only a dotted
 * name made may be defined once more by anything, without effect.
 */
export class TomlDefinitions {
  readonly #rules: VersionRules;
  readonly root: TomlScope;
  scope: TomlScope;
  /** The key whose value is being read, or was read last in an inline table. */
  part: TomlKeyPart | undefined;
  /** The line of the key or header that is being defined, for errors. */
  line = 1;

  constructor(rules: VersionRules) {
    this.#rules = rules;
    this.root = { path: new KeyPath(undefined, '', !rules.tomlExact), holder: emptyTable() };
    this.scope = this.root;
  }

  /** The last key, as in messages. */
  lastKey(): string {
    const scope = this.scope.path.toString();
    const key = this.part?.name ?? '';
    if (key === '') return scope;
    return scope === '' ? key : `${scope}.${key}`;
  }

  /** Makes a table's header the scope; an array of tables grows by one. */
  enterHeader(header: TomlHeader): void {
    this.line = header.text.line;
    let parent = this.root;
    for (const part of header.parts.slice(0, -1)) {
      const table = this.#tableOf(parent);
      const path = parent.path.child(part.name);
      if (!table.slots.has(part.name)) {
        path.definedness.isImplicit = true;
        table.slots.set(part.name, { value: emptyTable(), key: part.text });
      }
      parent = { path, holder: table.slots.get(part.name)?.value ?? emptyTable() };
    }
    this.enter(parent, header.last, header.isArray);
    this.describe('', false, this.line);
  }

  /** Enters a key before its value: all its parts but the last become nested scopes. */
  enterKey(key: TomlKey): void {
    this.line = key.text.line;
    this.part = key.last;
    for (const part of key.parts.slice(0, -1)) {
      this.scope.path.child(part.name).definedness.isImplicit = true;
      this.enter(this.scope, part, false);
    }
  }

  /** Makes one table below `parent` the scope; an array of tables grows by one. */
  enter(parent: TomlScope, part: TomlKeyPart, isArray: boolean): void {
    const table = this.#tableOf(parent);
    const path = parent.path.child(part.name);
    this.scope = parent;
    if (isArray) this.#grow(table, part, path);
    else this.define(part, emptyTable());
    this.scope = { path, holder: table.slots.get(part.name)?.value ?? emptyTable() };
  }

  /** Defines one key of the scope. */
  define(part: TomlKeyPart, value: TomlValue): void {
    const table = tableIn(this.scope.holder);
    if (table === undefined) throw this.#fault(`Key '${this.scope.path}' has already been defined.`);
    const path = this.scope.path.child(part.name);
    const replaces = table.slots.has(part.name);
    if (!replaces || (path.definedness.isArray && this.#rules.toml1))
      table.slots.set(part.name, { value, key: part.text });
    else if (!path.definedness.isImplicit) throw this.#fault(`Key '${path}' has already been defined.`);
    if (replaces) path.definedness.isImplicit = false;
  }

  /** Defines one key of the scope, whatever it was before. */
  replace(part: TomlKeyPart, value: TomlValue): void {
    tableIn(this.scope.holder)?.slots.set(part.name, { value, key: part.text });
  }

  /**
   * Records whether a key of the scope (or, without a name, the scope itself) is an array, and its line for messages.
   */
  describe(name: string, isArray: boolean, line: number): void {
    const { path } = this.scope;
    const target = name !== '' || path.parent === undefined ? path.child(name) : path;
    target.definedness.isArray = isArray;
    target.line = line;
  }

  #grow(table: TomlTable, part: TomlKeyPart, path: KeyPath): void {
    const existing = table.slots.get(part.name)?.value;
    if (existing === undefined) {
      table.slots.set(part.name, { value: { type: 'tables', tables: [emptyTable()] }, key: part.text });
    } else if (existing.type === 'tables') {
      existing.tables.push(emptyTable());
    } else {
      throw this.#fault(`Key '${path}' was already created and cannot be used as an array.`);
    }
  }

  #tableOf(scope: TomlScope): TomlTable {
    const table = tableIn(scope.holder);
    if (table === undefined) throw this.#fault(`Key '${scope.path}' was already created as a hash.`);
    return table;
  }

  #fault(message: string): TomlError {
    return new TomlError(message, this.line);
  }
}
