import { describe, expect, it } from 'vitest';
import { isLetter, isPrint } from '../../src/go-compat/unicode.js';

function count(isOne: (codePoint: number) => boolean): number {
  let found = 0;
  for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) if (isOne(codePoint)) found++;
  return found;
}

describe("Go's classes of code points (Unicode 15.0)", () => {
  it('have as many members as in Go', () => {
    expect(count(isPrint)).toBe(148_998);
    expect(count(isLetter)).toBe(136_104);
  });

  it('hold nothing that this newer Node does not hold', () => {
    const surplus = (isOne: (codePoint: number) => boolean, known: RegExp): number =>
      count((codePoint) => isOne(codePoint) && !known.test(String.fromCodePoint(codePoint)));
    expect(surplus(isLetter, /\p{L}/u)).toBe(0);
    expect(surplus(isPrint, /[ \p{L}\p{M}\p{N}\p{P}\p{S}]/u)).toBe(0);
  });

  it('hold the plain cases', () => {
    expect([0x20, 0x41, 0xe9, 0x1f600].every(isPrint)).toBe(true);
    expect([0x0a, 0x7f, 0xa0, 0xad, 0x2028, 0xd800, 0xe000].some(isPrint)).toBe(false);
    expect([0x41, 0x7a, 0xe9, 0x3b1, 0x4e00].every(isLetter)).toBe(true);
    expect([0, 0x20, 0x30, 0x5f, 0x0300].some(isLetter)).toBe(false);
  });
});
