import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hmac } from '../../src/go-compat/hmac.js';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array).toString('latin1'));

it.each(['sha256', 'sha384', 'sha512'] as const)('%s signs as OpenSSL does, whatever the key and message', (name) => {
  fc.assert(
    fc.property(bytes(300), bytes(300), (key, message) => {
      const theirs = createHmac(name, Buffer.from(key, 'latin1')).update(message, 'latin1').digest().toString('latin1');
      expect(hmac(name, key, message)).toBe(theirs);
    }),
    { numRuns: 40 },
  );
  for (const length of [54, 55, 56, 63, 64, 65, 111, 112, 119, 120, 127, 128, 129]) {
    const theirs = createHmac(name, 'k').update('m'.repeat(length)).digest().toString('latin1');
    expect(hmac(name, 'k', 'm'.repeat(length))).toBe(theirs);
  }
});
