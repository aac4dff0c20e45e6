/*
 * Go's strings are bytes. In the engine such a string is "binary": a JavaScript string with one character (U+0000 to
 * U+00FF) for each byte.
 */

const ascii = /^[\u0000-\u007f]*$/;
const encoder = new TextEncoder();

/** Bytes as a binary string. */
export function fromBytes(bytes: Uint8Array): string {
  const chunkSize = 0x8000;
  let binary = '';
  for (let at = 0; at < bytes.length; at += chunkSize)
    binary += String.fromCharCode(...bytes.subarray(at, at + chunkSize));
  return binary;
}

/** The bytes of a binary string. */
export function toBytes(binary: string): Uint8Array {
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** Encodes text as UTF-8, one character per byte; a lone surrogate becomes U+FFFD. */
export function toBinary(text: string): string {
  return ascii.test(text) ? text : fromBytes(encoder.encode(text));
}

/** The rune at an offset of a binary string; a byte that is not UTF-8 is `invalid` with width 1. */
export interface Rune {
  readonly codePoint: number;
  readonly width: number;
  readonly invalid: boolean;
}

/** Go's utf8.DecodeRuneInString of a string with one character per byte. */
export function decodeRune(binary: string, at: number): Rune {
  const first = binary.charCodeAt(at);
  if (first < 0x80) return { codePoint: first, width: 1, invalid: false };
  const width = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const invalidRune = { codePoint: 0xfffd, width: 1, invalid: true };
  if (first < 0xc2 || first > 0xf4 || at + width > binary.length) return invalidRune;
  let codePoint = first & (0x7f >> width);
  for (let i = 1; i < width; i++) {
    const byte = binary.charCodeAt(at + i);
    if (byte >> 6 !== 2) return invalidRune;
    codePoint = (codePoint << 6) | (byte & 0x3f);
  }
  const minCodePoint = width === 2 ? 0x80 : width === 3 ? 0x800 : 0x10000;
  const surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  if (codePoint < minCodePoint || surrogate || codePoint > 0x10ffff) return invalidRune;
  return { codePoint, width, invalid: false };
}

/** Decodes a binary string; each byte that is not UTF-8 becomes U+FFFD, as in Go's encoding/json. */
export function toText(binary: string): string {
  if (ascii.test(binary)) return binary;
  let text = '';
  for (let at = 0; at < binary.length;) {
    const rune = decodeRune(binary, at);
    text += String.fromCodePoint(rune.codePoint);
    at += rune.width;
  }
  return text;
}

/** A binary string with each byte that is not UTF-8 replaced by the bytes of U+FFFD. */
export function toValidUtf8(binary: string): string {
  return ascii.test(binary) ? binary : toBinary(toText(binary));
}
