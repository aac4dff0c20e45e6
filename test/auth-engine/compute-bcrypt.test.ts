import bcrypt from 'bcryptjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bcryptKey, parseBcryptHash } from '../../src/auth-engine/parse-bcrypt.js';
import { toBinary } from '../../src/go-compat/utf8.js';
import { bcryptDigest } from '../../src/auth-engine/compute-bcrypt.js';

async function fits(password: string, hash: string): Promise<boolean> {
  const parts = parseBcryptHash(hash);
  if (!parts.ok) return false;
  const { cost, salt, digest } = parts;
  return (await bcryptDigest({ want: 'bcrypt', cost, salt, key: bcryptKey(toBinary(password)) })) === digest;
}

describe('bcryptDigest', () => {
  it('gives what another bcrypt gives, whatever the password', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 80 }), fc.string({ maxLength: 80 }), async (password, other) => {
        const hash = bcrypt.hashSync(password, 4);
        expect(await fits(password, hash)).toBe(true);
        expect(await fits(other, hash)).toBe(bcrypt.compareSync(other, hash));
      }),
      { numRuns: 25 },
    );
  });

  it('takes a salt with odd last bits for the same salt', async () => {
    const hash = bcrypt.hashSync('right', '$2a$04$abcdefghijklmnopqrstu.');
    expect(await fits('right', hash)).toBe(true);
    expect(await fits('right', hash.replace('tu.', 'tuA'))).toBe(true);
    expect(await fits('right', hash.replace('tu.', 'tuO'))).toBe(false);
  });

  it('takes bytes that are no text', async () => {
    const salt = 'abcdefghijklmnopqrstuu';
    const digests = ['\u00ff', '\u00fe', '\u00c3\u00bf'].map((key) =>
      bcryptDigest({ want: 'bcrypt', cost: 4, salt, key: bcryptKey(key) }),
    );
    expect(new Set(await Promise.all(digests)).size).toBe(3);
  });
});
