import { hash } from 'bcryptjs';
import { usageError } from '../errors.js';
import { toBinary, toText } from '../go-compat/utf8.js';
import type { BcryptEffect } from '../auth-engine/effects.js';

const digestLength = 31;

/** What completes a character whose last bytes were cut off, one of which fits each first byte. */
const endings = [
  '',
  '\u0080',
  '\u00a0',
  '\u0080\u0080',
  '\u00a0\u0080',
  '\u0090\u0080',
  '\u0080\u0080\u0080',
  '\u0090\u0080\u0080',
];

/** A text whose UTF-8 form begins with these bytes: bcryptjs takes no bytes. */
function textOfKey(key: string): string | undefined {
  const whole = endings.map((ending) => key + ending).find((binary) => toBinary(toText(binary)) === binary);
  return whole === undefined ? undefined : toText(whole);
}

const known = new Map<string, Promise<string>>();
const maxKnown = 50;

async function compute({ cost, salt, key }: BcryptEffect): Promise<string> {
  const text = textOfKey(key);
  if (text === undefined) throw usageError('password-not-utf8', 'a password that is not UTF-8 cannot be hashed here');
  const hashed = await hash(text, `$2b$${String(cost).padStart(2, '0')}$${salt}`);
  return hashed.slice(-digestLength);
}

/**
 * Computes the digest for a bcrypt effect in plain JavaScript: WebAssembly needs 'wasm-unsafe-eval' in the policy of a
 * page, and is not faster here. The last ones are kept: simulations repeat them. Throws a usage error for a password
 * that is not UTF-8.
 */
export function plainBcryptDigest(effect: BcryptEffect): Promise<string> {
  const name = `${effect.cost}$${effect.salt}${effect.key}`;
  const found = known.get(name) ?? compute(effect);
  known.delete(name);
  known.set(name, found);
  for (const [oldest] of known) if (known.size > maxKnown) known.delete(oldest);
  return found;
}
