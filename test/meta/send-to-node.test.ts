import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signToken } from '../../src/meta/authorization.js';
import { Secret } from '../../src/model/secret.js';
import { basic, clientOf, createJoe, failureOf, fastClock } from './clients.js';
import { answer, deadUrl, redirect, serve } from './server.js';
import { inspect } from 'node:util';
import type { MetaEvent } from '../../src/meta/client-types.js';

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

function observer() {
  const events: MetaEvent[] = [];
  return { events, observe: (event: MetaEvent) => void events.push(event) };
}

describe('what an observer is reported', () => {
  it('each request as it was sent, with its secrets out, and its answer', async () => {
    const leader = await serve((_, response) => answer(response, 200));
    const first = await serve((seen, response) => redirect(response, seen, leader.url));
    const { events, observe } = observer();
    await clientOf([first.url, leader.url], { credentials: basic, observe }).writeUser(createJoe);
    const request = {
      type: 'request',
      method: 'POST',
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': 'kapadmin',
        'content-type': 'application/json',
      },
      account: { kind: 'basic', username: 'admin' },
      body: '{"action":"create","user":{"name":"joe","password":"***"}}',
    };
    const answered = { type: 'response', method: 'POST', ms: 0, bytes: 0 };
    expect(events).toEqual([
      { ...request, id: 1, url: `${first.url}/user` },
      { ...answered, id: 1, url: `${first.url}/user`, status: 307, location: `${leader.url}/user` },
      { ...request, id: 2, url: `${leader.url}/user` },
      { ...answered, id: 2, url: `${leader.url}/user`, status: 200, location: undefined },
    ]);
  });

  it('failures and pauses', async () => {
    const { events, observe } = observer();
    await failureOf(clientOf(await deadUrl(), { observe, retries: 1 }).users());
    expect(events.map(({ type }) => type)).toEqual(['request', 'failure', 'wait', 'request', 'failure']);
    expect(events[2]).toEqual({ type: 'wait', code: 'connection-refused', ms: 100 });
  });

  it('never a secret: of the connection, of a user, in a query or in a redirect', async () => {
    const server = await serve((seen, response) => {
      const leak = `${seen.url}&password=authorized-pw-1`;
      if (seen.url.startsWith('/authorized') && !seen.url.includes('again')) {
        answer(response, 307, undefined, { location: `${leak}&again=1` });
      } else answer(response, 500, { error: `${seen.body} ${seen.url} ${seen.headers.authorization}` });
    });
    const secrets = ['changeit-4711', 'joe-secret-0815', 'authorized-pw-1', 'shared-secret-99', '$2a$10$QQQQ'];
    const { events, observe } = observer();
    const errors: unknown[] = [];
    const bearer = { kind: 'bearer', username: '', secret: new Secret('shared-secret-99') } as const;
    for (const credentials of [basic, bearer]) {
      const client = clientOf(server.url, { credentials, observe });
      const question = { name: 'joe', password: new Secret('authorized-pw-1'), permission: 'x', resource: 'y' };
      const hash = new Secret('$2a$10$QQQQ');
      errors.push(await failureOf(client.writeUser(createJoe)));
      errors.push(await failureOf(client.writeUser({ action: 'create', user: { name: 'jane', hash } })));
      errors.push(await failureOf(client.authorized(question)));
    }
    const tokens = server.seen.map(({ headers }) => headers.authorization?.split(' ')[1] ?? '');
    const plain = [...secrets, ...tokens].filter((text) => text !== '');
    const printed = JSON.stringify(events) + errors.map((error) => inspect(error, { depth: 5 })).join('');
    for (const secret of plain) {
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
        expect(printed).not.toContain(form);
      }
    }
  });
});
