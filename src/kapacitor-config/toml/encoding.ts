import { toBytes, decodeRune, fromBytes, toBinary } from '../../go-compat/utf8.js';

/** A byte that is not UTF-8 is represented by this lone surrogate plus the byte. */
const strayByte = 0xdc00;

/** The byte that a code unit represents if it is not UTF-8. */
export function decodeStrayByte(codePoint: number): number | undefined {
  return codePoint >= strayByte + 0x80 && codePoint <= strayByte + 0xff ? codePoint - strayByte : undefined;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The file as text, with one lone surrogate for each byte that is not UTF-8; a string is read as its UTF-8 form. */
export function decodeFile(file: string | Uint8Array): string {
  if (typeof file === 'string') return file.replace(/[\ud800-\udfff]/gu, '\ufffd');
  const text = decoder.decode(file);
  if (!text.includes('\ufffd')) return text;

  const binary = fromBytes(file);
  const pieces: string[] = [];
  let start = 0;
  for (let at = 0; at < binary.length;) {
    const rune = decodeRune(binary, at);
    if (rune.invalid) {
      pieces.push(decoder.decode(file.subarray(start, at)), String.fromCharCode(strayByte + binary.charCodeAt(at)));
      start = at + 1;
    }
    at += rune.width;
  }
  pieces.push(decoder.decode(file.subarray(start)));
  return pieces.join('');
}

/** The bytes of a text of `decodeFile`. */
export function encodeFile(text: string): Uint8Array {
  return toBytes(toFileBinary(text));
}

/** The bytes of a text of `decodeFile`, binary. */
export function toFileBinary(text: string): string {
  const pieces = text.split(/([\udc80-\udcff])/u).map((piece) => {
    const stray = decodeStrayByte(piece.codePointAt(0) ?? 0);
    return stray === undefined ? toBinary(piece) : String.fromCharCode(stray);
  });
  return pieces.join('');
}
