/*
 * Go's strings are bytes. In the engine such a string is "binary": a JavaScript string with one character (U+0000 to
 * U+00FF) for each byte.
 */
import { decodeRune, toBinary } from './utf8.js';

const ascii = /^[\u0000-\u007f]*$/;

/** A binary string as text; each byte that is not UTF-8 becomes U+FFFD, as in Go's encoding/json. */
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
