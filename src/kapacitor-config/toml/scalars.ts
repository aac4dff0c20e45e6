import { isLetter, quoteRune, quoteText } from '../../go-compat/strconv.js';
import { endOfFile, isBinary, isDigit, isHex, isOctal, type TomlCursor, TomlError } from './cursor.js';
import { readString } from './strings.js';
import type { TomlDateTime, TomlScalar } from './document.js';
import type { VersionRules } from '../../model/kapacitor-versions.js';

/** A value that holds no other, and the line where it ends. */
export interface ScalarItem {
  readonly value: TomlScalar;
  readonly line: number;
}

const letterA = 0x61;
const letterF = 0x66;
const letterN = 0x6e;

/** After an `i` or `n`: whether `inf` or `nan` follows, as loosely as the daemon's parser reads it. */
function readsWord(cursor: TomlCursor): boolean {
  return (cursor.accept(letterN) && cursor.accept(letterF)) || (cursor.accept(letterA) && cursor.accept(letterN));
}

function readBoolean(cursor: TomlCursor): TomlScalar {
  const start = cursor.offset;
  cursor.skip(isLetter);
  const word = cursor.since(start);
  if (word === 'true' || word === 'false') return { type: 'boolean', value: word === 'true' };
  throw cursor.fault(`expected value but found ${quoteText(word)} instead`, word);
}

function unexpected(cursor: TomlCursor, r: number): never {
  if (r === endOfFile) throw cursor.fault('unexpected EOF; expected value');
  const message = `expected value but found ${quoteRune(r)} instead`;
  if (r === 0x0a) throw cursor.faultOnPreviousLine(message);
  throw cursor.fault(message, String.fromCodePoint(r));
}

function readOther(cursor: TomlCursor): TomlScalar {
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
export function readScalar(cursor: TomlCursor): ScalarItem {
  const r = cursor.peek();
  if (r === 0x22 || r === 0x27) {
    const { value, line } = readString(cursor);
    return { value: { type: 'string', value }, line };
  }
  const value = isDigit(r) ? readNumberOrDate(cursor) : readOther(cursor);
  return { value, line: cursor.line };
}

function char(r: number): string {
  return r === endOfFile ? '\0' : String.fromCodePoint(r);
}

function oneOf(characters: string): (r: number) => boolean {
  return (r) => r !== endOfFile && r < 0x80 && characters.includes(String.fromCharCode(r));
}

const isDateTimePart = oneOf('0123456789-:Tt .Zz+');
const isFloatPart = oneOf('0123456789_.-+eE');
const startsFraction = oneOf('.eE');
const isDateSeparator = oneOf('-:');
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

function integer(cursor: TomlCursor, start: number): TomlScalar {
  return integerValue(cursor.since(start), cursor.line, cursor.rules);
}

function float(cursor: TomlCursor, start: number): TomlScalar {
  cursor.skip(isFloatPart);
  return floatValue(cursor.since(start), cursor.line, cursor.rules);
}

function dateTime(cursor: TomlCursor, start: number): TomlScalar {
  cursor.skip(isDateTimePart);
  return dateTimeValue(cursor.since(start).trim(), cursor.line, cursor.rules);
}

/** An integer of base 2, 8 or 16 after its prefix. */
function basedInteger(cursor: TomlCursor, start: number, base: Base): TomlScalar {
  const r = cursor.peek();
  if (!base.isDigit(r)) {
    const piece = cursor.since(start) + char(r);
    throw cursor.fault(`not ${base.name} number: '${piece}'`, piece);
  }
  cursor.skip((digit) => base.isDigit(digit) || digit === underscore);
  return integer(cursor, start);
}

/** A decimal integer or a float, of which a digit is read. */
function decimal(cursor: TomlCursor, start: number): TomlScalar {
  cursor.skip((r) => isDigit(r) || r === underscore);
  if (startsFraction(cursor.peek())) return float(cursor, start);
  return integer(cursor, start);
}

/** A number or a date that begins with a digit at the cursor. */
function readNumberOrDate(cursor: TomlCursor): TomlScalar {
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
  return isDateSeparator(cursor.peek()) ? dateTime(cursor, start) : decimal(cursor, start);
}

/** A number that is a single 0, or begins with it and a fraction. */
function zero(cursor: TomlCursor, start: number): TomlScalar {
  return startsFraction(cursor.peek()) ? float(cursor, start) : integer(cursor, start);
}

/** A number after its sign: a decimal one only, or `inf` or `nan`. */
function readSignedNumber(cursor: TomlCursor): TomlScalar {
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

const unsignedWords = new Set(['nan', 'inf']);

function unsigned(text: string): string {
  return text.replace(/^[+-]/, '');
}

/** Whether each underscore stands between digits, as the daemon's parser sees it (letters up to f are digits). */
function areUnderscoresValid(text: string, { tomlStrict }: VersionRules): boolean {
  if (unsignedWords.has(unsigned(text))) return true;
  let digitBefore = false;
  for (let i = 0; i < text.length; i++) {
    const r = text.charCodeAt(i);
    if (r === 0x5f && !digitBefore) return false;
    digitBefore = tomlStrict ? isHex(r) : r !== 0x5f;
  }
  return digitBefore;
}

function hasLeadingZero(text: string, { tomlStrict, tomlExact }: VersionRules): boolean {
  if (!tomlStrict) return false;
  return (tomlExact ? /^0[^box]/ : /^0[0-9]/).test(text) || /^[+-]0./.test(text);
}

function invalid(kind: 'integer' | 'float', text: string, line: number, why: string): TomlError {
  return new TomlError(`Invalid ${kind} ${quoteText(text)}: ${why}`, line, text);
}

const underscores = 'underscores must be surrounded by digits';
const leadingZeros = 'cannot have leading zeroes';

const minInteger = -(1n << 63n);
const maxInteger = (1n << 63n) - 1n;

function integerValue(text: string, line: number, rules: VersionRules): TomlScalar {
  if (!areUnderscoresValid(text, rules)) throw invalid('integer', text, line, underscores);
  if (hasLeadingZero(text, rules)) throw invalid('integer', text, line, leadingZeros);
  const isOctalNumber = rules.tomlStrict && text.startsWith('0_');
  if (isOctalNumber && /[89]/.test(text)) throw invalid('integer', text, line, 'not octal');
  const written = isOctalNumber ? `0o${text.slice(2)}` : unsigned(text);
  const [, base = '', digits = ''] = /^(0[box])?0*(.*)$/.exec(written.replaceAll('_', '')) ?? [];
  const magnitude = digits.length > 64 ? maxInteger + 2n : BigInt(`${base}0${digits}`);
  const value = text.startsWith('-') ? -magnitude : magnitude;
  if (value < minInteger || value > maxInteger) throw new TomlError(`${text} is out of range for int64`, line, text);
  return { type: 'integer', value };
}

function floatValue(text: string, line: number, rules: VersionRules): TomlScalar {
  const parts = text.split(/[.eE]/).filter((part) => part !== '');
  if (!parts.every((part) => areUnderscoresValid(part, rules))) throw invalid('float', text, line, underscores);
  if (hasLeadingZero(parts[0] ?? '', rules)) throw invalid('float', text, line, leadingZeros);
  if (/\.(?![0-9])/.test(text)) throw invalid('float', text, line, "'.' must be followed by one or more digits");
  const digits = text.replaceAll('_', '');
  if (unsigned(digits) === 'nan') return { type: 'float', value: NaN };
  if (unsigned(digits) === 'inf') return { type: 'float', value: digits.startsWith('-') ? -Infinity : Infinity };
  if (!/^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(digits)) {
    throw new TomlError(`Invalid float value: ${quoteText(text)}`, line, text);
  }
  const value = Number(digits);
  if (!Number.isFinite(value)) throw new TomlError(`${text} is out of range for float64`, line, text);
  return { type: 'float', value };
}

/** Before TOML 1.0 a time needs a date, and no letter or sign but an upper case one parts them. */
function needsToml1(text: string): boolean {
  return /[ tz]/.test(text) || !text.includes('-', 1);
}

function dateTimeValue(text: string, line: number, rules: VersionRules): TomlScalar {
  const upper = text.replace(/[zt ]/g, (c) => (c === 'z' ? 'Z' : 'T'));
  const value = rules.toml1 || !needsToml1(text) ? readDateTime(upper, rules) : undefined;
  if (value === undefined) throw new TomlError(`invalid datetime: ${quoteText(upper)}`, line, upper);
  return { type: 'datetime', value };
}

const date = String.raw`(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)`;
const time = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:\.(?<fraction>\d+))?`;
const zone = String.raw`(?:Z|(?<sign>[+-])(?<zoneHour>\d\d):(?<zoneMinute>\d\d))`;

/** What Go's time.Parse accepts of the four layouts that TOML knows. */
const layouts = [`${date}T${time}${zone}`, `${date}T${time}`, date, time].map((layout) => new RegExp(`^${layout}$`));
const hourOfOneDigit = /(?<=^|T)(?=\d:)/;

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** `Z`, or the offset in hours and minutes; a day or more cannot be written in RFC 3339. */
function zoneText(sign: string, minutes: number): string | undefined {
  if (minutes === 0) return 'Z';
  return minutes < 24 * 60 ? `${sign}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}` : undefined;
}

/**
 * A date, a time, or both, with upper case letters and `T` between date and time; undefined if Go rejects it. Without a
 * zone it is UTC, as on a daemon in UTC.
 */
function readDateTime(text: string, { toml14 }: VersionRules): TomlDateTime | undefined {
  const padded = toml14 ? text : text.replace(hourOfOneDigit, '0');
  const match = layouts.map((layout) => layout.exec(padded)).find((found) => found !== null);
  if (match === undefined) return undefined;
  const { year = '0000', month = '01', day = '01', hour = '00', minute = '00', second = '00' } = match.groups ?? {};
  const { fraction = '', sign = '+', zoneHour = '00', zoneMinute = '00' } = match.groups ?? {};
  if (Number(month) < 1 || Number(month) > 12) return undefined;
  if (Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (Number(zoneHour) > 24 || Number(zoneMinute) > 60) return undefined;

  const zone = zoneText(sign, Number(zoneHour) * 60 + Number(zoneMinute));
  if (zone === undefined) return { error: 'Time.MarshalText: timezone hour outside of range [0,23]' };
  const nanoseconds = fraction.slice(0, 9).replace(/0+$/, '');
  const fractionText = nanoseconds === '' ? '' : `.${nanoseconds}`;
  return { text: `${year}-${month}-${day}T${hour}:${minute}:${second}${fractionText}${zone}` };
}
