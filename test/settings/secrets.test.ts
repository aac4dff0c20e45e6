import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { generatePassword } from '../../src/settings/secrets.js';

/** The character that a byte stands for, undefined where it is passed over. */
function charOf(byte: number): string | undefined {
  try {
    return generatePassword((count) => new Uint8Array(count).fill(byte)).reveal()[0];
  } catch {
    return undefined;
  }
}

describe('a generated password', () => {
  it('has 24 characters, none of which look alike', () => {
    for (let i = 0; i < 200; i++) {
      const password = generatePassword(randomBytes).reveal();
      expect(password).toMatch(/^[A-Za-z2-9]{24}$/);
      expect(password).not.toMatch(/[Oo1Iil]/);
    }
  });

  it('takes each character from as many bytes as any other', () => {
    const counts = new Map<string, number>();
    for (let byte = 0; byte < 256; byte++) {
      const char = charOf(byte);
      if (char !== undefined) counts.set(char, (counts.get(char) ?? 0) + 1);
    }
    expect(counts.size).toBeGreaterThan(50);
    expect(new Set(counts.values()).size).toBe(1);
  });

  it('is not made from a source that gives nothing random', () => {
    expect(() => generatePassword((count) => new Uint8Array(count).fill(255))).toThrow('no random bytes');
  });
});
