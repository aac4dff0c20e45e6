import { isPrint } from './unicode.js';
import { decodeRune, toBinary } from './utf8.js';

const named: ReadonlyMap<number, string> = new Map([
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
  const name = named.get(codePoint);
  if (name !== undefined) return name;
  if (codePoint < 0x20 || codePoint === 0x7f) return `\\x${hex(codePoint, 2)}`;
  return codePoint < 0x10000 ? `\\u${hex(codePoint, 4)}` : `\\U${hex(codePoint, 8)}`;
}

/** Go's `%q` of a string that is given with one character per byte; the answer is an ordinary text. */
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
