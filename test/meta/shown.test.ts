import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskSecrets, shownBody, shownUrl } from '../../src/meta/shown.js';

describe('what is shown of a server and its URL', () => {
  it('no secret in any of its forms, wherever it stands', () => {
    // A secret of fewer characters may stand in the text by chance, after masking too.
    const secret = fc.string({ unit: 'grapheme', minLength: 6, maxLength: 40 }).filter((text) => !text.includes('*'));
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (word, before, after) => {
        const base64 = Buffer.from(word).toString('base64');
        const forms = [word, encodeURIComponent(word), JSON.stringify(word).slice(1, -1), base64];
        for (const form of forms) {
          expect(maskSecrets(`${before}${form}${after}`, [word])).toContain('***');
          expect(maskSecrets(`${before}${form}${after}`, [word])).not.toContain(form);
        }
      }),
    );
  });

  it('nor the rest of a secret that is longer than what is looked at', () => {
    const secret = 'ab'.repeat(500_000);
    expect(shownBody(Buffer.from(`you said ${secret}`), [secret])).toBe('you said ***');
  });

  it('an empty secret masks nothing', () => {
    expect(maskSecrets('text', [''])).toBe('text');
  });

  it('a URL without passwords, and not without end', () => {
    expect(shownUrl('http://h:1', '/authorized?name=a&password=b%26&p=c&x=p')).toBe(
      'http://h:1/authorized?name=a&password=***&p=***&x=p',
    );
    expect(shownUrl('http://h:1', `/user?name=${'a'.repeat(1e6)}`).length).toBeLessThan(400);
  });
});
