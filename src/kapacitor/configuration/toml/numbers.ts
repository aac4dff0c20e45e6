import { endOfFile, isBinary, isDigit, isHex, isOctal } from './characters.js';
import type { Cursor } from './cursor.js';
import { dateTimeValue, floatValue, integerValue } from './number-values.js';
import { quoteRune } from '../../../go-compat/strconv.js';
import type { Scalar } from './value.js';

function char(r: number): string {
  return r === endOfFile ? '\0' : String.fromCodePoint(r);
}

function oneOf(characters: string): (r: number) => boolean {
  return (r) => r !== endOfFile && r < 0x80 && characters.includes(String.fromCharCode(r));
}

const isDateTimePart = oneOf('0123456789-:Tt .Zz+');
const isFloatPart = oneOf('0123456789_.-+eE');
const beginsFraction = oneOf('.eE');
const partsDate = oneOf('-:');
const underscore = 0x5f;

interface Base {
  readonly name: string;
  readonly isDigit: (r: number) => boolean;
}

const bases: ReadonlyMap<string, Base> = new Map([
  ['b', { name: 'a binary', isDigit: isBinary }],
  ['o', { name: 'an octal', isDigit: isOctal }],
  ['x', { name: 'a hexidecimal', isDigit: isHex }],
]);

function integer(cursor: Cursor, start: number): Scalar {
  return integerValue(cursor.since(start), cursor.line, cursor.rules);
}

function float(cursor: Cursor, start: number): Scalar {
  cursor.skip(isFloatPart);
  return floatValue(cursor.since(start), cursor.line, cursor.rules);
}

function dateTime(cursor: Cursor, start: number): Scalar {
  cursor.skip(isDateTimePart);
  return dateTimeValue(cursor.since(start).trim(), cursor.line, cursor.rules);
}

/** An integer of base 2, 8 or 16 behind its prefix. */
function basedInteger(cursor: Cursor, start: number, base: Base): Scalar {
  const r = cursor.peek();
  if (!base.isDigit(r)) {
    const piece = cursor.since(start) + char(r);
    throw cursor.fault(`not ${base.name} number: '${piece}'`, piece);
  }
  cursor.skip((digit) => base.isDigit(digit) || digit === underscore);
  return integer(cursor, start);
}

/** A decimal integer or a float, of which a digit is read. */
function decimal(cursor: Cursor, start: number): Scalar {
  cursor.skip((r) => isDigit(r) || r === underscore);
  if (beginsFraction(cursor.peek())) return float(cursor, start);
  return integer(cursor, start);
}

/** A number or a date that begins with a digit at the cursor. */
export function readNumberOrDate(cursor: Cursor): Scalar {
  const start = cursor.offset;
  const isZero = cursor.next() === 0x30;
  const second = cursor.peek();
  if (isZero && !isDigit(second)) {
    const base = cursor.rules.toml1 ? bases.get(char(second)) : undefined;
    if (base === undefined) return second === underscore ? decimal(cursor, start) : zero(cursor, start);
    cursor.next();
    return basedInteger(cursor, start, base);
  }
  cursor.skip(isDigit);
  return partsDate(cursor.peek()) ? dateTime(cursor, start) : decimal(cursor, start);
}

/** A number that is a single 0, or begins with it and a fraction. */
function zero(cursor: Cursor, start: number): Scalar {
  return beginsFraction(cursor.peek()) ? float(cursor, start) : integer(cursor, start);
}

/** A number behind its sign: a decimal one only, or `inf` or `nan`. */
export function readSignedNumber(cursor: Cursor): Scalar {
  const start = cursor.offset - 1;
  const r = cursor.next();
  const first = char(r);
  if (cursor.rules.toml1 && (first === 'i' || first === 'n')) {
    const rest = first === 'i' ? 'nf' : 'an';
    if (!cursor.accept(rest.charCodeAt(0)) || !cursor.accept(rest.charCodeAt(1))) {
      const piece = cursor.since(start);
      throw cursor.fault(`invalid float: '${piece}'`, piece);
    }
    return floatValue(cursor.since(start), cursor.line, cursor.rules);
  }
  if (first === '0' && bases.has(char(cursor.peek()))) {
    const piece = cursor.since(start) + char(cursor.peek());
    throw cursor.fault(`cannot use sign with non-decimal numbers: '${piece}'`, piece);
  }
  if (first === '.') throw cursor.fault("floats must start with a digit, not '.'");
  if (!isDigit(r)) throw cursor.fault(`expected a digit but got ${quoteRune(r)}`, first);
  return decimal(cursor, start);
}
