export interface Assignment {
  readonly name: string;
  readonly value: string;
  /** Counts from 1. */
  readonly line: number;
}

const lineEnd = /[\r\n]/;
const blank = /[ \t\r\n]/;
const escapable = '"\\`$';

/** Reads on from a place in a text; past its end there is `''`. */
class Cursor {
  readonly #text: string;
  #at = 0;
  line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  get char(): string {
    return this.#text.charAt(this.#at);
  }

  next(): string {
    const { char } = this;
    this.#at++;
    if (char === '\n') this.line++;
    return char;
  }

  /** What stands before the next character that fits, which is not taken. */
  until(stop: RegExp): string {
    let taken = '';
    while (this.char !== '' && !stop.test(this.char)) taken += this.next();
    return taken;
  }
}

function doubleQuoted(cursor: Cursor): string {
  let value = '';
  for (;;) {
    value += cursor.until(/["\\]/);
    if (cursor.next() !== '\\') return value;
    const escaped = cursor.next();
    if (escaped === '') return value;
    if (escapable.includes(escaped)) value += escaped;
    else if (escaped !== '\n') value += `\\${escaped}`;
  }
}

function quoted(cursor: Cursor): string {
  if (cursor.next() === '"') return doubleQuoted(cursor);
  const value = cursor.until(/'/);
  cursor.next();
  return value;
}

/** The rest of the line, without the blanks at its end; a backslash keeps the next character, or joins the next line. */
function bare(cursor: Cursor): string {
  let kept = '';
  let open = '';
  for (;;) {
    open += cursor.until(/[\r\n\\]/);
    if (cursor.char !== '\\') return kept + open.replace(/[ \t]+$/, '');
    cursor.next();
    const escaped = cursor.next();
    kept += open + (lineEnd.test(escaped) ? '' : escaped);
    open = '';
  }
}

/** Quoted pieces, one after the other, and what follows them. */
function valueAt(cursor: Cursor): string {
  let value = '';
  for (;;) {
    cursor.until(/[^ \t]/);
    if (cursor.char === '' || lineEnd.test(cursor.char)) return value;
    if (cursor.char !== '"' && cursor.char !== "'") return value + bare(cursor);
    value += quoted(cursor);
  }
}

/** The assignments of a file as systemd's `EnvironmentFile=` reads it (src/basic/env-file.c), valid or not. */
export function parseEnvironmentFile(text: string): readonly Assignment[] {
  const cursor = new Cursor(text);
  const found: Assignment[] = [];
  while (cursor.char !== '') {
    if (blank.test(cursor.char)) {
      cursor.next();
    } else if (cursor.char === '#' || cursor.char === ';') {
      cursor.until(lineEnd);
    } else {
      const { line } = cursor;
      const name = (cursor.next() + cursor.until(/[=\r\n]/)).trimEnd();
      if (cursor.char === '=') {
        cursor.next();
        found.push({ name, value: valueAt(cursor), line });
      }
    }
  }
  return found;
}

/** Whether systemd passes it on: a name of letters, digits and `_`, a value without control characters but tab and line end. */
export function isPassedOn({ name, value }: Assignment): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !/[\u0000-\u0008\u000b-\u001f\u007f]/.test(value);
}
