import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRune, toBinary, toText, toValidUtf8 } from '../../src/go-compat/utf8.js';

const binary = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

const codePoint = fc.integer({ min: 0, max: 0x10ffff }).filter((code) => code < 0xd800 || code > 0xdfff);
const anyText = fc.array(codePoint, { maxLength: 12 }).map((codes) => String.fromCodePoint(...codes));

describe('toText', () => {
  it.each([
    ['plain', 'plain'],
    ['\u00c3\u00a9', '\u00e9'],
    ['\u00f0\u009f\u0098\u0080', '\u{1f600}'],
    ['\u00ff', '\ufffd'],
    ['a\u00c3', 'a\ufffd'],
    ['\u00e2\u0082(', '\ufffd\ufffd('],
    ['\u00ed\u00a0\u0080', '\ufffd\ufffd\ufffd'],
  ])('reads the bytes %j as %j: each byte that is no UTF-8 for itself', (bytes, text) => {
    expect(toText(bytes)).toBe(text);
  });

  it('undoes toBinary', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(toText(toBinary(text))).toBe(text);
      }),
    );
  });
});

describe('toBinary', () => {
  it('gives one character for each byte', () => {
    expect(toBinary('a\u00e9\u20ac\u{1f600}')).toBe('a\u00c3\u00a9\u00e2\u0082\u00ac\u00f0\u009f\u0098\u0080');
  });

  it('takes a lone surrogate for U+FFFD', () => {
    expect(toBinary('\ud800')).toBe('\u00ef\u00bf\u00bd');
  });
});

describe('toValidUtf8', () => {
  it('puts U+FFFD where a byte is no UTF-8', () => {
    expect(toValidUtf8('a\u00ffb')).toBe('a\u00ef\u00bf\u00bdb');
  });

  it('changes nothing a second time', () => {
    fc.assert(
      fc.property(binary, (bytes) => {
        expect(toValidUtf8(toValidUtf8(bytes))).toBe(toValidUtf8(bytes));
      }),
    );
  });
});

describe('decodeRune', () => {
  it.each([
    ['a', { codePoint: 0x61, width: 1, invalid: false }],
    ['\u00c2\u0080', { codePoint: 0x80, width: 2, invalid: false }],
    ['\u00e0\u00a0\u0080', { codePoint: 0x800, width: 3, invalid: false }],
    ['\u00f4\u008f\u00bf\u00bf', { codePoint: 0x10ffff, width: 4, invalid: false }],
    ['\u00ef\u00bf\u00bd', { codePoint: 0xfffd, width: 3, invalid: false }],
    ['\u00c1\u00bf', { codePoint: 0xfffd, width: 1, invalid: true }],
    ['\u00e0\u0080\u0080', { codePoint: 0xfffd, width: 1, invalid: true }],
    ['\u00f5\u0080\u0080\u0080', { codePoint: 0xfffd, width: 1, invalid: true }],
    ['\u0080', { codePoint: 0xfffd, width: 1, invalid: true }],
  ])('decodes %j', (bytes, rune) => {
    expect(decodeRune(bytes, 0)).toEqual(rune);
  });

  it('agrees with the decoder of the platform on what is UTF-8', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(binary, (bytes) => {
        let valid = true;
        for (let at = 0; at < bytes.length;) {
          const rune = decodeRune(bytes, at);
          valid &&= !rune.invalid;
          at += rune.width;
        }
        const decode = (): string => strict.decode(Buffer.from(bytes, 'latin1'));
        if (valid) expect(decode()).toBe(toText(bytes));
        else expect(decode).toThrow();
      }),
    );
  });
});
