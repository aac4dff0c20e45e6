import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { MetaEvent } from '../../src/meta/api.js';
import { Secret } from '../../src/model/secret.js';
import { basic, clientOf, createJoe, failureOf } from './clients.js';
import { answer, deadUrl, redirect, serve } from './server.js';

function observer() {
  const events: MetaEvent[] = [];
  return { events, observe: (event: MetaEvent) => void events.push(event) };
}

describe('what an observer is told', () => {
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
