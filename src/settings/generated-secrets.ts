import type { Context } from '../context.js';
import { Secret } from '../model/secret.js';
import type { Factory } from '../cli/factory.js';

/** Without letters and digits that look alike (0 O o, 1 I l i). */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789';
const passwordLength = 24;
const maxDraws = 100;

/** A random password of 24 characters, each of the alphabet as likely as any other. */
export function generatePassword(randomBytes: Context['randomBytes']): Secret {
  const unbiasedLimit = 256 - (256 % alphabet.length);
  let password = '';
  for (let i = 0; i < maxDraws && password.length < passwordLength; i++) {
    for (const byte of randomBytes(passwordLength)) {
      if (byte < unbiasedLimit && password.length < passwordLength) password += alphabet.charAt(byte % alphabet.length);
    }
  }
  if (password.length < passwordLength) throw new Error('the source of random bytes gives no random bytes');
  return new Secret(password);
}

const secretBytes = 36;

/** A new shared secret of 48 characters. */
export function generateSharedSecret({ context }: Factory): string {
  return Buffer.from(context.randomBytes(secretBytes)).toString('base64url');
}
