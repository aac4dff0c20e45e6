import { quoteText } from '../../../go-compat/strconv.js';
import { endOfFile, isBlank, isHex } from './characters.js';
import type { Cursor } from './cursor.js';
import { Fault } from './fault.js';

const simple: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['f', '\f'],
  ['r', '\r'],
  ['"', '"'],
  ['\\', '\\'],
]);

/** Behind a `\` in a string that begins at `start`: reads the escape, whose value is judged later. */
export function readEscape(cursor: Cursor, start: number): void {
  const r = cursor.next();
  const character = r === endOfFile ? '\0' : String.fromCodePoint(r);
  if (simple.has(character) || (cursor.rules.toml1 && isBlank(r))) return;
  const digits = character === 'u' ? 4 : character === 'U' ? 8 : 0;
  if (digits === 0) throw cursor.fault(`invalid escape in string '\\${character}'`);
  for (let i = 0; i < digits; i++) {
    if (isHex(cursor.next())) continue;
    const piece = quoteText(cursor.since(start));
    const wanted = digits === 4 ? "four hexadecimal digits after '\\u'" : "eight hexadecimal digits after '\\U'";
    throw cursor.fault(`expected ${wanted}, but got ${piece} instead`, piece);
  }
}

/** The value of a string's raw text whose escapes were read by `readEscape`; `line` is told in a fault. */
export function replaceEscapes(raw: string, line: number): string {
  return raw.replace(/\\(?:u(.{4})|U(.{8})|([^]))/g, (_, short?: string, long?: string, character: string = '') => {
    const hex = short ?? long;
    if (hex === undefined) {
      const value = simple.get(character);
      if (value !== undefined) return value;
      throw new Fault(`invalid escape: '\\${character}'`, line);
    }
    const codePoint = parseInt(hex, 16);
    if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) {
      throw new Fault(`Escaped character '\\u${hex}' is not valid UTF-8.`, line);
    }
    return String.fromCodePoint(codePoint);
  });
}

/** Drops each `\` that ends a line in a `"""` string, with all blanks and line ends behind it. */
export function joinLines(raw: string): string {
  return raw.replace(/\\(?:\\|[ \t\r\n]+)/g, (found) => (found.includes('\n') ? '' : found));
}
