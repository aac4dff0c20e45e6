/*
 * Go's strings are bytes. In the engine such a string is "binary": a JavaScript string with one character (U+0000 to
 * U+00FF) for each byte.
 */

const ascii = /^[\u0000-\u007f]*$/;

/** The UTF-8 bytes of a text, as a binary string. */
export function toBinary(text: string): string {
  return ascii.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** Length of the UTF-8 sequence that begins at `i`, or 0 where the byte begins none (utf8.DecodeRune). */
export function sequenceLength(binary: string, i: number): number {
  const first = binary.charCodeAt(i);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (i + length > binary.length) return 0;
  const second = binary.charCodeAt(i + 1);
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let k = 2; k < length; k++) {
    const next = binary.charCodeAt(i + k);
    if (next < 0x80 || next > 0xbf) return 0;
  }
  return length;
}

/** The code point of the valid UTF-8 sequence of `length` bytes at `i`. */
export function codePoint(binary: string, i: number, length: number): number {
  let code = binary.charCodeAt(i);
  if (length === 1) return code;
  code &= 0xff >> (length + 1);
  for (let k = 1; k < length; k++) code = (code << 6) | (binary.charCodeAt(i + k) & 0x3f);
  return code;
}

/** A binary string as text; each byte that is not UTF-8 becomes U+FFFD, as in Go's encoding/json. */
export function toText(binary: string): string {
  if (ascii.test(binary)) return binary;
  let text = '';
  for (let i = 0; i < binary.length;) {
    const length = sequenceLength(binary, i);
    text += length === 0 ? '\ufffd' : String.fromCodePoint(codePoint(binary, i, length));
    i += Math.max(length, 1);
  }
  return text;
}

/** A binary string with each byte that is not UTF-8 replaced by the bytes of U+FFFD. */
export function toValidUtf8(binary: string): string {
  return ascii.test(binary) ? binary : toBinary(toText(binary));
}
