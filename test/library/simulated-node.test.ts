import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bcryptDigest } from '../../src/auth-engine/bcrypt-digest.js';
import { bcryptKey } from '../../src/auth-engine/bcrypt-hash.js';
import { toBinary } from '../../src/go-compat/utf8.js';
import { plainBcryptDigest } from '../../src/library/simulated-node.js';

const salt = 'abcdefghijklmnopqrstuu';
const effect = (binary: string) => ({ want: 'bcrypt', cost: 4, salt, key: bcryptKey(binary) }) as const;

describe('plainBcryptDigest', () => {
  it('is the digest of WebAssembly, for each text', async () => {
    const chars = fc.constantFrom('a', '\0', 'ü', 'ࠀ', '€', '\ud7ff', '\ue000', '𐀀', '😀', '\u{10ffff}');
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(chars, { maxLength: 80 }).map((parts) => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const binary = toBinary(text);
        expect(await plainBcryptDigest(effect(binary))).toBe(await bcryptDigest(effect(binary)));
      }),
      { numRuns: 150 },
    );
  });

  it('completes a character that the 72 bytes cut', async () => {
    for (const char of ['ü', 'ࠀ', '€', '\ud7ff', '\uffff', '𐀀', '😀', '\u{10ffff}']) {
      for (let before = 68; before < 72; before++) {
        const binary = toBinary('x'.repeat(before) + char);
        expect(await plainBcryptDigest(effect(binary))).toBe(await bcryptDigest(effect(binary)));
      }
    }
  });

  it('hashes no bytes that are not UTF-8: bcryptjs would hash others', async () => {
    await expect(plainBcryptDigest(effect('\u00fc'))).rejects.toThrow('a password that is not UTF-8 cannot be hashed');
    await expect(plainBcryptDigest(effect('a\u00c3('))).rejects.toThrow('a password that is not UTF-8');
  });
});
