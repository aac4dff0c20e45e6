import bcrypt from 'bcryptjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bcryptKey, parseBcryptHash } from '../../src/auth-engine/parse-bcrypt.js';
import { maxBcryptBytes } from '../../src/model/secret.js';

const salt = 'abcdefghijklmnopqrstuu';
const digest = 'D'.repeat(31);
const tail = `${salt}${digest}`;

describe('a hash that Kapacitor can check', () => {
  it.each(['$2a$', '$2b$', '$2x$', '$2y$', '$2z$', '$2$', '$1a$', '$1$', '$ a$', '$2é$', '$2ax'])(
    'begins with %j',
    (prefix) => {
      const parts = parseBcryptHash(`${prefix}10$${tail}`);
      expect(parts).toEqual({ ok: true, cost: 10, salt, digest, prefix });
    },
  );

  it.each([
    ['04', 4],
    ['4$', undefined],
    ['03', undefined],
    ['00', undefined],
    ['31', 31],
    ['32', undefined],
    ['99', undefined],
    ['+4', 4],
    ['+9', 9],
    ['-4', undefined],
    [' 4', undefined],
    ['0x', undefined],
    ['4a', undefined],
  ])('has the cost %j: %s', (text, cost) => {
    const parts = parseBcryptHash(`$2a$${text}$${tail}`);
    expect(parts.ok ? parts.cost : undefined).toBe(cost);
    if (!parts.ok) expect(parts.fault).toBe('bad-cost');
  });

  it('may have any separator behind the cost, and anything behind the digest', () => {
    expect(parseBcryptHash(`$2a$10x${tail}`)).toMatchObject({ ok: true, salt, digest });
    expect(parseBcryptHash(`$2a$10$${tail}and more`)).toMatchObject({ ok: true, salt, digest });
  });

  it('has at least 59 characters; one short of 60 it fits no password', () => {
    expect(parseBcryptHash(`$2a$10$${tail}`.slice(0, 59))).toMatchObject({ ok: true, digest: digest.slice(1) });
    expect(parseBcryptHash(`$2$10$${tail}`)).toMatchObject({ ok: true, digest });
    expect(parseBcryptHash(`$2a$10$${tail}`.slice(0, 58))).toEqual({ ok: false, fault: 'too-short' });
  });
});

describe('a hash that Kapacitor cannot check', () => {
  it.each([
    ['', 'too-short'],
    ['plain', 'too-short'],
    [`x2a$10$${tail}`, 'not-bcrypt'],
    [`pbkdf2-sha512:10000:${tail}`, 'not-bcrypt'],
    [`$3a$10$${tail}`, 'version-too-new'],
    [`$a$10$${tail}x`, 'version-too-new'],
    [`$2a$10$${tail.replace('c', '+')}`, 'bad-salt'],
    [`$2a$10$${tail.replace('c', '\u00e9')}`, 'bad-salt'],
    [`$2a$1`.padEnd(70, 'x'), 'bad-cost'],
  ])('%j: %s', (hash, fault) => {
    expect(parseBcryptHash(hash)).toEqual({ ok: false, fault });
  });
});

describe('bcryptKey', () => {
  it('is the password and a NUL over and over, 72 bytes', () => {
    expect(bcryptKey('')).toBe('\0'.repeat(72));
    expect(bcryptKey('ab')).toBe('ab\0'.repeat(24));
    expect(bcryptKey('x'.repeat(71))).toBe(`${'x'.repeat(71)}\0`);
    expect(bcryptKey('x'.repeat(72))).toBe('x'.repeat(72));
  });

  it('looks at 72 bytes and no more', () => {
    expect(maxBcryptBytes).toBe(72);
    expect(bcryptKey(`${'x'.repeat(72)}y`)).toBe(bcryptKey(`${'x'.repeat(72)}z`));
    expect(bcryptKey(`${'x'.repeat(71)}y`)).not.toBe(bcryptKey(`${'x'.repeat(71)}z`));
  });

  it('takes a short password repeated after a NUL for the same', () => {
    expect(bcryptKey('ab\0ab')).toBe(bcryptKey('ab'));
  });

  it('is equal for two passwords exactly where bcrypt takes them for one', () => {
    const piece = fc.constantFrom('a', '\0', 'ab', 'x'.repeat(40));
    const password = fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join(''));
    const hash = (text: string): string => bcrypt.hashSync(text, `$2a$04$${salt}`);
    fc.assert(
      fc.property(password, password, (one, other) => {
        expect(bcryptKey(one) === bcryptKey(other)).toBe(hash(one) === hash(other));
      }),
      { numRuns: 60 },
    );
  });
});
