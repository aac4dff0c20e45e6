import { quoteRune } from '../../go-compat/strconv.js';
import { type TomlCursor, endOfFile, isBareKey } from './cursor.js';
import { readQuoted } from './strings.js';
import type { TomlHeader, TomlKey, TomlKeyPart, KeyText } from './document.js';

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
    const name = readQuoted(cursor).value;
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
