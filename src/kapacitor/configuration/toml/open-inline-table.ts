import { quoteText } from '../../../go-compat/strconv.js';
import { endOfFile, isBlank, isLineEnd } from './characters.js';
import type { Container, Item } from './container.js';
import type { Cursor } from './cursor.js';
import type { Entry, Key, KeyPart, Scope } from './document.js';
import { Fault } from './fault.js';
import { readKey } from './keys.js';
import type { Names } from './names.js';
import { emptyTable, type Value } from './value.js';

const comma = 0x2c;
const hash = 0x23;
const closing = 0x7d;

/**
 * An inline table behind its `{`. Its keys are defined as all keys are; besides, what it holds is collected, which
 * counts where the table replaces an array.
 */
export class OpenInlineTable implements Container {
  readonly isArray = false;
  readonly #cursor: Cursor;
  readonly #names: Names;
  readonly #entries: Entry[];
  readonly #start: number;
  readonly #line: number;
  readonly #outer: Scope;
  readonly #outerPart: KeyPart;
  readonly #scope: Scope;
  readonly #held = emptyTable();
  #key: Key | undefined;

  constructor(cursor: Cursor, names: Names, entries: Entry[], part: KeyPart, isElement: boolean) {
    this.#cursor = cursor;
    this.#names = names;
    this.#entries = entries;
    this.#start = cursor.offset - 1;
    this.#line = cursor.line;
    this.#outer = names.scope;
    this.#outerPart = part;
    const path = this.#outer.path.child(part.name);
    path.isImplicit = true;
    names.part = undefined;
    names.scope = { path, holder: this.#held };
    names.enter(this.#outer, part, isElement);
    this.#scope = names.scope;
  }

  begin(): boolean {
    const r = this.#nextSign();
    if (r === comma) throw this.#cursor.fault('unexpected comma');
    if (r === closing) return false;
    this.#cursor.backup();
    this.#key = readKey(this.#cursor);
    this.#names.enterKey(this.#key);
    return true;
  }

  take(item: Item): boolean {
    if (this.#key !== undefined) this.#store(this.#key, item);
    const r = this.#nextSign();
    if (r === closing) return false;
    if (r !== comma) {
      const found = r === endOfFile ? 'end of file' : `'${String.fromCodePoint(r)}'`;
      throw this.#cursor.fault(`expected a comma or an inline table terminator '}', but got ${found} instead`);
    }
    this.#cursor.skipBlanks();
    if (this.#cursor.rules.tomlStrict && this.#cursor.peek() === closing)
      throw this.#cursor.fault('trailing comma not allowed in inline tables');
    return this.begin();
  }

  close(): Item {
    this.#names.scope = this.#outer;
    this.#names.part = this.#outerPart;
    return { value: this.#held, line: this.#line, start: this.#start, end: this.#cursor.offset };
  }

  #store(key: Key, item: Item): void {
    const names = this.#names;
    if (this.#cursor.rules.tomlStrict) names.define(key.last, item.value);
    else names.replace(key.last, item.value);
    names.describe(key.last.name, item.value.type === 'array', key.text.line);
    this.#entries.push({
      path: names.scope.path.child(key.last.name),
      key: key.text,
      value: { start: item.start, end: item.end },
      isInline: true,
    });
    this.#hold(key, item.value);
    names.scope = this.#scope;
  }

  #hold(key: Key, value: Value): void {
    let table = this.#held;
    for (const part of key.parts.slice(0, -1)) {
      const held = table.slots.get(part.name)?.value ?? emptyTable();
      if (held.type !== 'table') {
        const path = this.#names.scope.path.toString();
        throw new Fault(`${quoteText(path)} is not a table`, this.#names.line);
      }
      table.slots.set(part.name, { value: held, key: part.text });
      table = held;
    }
    table.slots.set(key.last.name, { value, key: key.text });
  }

  /** The next character that is no blank or comment; the table must end on its line. */
  #nextSign(): number {
    for (;;) {
      const r = this.#cursor.next();
      if (isLineEnd(r)) throw this.#cursor.faultOnPreviousLine('newlines not allowed within inline tables');
      if (r === hash) this.#cursor.skipComment();
      else if (!isBlank(r)) return r;
    }
  }
}
