import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.js';
import { createBcrypt, createAsyncBcrypt } from '../../src/sandbox/bcrypt.js';

const quick = createBcrypt(4, randomBytes);
const slow = createAsyncBcrypt(8, randomBytes);
const password = new Secret('Pa5sw0Rd');

describe('the hashes of the sandbox', () => {
  it('are written as the meta server writes them, with a new salt each time', () => {
    const first = quick.hash(password).reveal();
    expect(first).toMatch(/^\$2a\$04\$[./A-Za-z0-9]{53}$/);
    expect(quick.hash(password).reveal()).not.toBe(first);
  });

  it('come from the salt that is injected', () => {
    const salted = createBcrypt(4, (count) => new Uint8Array(count));
    expect(salted.hash(password).reveal()).toBe(salted.hash(password).reveal());
  });

  it('fit their password and no other, made quickly or slowly', async () => {
    for (const hash of [quick.hash(password), await slow.hash(password)]) {
      expect(quick.compare(password, hash)).toBe(true);
      expect(await slow.compare(password, hash)).toBe(true);
      expect(await slow.compare(new Secret('other'), hash)).toBe(false);
    }
    expect((await slow.hash(password)).reveal()).toMatch(/^\$2a\$08\$/);
  });

  it('fit with $2b$ and $2y$ alike', () => {
    const hash = quick.hash(password).reveal();
    for (const prefix of ['$2b$', '$2y$']) {
      expect(quick.compare(password, new Secret(hash.replace('$2a$', prefix)))).toBe(true);
    }
  });

  it.each(['', 'plain', '$2a$04$short', 'pbkdf2:sha256:1', `$2a$31$${'x'.repeat(53)}`, `$2a$04$${'!'.repeat(53)}`])(
    'of another kind, %j, fit nothing',
    async (hash) => {
      expect(quick.compare(password, new Secret(hash))).toBe(false);
      expect(await slow.compare(password, new Secret(hash))).toBe(false);
    },
  );

  it('are made one after the other', async () => {
    const order: number[] = [];
    await Promise.all([1, 2, 3].map(async (n) => void order.push((await slow.hash(password), n))));
    expect(order).toEqual([1, 2, 3]);
  });
});
