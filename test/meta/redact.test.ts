import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact, displayBody, displayUrl } from '../../src/meta/redact.js';
import { formsOf, inGoJson } from '../leak-tests/forms.js';
import { nodeOrigin } from '../../src/model/urls.js';
import { parseHostPort } from '../../src/meta/nodes.js';
import { clientOf, failureOf } from './clients.js';
import { serve } from './server.js';

// A secret of fewer characters may stand in the text by chance, after masking too.
const secret = fc.string({ unit: 'grapheme', minLength: 6, maxLength: 40 }).filter((text) => !text.includes('*'));
const percent = (text: string): string => encodeURIComponent(text);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('what a server says', () => {
  it('shows no secret in any of its forms, wherever it stands', () => {
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (word, before, after) => {
        for (const form of formsOf(word)) {
          const masked = redact(`${before}${form}${after}`, [word]);
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
    const masked = redact(text, ['pa ss/"<w\u00f6rd>&+"']);
    expect(masked).toContain('***');
    expect(masked.length).toBeLessThanOrEqual(text.length - 12);
  });

  it('keeps what stands around and between secrets', () => {
    expect(redact('a one b%6fne c two', ['one', 'two'])).toBe('a *** b*** c ***');
    expect(redact('one', [''])).toBe('one');
    expect(redact('%zz \\u12 &nope; +', ['secret'])).toBe('%zz \\u12 &nope; +');
  });

  it('of two that overlap shows neither', () => {
    expect(redact('xabcdefy', ['abcd', 'cdef'])).toBe('x***y');
  });

  it('is left alone but for them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(redact(text, ['Qm7tXv2Lk-no-such-secret'])).toBe(text);
      }),
    );
  });
});

const hostile = [
  '$({touch,pwned})',
  ';{touch,pwned};',
  "a'b",
  'a&b',
  'a"b',
  'a`b',
  '{a,b}',
  'a$b',
  'a!b',
  'a*b',
  'a(b)',
  'a+b',
  'a=b',
  'a~b',
];

describe('attack H4: a host with characters outside host names', () => {
  it.each(hostile)('is no target of a redirect: %s', async (host) => {
    const server = await serve((_, response) => {
      response.writeHead(307, { location: `http://${host}:8091/user` });
      response.end();
    });
    const error = await failureOf(clientOf(server.url).users());
    expect(error).toMatchObject({ kind: 'server', code: 'bad-redirect' });
    expect(error.hint ?? '').not.toContain('touch');
  });

  it.each(hostile)('is no address of a node: %s', (host) => {
    expect(parseHostPort(`${host}:8091`, 'http:')).toBeUndefined();
    expect(nodeOrigin(`http://${host}:8091`)).toMatchObject({ problem: expect.any(String) as string });
  });

  it.each(['meta-1.example.org', 'meta_1', '127.0.0.1', '[::1]'])('as %s is one', (host) => {
    expect(parseHostPort(`${host}:8091`, 'http:')?.host).toBe(`${host}:8091`);
  });
});

describe('what is shown of a server and its URL', () => {
  it('nothing of a secret that is longer than what is looked at', () => {
    const secret = 'ab'.repeat(500_000);
    expect(displayBody(Buffer.from(`you said ${secret}`), [secret])).toBe('you said ***');
  });

  it('no half of a secret, where only the beginning of a body is looked at', () => {
    for (let before = 8170; before < 8200; before++) {
      const body = Buffer.from(`${' '.repeat(before)}Qm7tXv2Lk-and-more ${'x'.repeat(100)}`);
      expect(displayBody(body, ['Qm7tXv2Lk-and-more'])).not.toContain('Qm7t');
    }
  });

  it.each([
    ['{"users":[{"name":"a","hash":{"x":"S3CR3T"}}]}', '{"users":[{"name":"a","hash":***'],
    ['{"users":[{"hash" : ["S3CR3T", "b"], "name":"a"}]}', '{"users":[{"hash" : ***'],
    ['{"password":12345678}', '{"password":***'],
    ['{"hash":null,"name":"a"}', '{"hash":null,"name":"a"}'],
  ])('attack new-hash-shape: no hash of another shape: %s', (body, shown) => {
    expect(displayBody(Buffer.from(body), [])).toBe(shown);
  });

  it.each(['utf16le', 'utf16be'])('attack new-hash-shape: no secret in a body in %s', (encoding) => {
    const body = Buffer.from('{"hash":"$2a$10$abcdefghij","said":"changeit"}', 'utf16le');
    if (encoding === 'utf16be') body.swap16();
    expect(displayBody(body, ['changeit'])).toBe('{"hash":"***","said":"***"}');
  });

  it('no password or hash of a document, whatever its content', () => {
    const body = Buffer.from(JSON.stringify({ user: { password: 'a"b\\c', hash: '$2a$10$abc"defghij' } }));
    expect(displayBody(body, [])).toBe('{"user":{"password":"***","hash":"***"}}');
  });

  it('a URL without passwords, and not without end', () => {
    expect(displayUrl('http://h:1', '/authorized?name=a&password=b%26&p=c&x=p')).toBe(
      'http://h:1/authorized?name=a&password=***&p=***&x=p',
    );
    expect(displayUrl('http://h:1', `/user?name=${'a'.repeat(1e6)}`).length).toBeLessThan(400);
  });
});
