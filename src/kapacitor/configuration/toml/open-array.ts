import { endOfFile, isBlank, isLineEnd } from './characters.js';
import type { Container, Item } from './container.js';
import type { Cursor } from './cursor.js';
import { Fault } from './fault.js';
import type { Names } from './names.js';
import type { Value } from './value.js';

const comma = 0x2c;
const hash = 0x23;
const closing = 0x5d;

/** An array behind its `[`; only that it is one is kept, and before TOML 1.0 that all its items are of one type. */
export class OpenArray implements Container {
  readonly isArray = true;
  readonly #cursor: Cursor;
  readonly #start: number;
  readonly #line: number;
  #type: Value['type'] | undefined;

  constructor(cursor: Cursor, names: Names) {
    this.#cursor = cursor;
    this.#start = cursor.offset - 1;
    this.#line = cursor.line;
    names.describe(names.part?.name ?? '', true, cursor.line);
  }

  begin(): boolean {
    const r = this.#nextSign();
    if (r === comma) throw this.#cursor.fault('unexpected comma');
    if (r === closing) return false;
    this.#cursor.backup();
    return true;
  }

  take({ value, line }: Item): boolean {
    this.#type ??= value.type;
    if (!this.#cursor.rules.toml1 && value.type !== this.#type) {
      throw new Fault('arrays must be homogeneous', line);
    }
    const r = this.#nextSign();
    if (r === comma) return this.begin();
    if (r === closing) return false;
    const found = r === endOfFile ? 'end of file' : `'${String.fromCodePoint(r)}'`;
    throw this.#cursor.fault(`expected a comma (',') or array terminator (']'), but got ${found}`);
  }

  close(): Item {
    return { value: { type: 'array' }, line: this.#line, start: this.#start, end: this.#cursor.offset };
  }

  /** The next character that is no blank, line end or comment. */
  #nextSign(): number {
    for (;;) {
      const r = this.#cursor.next();
      if (r === hash) this.#cursor.skipComment();
      else if (!isBlank(r) && !isLineEnd(r)) return r;
    }
  }
}
