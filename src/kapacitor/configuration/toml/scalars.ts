import { quoteRune, quoteText } from '../../../go-compat/strconv.js';
import { isLetter } from '../../../go-compat/unicode.js';
import { endOfFile, isDigit } from './characters.js';
import type { Cursor } from './cursor.js';
import { floatValue } from './number-values.js';
import { readNumberOrDate, readSignedNumber } from './numbers.js';
import { readString } from './strings.js';
import type { Scalar } from './value.js';

/** A value that holds no other, and the line where it ends. */
export interface ScalarItem {
  readonly value: Scalar;
  readonly line: number;
}

const letterA = 0x61;
const letterF = 0x66;
const letterN = 0x6e;

/** Behind an `i` or `n`: whether `inf` or `nan` follows, as loosely as the daemon's parser reads it. */
function readsWord(cursor: Cursor): boolean {
  return (cursor.accept(letterN) && cursor.accept(letterF)) || (cursor.accept(letterA) && cursor.accept(letterN));
}

function readBoolean(cursor: Cursor): Scalar {
  const start = cursor.offset;
  cursor.skip(isLetter);
  const word = cursor.since(start);
  if (word === 'true' || word === 'false') return { type: 'boolean', value: word === 'true' };
  throw cursor.fault(`expected value but found ${quoteText(word)} instead`, word);
}

function unexpected(cursor: Cursor, r: number): never {
  if (r === endOfFile) throw cursor.fault('unexpected EOF; expected value');
  const message = `expected value but found ${quoteRune(r)} instead`;
  if (r === 0x0a) throw cursor.faultOnPreviousLine(message);
  throw cursor.fault(message, String.fromCodePoint(r));
}

function readOther(cursor: Cursor): Scalar {
  const start = cursor.offset;
  const r = cursor.next();
  switch (r) {
    case 0x2b:
    case 0x2d:
      return readSignedNumber(cursor);
    case 0x2e:
      throw cursor.fault("floats must start with a digit, not '.'");
    case 0x69:
    case letterN:
      if (cursor.rules.toml1 && readsWord(cursor)) return floatValue(cursor.since(start), cursor.line, cursor.rules);
  }
  if (!isLetter(r)) return unexpected(cursor, r);
  cursor.backup();
  return readBoolean(cursor);
}

/** The value that begins at the cursor, which is neither an array nor an inline table. */
export function readScalar(cursor: Cursor): ScalarItem {
  const r = cursor.peek();
  if (r === 0x22 || r === 0x27) {
    const { value, line } = readString(cursor);
    return { value: { type: 'string', value }, line };
  }
  const value = isDigit(r) ? readNumberOrDate(cursor) : readOther(cursor);
  return { value, line: cursor.line };
}
