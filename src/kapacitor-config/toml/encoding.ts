import { Buffer } from 'node:buffer';
import { decodeRune } from '../../go-compat/utf8.js';

/** A byte that is no UTF-8 stands in the text as this lone surrogate plus the byte. */
const strayByte = 0xdc00;

/** The byte behind a code unit that stands for a byte which is no UTF-8. */
export function strayByteOf(codePoint: number): number | undefined {
  return codePoint >= strayByte + 0x80 && codePoint <= strayByte + 0xff ? codePoint - strayByte : undefined;
}

/** The file as a text with one lone surrogate for each byte that is no UTF-8; a string is taken as its UTF-8 form. */
export function decodeFile(file: string | Uint8Array): string {
  if (typeof file === 'string') return file.replace(/[\ud800-\udfff]/gu, '\ufffd');
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd')) return text;

  const binary = bytes.toString('latin1');
  const pieces: string[] = [];
  let start = 0;
  for (let at = 0; at < binary.length;) {
    const rune = decodeRune(binary, at);
    if (rune.invalid) {
      pieces.push(bytes.toString('utf8', start, at), String.fromCharCode(strayByte + binary.charCodeAt(at)));
      start = at + 1;
    }
    at += rune.width;
  }
  pieces.push(bytes.toString('utf8', start));
  return pieces.join('');
}

/** The bytes of a text of `decodeFile`. */
export function encodeFile(text: string): Uint8Array {
  const pieces = text.split(/([\udc80-\udcff])/u).map((piece) => {
    const stray = strayByteOf(piece.codePointAt(0) ?? 0);
    return stray === undefined ? Buffer.from(piece, 'utf8') : Buffer.from([stray]);
  });
  return Buffer.concat(pieces);
}
