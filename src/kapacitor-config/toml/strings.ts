import { type TomlCursor, endOfFile, TomlError, isBlank, isHex, isLineEnd } from './cursor.js';
import { quoteText } from '../../go-compat/strconv.js';
import type { VersionRules } from '../../model/kapacitor-versions.js';

const quotationMark = 0x22;
const apostrophe = 0x27;
const backslash = 0x5c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** The value of a string, and the line where it ends. */
export interface StringItem {
  readonly value: string;
  readonly line: number;
}

/** A string on one line, after its opening `"`. */
function readBasic(cursor: TomlCursor): StringItem {
  const start = cursor.offset;
  let escaped = false;
  for (;;) {
    const r = cursor.next();
    if (r === endOfFile) throw cursor.fault(`unexpected EOF; expected '"'`);
    if (isLineEnd(r)) throw cursor.faultOnPreviousLine('strings cannot contain newlines');
    if (r === backslash) {
      escaped = true;
      readEscape(cursor, start);
    } else if (r === quotationMark) {
      const raw = cursor.text.slice(start, cursor.offset - 1);
      return { value: escaped ? replaceEscapes(raw, cursor.line) : raw, line: cursor.line };
    }
  }
}

/** A string on one line, after its opening `'`. */
function readRaw(cursor: TomlCursor): StringItem {
  const start = cursor.offset;
  for (;;) {
    const r = cursor.next();
    if (r === endOfFile) throw cursor.fault(`unexpected EOF; expected "'"`);
    if (isLineEnd(r)) throw cursor.faultOnPreviousLine('strings cannot contain newlines');
    if (r === apostrophe) return { value: cursor.text.slice(start, cursor.offset - 1), line: cursor.line };
  }
}

/** A string on one line, in either kind of quotes, that begins at the cursor. */
export function readQuoted(cursor: TomlCursor): StringItem {
  return cursor.next() === quotationMark ? readBasic(cursor) : readRaw(cursor);
}

/**
 * Reads past the closing triple quotes if the cursor is after the first of them. Up to two quotes may precede the
 * three.
 */
function closesMultiLine(cursor: TomlCursor, quote: number, start: number): boolean {
  if (!cursor.accept(quote)) return false;
  if (!cursor.accept(quote)) {
    cursor.backup();
    return false;
  }
  if (cursor.peek() !== quote || !cursor.rules.toml1) return true;
  const q = String.fromCharCode(quote);
  const before = cursor.text.slice(Math.max(start, cursor.offset - 6), cursor.offset);
  const hasEscapedQuote = cursor.rules.tomlExact && before === '\\"""""';
  if (before.endsWith(q.repeat(5)) && !hasEscapedQuote) {
    throw cursor.fault(quote === quotationMark ? `unexpected '""""""'` : `unexpected "''''''"`);
  }
  cursor.backup();
  cursor.backup();
  return false;
}

function withoutFirstLineEnd(raw: string, { tomlStrict }: VersionRules): string {
  return raw.replace(tomlStrict ? /^\r?\n/ : /^\n/, '');
}

/** A carriage return that ends a line by itself does not do so inside of a string, where controls are refused. */
function rejectBareReturn(cursor: TomlCursor, r: number): void {
  if (r !== carriageReturn || !cursor.rules.tomlControls || cursor.peek() === lineFeed) return;
  throw cursor.fault("control characters are not allowed inside strings: '0x0d'");
}

function readMultiLineBasic(cursor: TomlCursor): StringItem {
  const start = cursor.offset;
  for (;;) {
    const r = cursor.next();
    if (r === endOfFile) throw cursor.fault(`unexpected EOF; expected '"""'`);
    rejectBareReturn(cursor, r);
    if (r === backslash) {
      if (isLineEnd(cursor.next())) continue;
      cursor.backup();
      readEscape(cursor, start);
    } else if (r === quotationMark && closesMultiLine(cursor, quotationMark, start)) {
      const raw = cursor.text.slice(start, cursor.offset - 3);
      const joined = joinLines(withoutFirstLineEnd(raw, cursor.rules), cursor.rules);
      return { value: replaceEscapes(joined, cursor.line), line: cursor.line };
    }
  }
}

function readMultiLineRaw(cursor: TomlCursor): StringItem {
  const start = cursor.offset;
  for (;;) {
    const r = cursor.next();
    if (r === endOfFile) throw cursor.fault(`unexpected EOF; expected "'''"`);
    rejectBareReturn(cursor, r);
    if (r === apostrophe && closesMultiLine(cursor, apostrophe, start)) {
      const raw = cursor.text.slice(start, cursor.offset - 3);
      return { value: withoutFirstLineEnd(raw, cursor.rules), line: cursor.line };
    }
  }
}

/** A string of any of the four kinds that begins at the cursor. */
export function readString(cursor: TomlCursor): StringItem {
  const quote = cursor.next();
  if (cursor.accept(quote)) {
    if (cursor.accept(quote)) return quote === quotationMark ? readMultiLineBasic(cursor) : readMultiLineRaw(cursor);
    cursor.backup();
  }
  return quote === quotationMark ? readBasic(cursor) : readRaw(cursor);
}

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['f', '\f'],
  ['r', '\r'],
  ['"', '"'],
  ['\\', '\\'],
]);

/** After a `\` in a string that starts at `start`: reads the escape, whose value is checked later. */
function readEscape(cursor: TomlCursor, start: number): void {
  const r = cursor.next();
  const character = r === endOfFile ? '\0' : String.fromCodePoint(r);
  if (simpleEscapes.has(character) || (cursor.rules.toml1 && isBlank(r))) return;
  const digits = character === 'u' ? 4 : character === 'U' ? 8 : 0;
  if (digits === 0) throw cursor.fault(`invalid escape in string '\\${character}'`);
  for (let i = 0; i < digits; i++) {
    if (isHex(cursor.next())) continue;
    const piece = quoteText(cursor.since(start));
    const expected = digits === 4 ? "four hexadecimal digits after '\\u'" : "eight hexadecimal digits after '\\U'";
    throw cursor.fault(`expected ${expected}, but got ${piece} instead`, piece);
  }
}

/** The value of a string's raw text whose escapes were read by `readEscape`; `line` is reported in a fault. */
function replaceEscapes(raw: string, line: number): string {
  return raw.replace(
    /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([^])|$)/g,
    (_, short?: string, long?: string, character: string = '') => {
      const hex = short ?? long;
      if (hex === undefined) {
        const value = simpleEscapes.get(character);
        if (value !== undefined) return value;
        throw new TomlError(`invalid escape: '\\${character}'`, line);
      }
      const codePoint = parseInt(hex, 16);
      if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) {
        throw new TomlError(`Escaped character '\\u${hex}' is not valid UTF-8.`, line);
      }
      return String.fromCodePoint(codePoint);
    },
  );
}

/** Removes each `\` that ends a line in a `"""` string, with all whitespace after it. */
function joinLines(raw: string, { tomlStrict, tomlExact }: VersionRules): string {
  // The oldest parser does not see that a backslash is itself escaped, nor a carriage return.
  if (!tomlStrict) return raw.replace(/\\\n\s*/g, '');
  const lines = tomlExact ? raw : raw.replace(/(?<!\\)((?:\\\\)*)\\[ \t\r]+$/, '$1');
  return lines.replace(/\\(?:\\|[ \t\r\n]+)/g, (match) => (match.includes('\n') ? '' : match));
}
