import type { Context } from '../context.js';
import { Secret } from '../model/secret.js';

/** Without letters and digits that look alike (0 O o, 1 I l i). */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789';
const length = 24;
const draws = 100;

/** A random password of 24 characters, each of the alphabet as likely as any other. */
export function generatePassword(randomBytes: Context['randomBytes']): Secret {
  const fair = 256 - (256 % alphabet.length);
  let password = '';
  for (let i = 0; i < draws && password.length < length; i++) {
    for (const byte of randomBytes(length)) {
      if (byte < fair && password.length < length) password += alphabet.charAt(byte % alphabet.length);
    }
  }
  if (password.length < length) throw new Error('the source of random bytes gives no random bytes');
  return new Secret(password);
}
