import { isPrint } from './unicode.js';
import { decodeRune, toBinary } from './utf8.js';

const namedEscapes: ReadonlyMap<number, string> = new Map([
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x0c, '\\f'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x0b, '\\v'],
]);

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

function escape(codePoint: number, mark: number): string {
  if (codePoint === mark || codePoint === 0x5c) return '\\' + String.fromCodePoint(codePoint);
  if (isPrint(codePoint)) return String.fromCodePoint(codePoint);
  const name = namedEscapes.get(codePoint);
  if (name !== undefined) return name;
  if (codePoint < 0x20 || codePoint === 0x7f) return `\\x${hex(codePoint, 2)}`;
  return codePoint < 0x10000 ? `\\u${hex(codePoint, 4)}` : `\\U${hex(codePoint, 8)}`;
}

/** Go's `%q` of a binary string; the result is ordinary text. */
export function quote(binary: string): string {
  let out = '"';
  for (let at = 0; at < binary.length;) {
    const rune = decodeRune(binary, at);
    out += rune.invalid ? `\\x${hex(binary.charCodeAt(at), 2)}` : escape(rune.codePoint, 0x22);
    at += rune.width;
  }
  return out + '"';
}

/** Go's `%q` of the UTF-8 form of a text. */
export function quoteText(text: string): string {
  return quote(toBinary(text));
}

/** Go's `%q` of one rune. */
export function quoteRune(codePoint: number): string {
  return `'${escape(codePoint, 0x27)}'`;
}

const trueWords = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const falseWords = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** Go's strconv.ParseBool; undefined on error. */
export function parseBool(text: string): boolean | undefined {
  if (trueWords.has(text)) return true;
  return falseWords.has(text) ? false : undefined;
}

const integer =
  /^([+-]?)(?:(0[xX](?:_?[0-9a-fA-F])+)|(0[bB](?:_?[01])+)|0[oO]((?:_?[0-7])+)|0((?:_?[0-7])*)|([1-9](?:_?[0-9])*))$/;

/** Go's strconv.ParseInt with base 0 and 64 bits; undefined on error. */
export function parseInteger(text: string): bigint | undefined {
  const match = integer.exec(text);
  if (match === null) return undefined;
  const [, sign, hex, binary, octal, oldOctal, decimal] = match;
  const digits = hex ?? binary ?? decimal ?? `0o0${octal ?? oldOctal ?? ''}`;
  const magnitude = BigInt(digits.replaceAll('_', ''));
  const value = sign === '-' ? -magnitude : magnitude;
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** Go's strconv.ParseInt with base 10 and 64 bits: the number, or its error text. */
export function parseDecimal(text: string): bigint | string {
  if (!/^[+-]?[0-9]+$/.test(text)) return `strconv.ParseInt: parsing ${quoteText(text)}: invalid syntax`;
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value
    ? value
    : `strconv.ParseInt: parsing ${quoteText(text)}: value out of range`;
}

/** Go's `%f`: six digits after the point, halves rounded to even. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const rawBits = view.getBigUint64(0);
  const exponent = Number(rawBits >> 52n);
  const mantissa = (rawBits & ((1n << 52n) - 1n)) | (exponent === 0 ? 0n : 1n << 52n);
  const shift = BigInt(1075 - Math.max(exponent, 1));
  const millionths = shift <= 0n ? (mantissa << -shift) * 1_000_000n : halfToEven(mantissa * 1_000_000n, shift);
  const digits = millionths.toString().padStart(7, '0');
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return `${sign}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** `value` divided by 2 to the power of `shift`. */
function halfToEven(value: bigint, shift: bigint): bigint {
  const quotient = value >> shift;
  const remainder = value - (quotient << shift);
  const half = 1n << (shift - 1n);
  return remainder > half || (remainder === half && quotient % 2n === 1n) ? quotient + 1n : quotient;
}
