import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskSecrets } from '../../src/meta/masked.js';
import { formsOf, inGoJson } from '../secrets/forms.js';

// A secret of fewer characters may stand in the text by chance, after masking too.
const secret = fc.string({ unit: 'grapheme', minLength: 6, maxLength: 40 }).filter((text) => !text.includes('*'));
const percent = (text: string): string => encodeURIComponent(text);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('what a server says', () => {
  it('shows no secret in any of its forms, wherever it stands', () => {
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (word, before, after) => {
        for (const form of formsOf(word)) {
          const masked = maskSecrets(`${before}${form}${after}`, [word]);
          expect(masked).toContain('***');
          expect(masked).not.toContain(form);
        }
      }),
    );
  });

  it.each([
    ['of a query, some of it encoded', '?p=pa%20ss/%22<w%C3%B6rd>%26+"'],
    ['of a form', '?p=pa+ss%2F%22%3Cw%C3%B6rd%3E%26%2B%22&x'],
    ['of a page', '<p>pa ss/&quot;&lt;w\u00f6rd&gt;&amp;+&#34;</p>'],
    ['of a page with numbers', 'pa&#x20;ss&#47;&#34;&#x3C;w&#246;rd&#62;&#38;+&quot;'],
    ['of JSON in JSON', inGoJson('{"x":"pa ss/\\"<w\u00f6rd>&+\\""}')],
    ['of JSON in a query', percent('{"x":"pa ss/\\"<w\u00f6rd>&+\\""}')],
    ['of JSON in base64', base64('{"x":"pa ss/\\"<w\u00f6rd>&+\\""}')],
    ['of JSON in base64 of an odd length', base64('u {"x":"pa ss/\\"<w\u00f6rd>&+\\""}')],
    ['of JSON of Go in hex', Buffer.from('{"x":"pa ss/\\"\\u003cw\u00f6rd\\u003e\\u0026+\\""}').toString('hex')],
    ['of JSON that escapes more', '"pa ss\\/\\"\\u003Cw\\u00F6rd>&+\\u0022"'],
  ])('shows none %s', (_, text) => {
    const masked = maskSecrets(text, ['pa ss/"<w\u00f6rd>&+"']);
    expect(masked).toContain('***');
    expect(masked.length).toBeLessThanOrEqual(text.length - 12);
  });

  it('keeps what stands around and between secrets', () => {
    expect(maskSecrets('a one b%6fne c two', ['one', 'two'])).toBe('a *** b*** c ***');
    expect(maskSecrets('one', [''])).toBe('one');
    expect(maskSecrets('%zz \\u12 &nope; +', ['secret'])).toBe('%zz \\u12 &nope; +');
  });

  it('of two that overlap shows neither', () => {
    expect(maskSecrets('xabcdefy', ['abcd', 'cdef'])).toBe('x***y');
  });

  it('is left alone but for them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(maskSecrets(text, ['Qm7tXv2Lk-no-such-secret'])).toBe(text);
      }),
    );
  });
});
