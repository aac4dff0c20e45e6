import { bcrypt } from 'hash-wasm';
import { toBytes } from '../go-compat/utf8.js';
import type { BcryptEffect } from './effects.js';

const alphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const saltBytes = 16;
const digestLength = 31;

/** The 16 bytes of a bcrypt salt; trailing bits are dropped, as in Go. */
function decodeSalt(salt: string): Uint8Array {
  const bytes = new Uint8Array(saltBytes);
  let bits = 0;
  let count = 0;
  let at = 0;
  for (const char of salt) {
    bits = ((bits << 6) | alphabet.indexOf(char)) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    if (at < saltBytes) bytes[at++] = (bits >> count) & 0xff;
  }
  return bytes;
}

/** Computes the digest for a bcrypt effect: 31 characters. Passwords are bytes, in any encoding. */
export async function bcryptDigest({ cost, salt, key }: BcryptEffect): Promise<string> {
  const encoded = await bcrypt({
    password: toBytes(key),
    salt: decodeSalt(salt),
    costFactor: cost,
    outputType: 'encoded',
  });
  return encoded.slice(-digestLength);
}
