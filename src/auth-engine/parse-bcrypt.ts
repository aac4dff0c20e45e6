import { maxBcryptBytes } from '../model/secret.js';
import type { KapacitorVersion } from '../model/kapacitor-versions.js';

/** The parts of a bcrypt hash, or why Go cannot parse it (golang.org/x/crypto/bcrypt, newFromHash). */
export type BcryptHash =
  | {
      readonly ok: true;
      readonly cost: number;
      readonly salt: string;
      readonly digest: string;
      readonly prefix: string;
    }
  | { readonly ok: false; readonly fault: BcryptHashFault };

export type BcryptHashFault = 'too-short' | 'not-bcrypt' | 'version-too-new' | 'bad-cost' | 'bad-salt';

const minHashLength = 59;
const saltLength = 22;
const digestLength = 31;
const saltAlphabet = /^[./A-Za-z0-9]{22}$/;

const maxCost = 31;

/** Why a password cannot be hashed (golang.org/x/crypto/bcrypt, GenerateFromPassword); undefined if it can. */
export function hashingFault(
  password: string,
  cost: number,
  { rules }: KapacitorVersion,
): 'too-long' | 'cost-too-high' | undefined {
  if (password.length > maxBcryptBytes && rules.longPasswords) return 'too-long';
  return cost > maxCost ? 'cost-too-high' : undefined;
}

/**
 * Parses a bcrypt hash as Go does: any character is accepted as minor version and as separator, and what follows the
 * digest is ignored. The digest of a matching password must equal `digest`, 31 characters.
 */
export function parseBcryptHash(hash: string): BcryptHash {
  if (hash.length < minHashLength) return { ok: false, fault: 'too-short' };
  if (hash[0] !== '$') return { ok: false, fault: 'not-bcrypt' };
  if (hash[1]! > '2') return { ok: false, fault: 'version-too-new' };
  const costAt = hash[2] === '$' ? 3 : 4;
  const digits = hash.slice(costAt, costAt + 2);
  const cost = /^(\d\d|[+-]\d)$/.test(digits) ? Number(digits) : -1;
  if (cost < 4 || cost > maxCost) return { ok: false, fault: 'bad-cost' };
  const saltAt = costAt + 3;
  const salt = hash.slice(saltAt, saltAt + saltLength);
  if (!saltAlphabet.test(salt)) return { ok: false, fault: 'bad-salt' };
  const digest = hash.slice(saltAt + saltLength, saltAt + saltLength + digestLength);
  return { ok: true, cost, salt, digest, prefix: hash.slice(0, costAt) };
}

/**
 * The 72 bytes that bcrypt derives from a password: the password and a NUL, repeated. Passwords with equal keys are
 * equal to bcrypt.
 */
export function bcryptKey(password: string): string {
  const unit = `${password.slice(0, maxBcryptBytes)}\0`;
  return unit.repeat(Math.ceil(maxBcryptBytes / unit.length)).slice(0, maxBcryptBytes);
}
