import { toBinary } from './utf8.js';

const standardAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const urlAlphabet = `${standardAlphabet.slice(0, 62)}-_`;

function table(alphabet: string): Int8Array {
  const values = new Int8Array(256).fill(-1);
  for (let i = 0; i < 64; i++) values[alphabet.charCodeAt(i)] = i;
  return values;
}

const standardTable = table(standardAlphabet);
const urlTable = table(urlAlphabet);

export type Base64Result = { readonly ok: true; readonly bytes: string } | { readonly ok: false; readonly at: number };

function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}

/**
 * Go's encoding/base64 decoder (decodeQuantum), not strict: line ends are skipped, non-zero trailing bits tolerated.
 * `at` is the N of "illegal base64 data at input byte N".
 */
function decode(text: string, values: Int8Array, padded: boolean): Base64Result {
  let bytes = '';
  let i = 0;
  for (;;) {
    let bits = 0;
    let count = 0;
    let ended = false;
    while (count < 4) {
      if (i === text.length) {
        if (count === 0) return { ok: true, bytes };
        if (count === 1 || padded) return { ok: false, at: i - count };
        ended = true;
        break;
      }
      const code = text.charCodeAt(i++);
      const value = code < 256 ? values[code]! : -1;
      if (value >= 0) {
        bits = (bits << 6) | value;
        count++;
        continue;
      }
      if (isLineEnd(code)) continue;
      if (!padded || code !== 0x3d) return { ok: false, at: i - 1 };
      const faultAt = findPaddingFault(text, i, count);
      if (faultAt !== undefined) return { ok: false, at: faultAt };
      i = text.length;
      ended = true;
      break;
    }
    bits <<= 6 * (4 - count);
    if (count > 1) bytes += String.fromCharCode((bits >> 16) & 0xff);
    if (count > 2) bytes += String.fromCharCode((bits >> 8) & 0xff);
    if (count > 3) bytes += String.fromCharCode(bits & 0xff);
    if (ended) return { ok: true, bytes };
  }
}

/** The place of the fault in what follows the first `=` (at `i - 1`) of a quantum with `count` digits. */
function findPaddingFault(text: string, i: number, count: number): number | undefined {
  if (count < 2) return i - 1;
  const skip = (): void => {
    while (i < text.length && isLineEnd(text.charCodeAt(i))) i++;
  };
  if (count === 2) {
    skip();
    if (i === text.length) return text.length;
    if (text.charCodeAt(i) !== 0x3d) return i - 1;
    i++;
  }
  skip();
  return i < text.length ? i : undefined;
}

function encode(binary: string, alphabet: string): string {
  let text = '';
  for (let at = 0; at < binary.length; at += 3) {
    const [a, b, c] = [0, 1, 2].map((i) => binary.charCodeAt(at + i)) as [number, number, number];
    const bits = (a << 16) | (b << 8) | c;
    const digits = Math.min(binary.length - at, 3) + 1;
    for (let i = 0; i < digits; i++) text += alphabet[(bits >> (18 - 6 * i)) & 63]!;
  }
  return text;
}

/** base64.StdEncoding; binary in. */
export function encodeBase64(binary: string): string {
  const text = encode(binary, standardAlphabet);
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/** The Authorization header of net/http's SetBasicAuth; name and password are text. */
export function basicHeader(name: string, password: string): string {
  return `Basic ${encodeBase64(toBinary(`${name}:${password}`))}`;
}

/** base64.RawURLEncoding; binary in. */
export function encodeBase64Url(binary: string): string {
  return encode(binary, urlAlphabet);
}

/** base64.StdEncoding, padding needed; binary in, binary out. */
export function decodeBase64(text: string): Base64Result {
  return decode(text, standardTable, true);
}

/** base64.URLEncoding, with missing padding tolerated; binary in, binary out. */
export function decodePaddedBase64Url(text: string): Base64Result {
  return decode(text + '='.repeat((4 - (text.length % 4)) % 4), urlTable, true);
}

/** base64.RawURLEncoding, padding refused; binary in, binary out. */
export function decodeBase64Url(text: string): Base64Result {
  return decode(text, urlTable, false);
}
