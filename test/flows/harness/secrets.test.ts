import { afterEach, describe, expect, it } from 'vitest';
import { forgetOutputs, leaks, recordOutput, registerSecret } from './secrets.js';

const secret = registerSecret('s3cret/pass "word"+ä');

describe('the search for secrets', () => {
  afterEach(forgetOutputs);

  it.each([
    ['plain', secret],
    ['in JSON', JSON.stringify({ secret })],
    ['percent-encoded', encodeURIComponent(secret)],
    ['in a form', encodeURIComponent(secret).replaceAll('%20', '+')],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in Basic credentials', Buffer.from(`u:${secret}`).toString('base64')],
    ['in Basic credentials of a longer name', Buffer.from(`ab:${secret}`).toString('base64')],
    ['in base64url', Buffer.from(`abc:${secret}`).toString('base64url')],
    ['in hex', Buffer.from(secret).toString('hex')],
  ])('finds one %s', (_, text) => {
    recordOutput('planted', `before ${text} after`);
    expect(leaks()).toEqual(['planted printed the secret that begins with s3']);
  });

  it('finds none in what without it, or was asked to print it', () => {
    recordOutput('clean', 'password: ***');
    recordOutput('generate', secret, [secret]);
    expect(leaks()).toEqual([]);
  });

  it('takes no secret that would be found by chance', () => {
    expect(() => registerSecret('admin')).toThrow('5 characters');
  });
});
