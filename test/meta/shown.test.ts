import { describe, expect, it } from 'vitest';
import { shownBody, shownUrl } from '../../src/meta/shown.js';

describe('what is shown of a server and its URL', () => {
  it('nothing of a secret that is longer than what is looked at', () => {
    const secret = 'ab'.repeat(500_000);
    expect(shownBody(Buffer.from(`you said ${secret}`), [secret])).toBe('you said ***');
  });

  it('no half of a secret, where only the beginning of a body is looked at', () => {
    for (let before = 8170; before < 8200; before++) {
      const body = Buffer.from(`${' '.repeat(before)}Qm7tXv2Lk-and-more ${'x'.repeat(100)}`);
      expect(shownBody(body, ['Qm7tXv2Lk-and-more'])).not.toContain('Qm7t');
    }
  });

  it('no password or hash of a document, whatever stands in it', () => {
    const body = Buffer.from(JSON.stringify({ user: { password: 'a"b\\c', hash: '$2a$10$abc"defghij' } }));
    expect(shownBody(body, [])).toBe('{"user":{"password":"***","hash":"***"}}');
  });

  it('a URL without passwords, and not without end', () => {
    expect(shownUrl('http://h:1', '/authorized?name=a&password=b%26&p=c&x=p')).toBe(
      'http://h:1/authorized?name=a&password=***&p=***&x=p',
    );
    expect(shownUrl('http://h:1', `/user?name=${'a'.repeat(1e6)}`).length).toBeLessThan(400);
  });
});
