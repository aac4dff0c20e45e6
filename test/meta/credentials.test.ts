import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signToken } from '../../src/meta/credentials.js';
import { Secret } from '../../src/model/secret.js';
import { clientOf, fastClock } from './clients.js';
import { answer, serve } from './server.js';

function decoded(token: string) {
  const [head = '', claims = '', signature = ''] = token.split('.');
  const json = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  return { head: json(head), claims: json(claims), signature, signed: `${head}.${claims}` };
}

function hmac(text: string, secret: string): string {
  return createHmac('sha512', secret).update(text).digest('base64url');
}

describe('bearer tokens', () => {
  it('are HS512, name the user and live five minutes', () => {
    const { head, claims, signature, signed } = decoded(signToken('', 'shared', 1_700_000_000_999));
    expect(head).toEqual({ alg: 'HS512', typ: 'JWT' });
    expect(claims).toEqual({ username: '', exp: 1_700_000_300 });
    expect(signature).toBe(hmac(signed, 'shared'));
  });

  it('can be signed with an empty secret', () => {
    const { signature, signed } = decoded(signToken('joe', '', 0));
    expect(signature).toBe(hmac(signed, ''));
  });

  it('go with each request, and are made anew before they grow old', async () => {
    const server = await serve((_, response) => answer(response, 200, {}));
    const clock = fastClock();
    const credentials = { kind: 'bearer', username: 'joe', secret: new Secret('shared') } as const;
    const client = clientOf(server.url, { credentials, clock });
    for (let minutes = 0; minutes < 8; minutes++) {
      await client.users();
      const token = server.seen.at(-1)?.headers.authorization?.replace('Bearer ', '') ?? '';
      const { claims, signature, signed } = decoded(token);
      expect(signature).toBe(hmac(signed, 'shared'));
      const { exp } = claims as { exp: number };
      expect(exp * 1000 - clock.now()).toBeGreaterThan(200_000);
      expect(exp * 1000 - clock.now()).toBeLessThanOrEqual(300_000);
      await clock.sleep(60_000);
    }
  });
});
