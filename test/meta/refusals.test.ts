import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.js';
import { basic, clientOf, createJoe, failureOf } from './clients.js';
import { answer, serve } from './server.js';

const bearer = { kind: 'bearer', username: '', secret: new Secret('shared-secret-99') } as const;

const cases = [
  [401, 'unable to parse authentication credentials', 'refused', 'credentials-missing', undefined, '--meta-username'],
  [401, 'unable to parse authentication credentials', 'refused', 'credentials-missing', bearer, 'bearer'],
  [401, 'authorization failed', 'refused', 'credentials-refused', basic, 'password'],
  [401, 'authorization failed', 'refused', 'credentials-refused', bearer, 'shared secret'],
  [401, 'username required', 'refused', 'credentials-refused', basic, 'password'],
  [403, 'user joe does not have privileges', 'refused', 'forbidden', basic, 'rights'],
  [404, 'user not found', 'not-found', 'user-not-found', basic, ''],
  [404, 'role not found', 'not-found', 'role-not-found', basic, ''],
  [400, 'user already exists', 'exists', 'user-exists', basic, ''],
  [400, 'role already exists', 'exists', 'role-exists', basic, ''],
  [400, 'must create admin user first', 'server', 'no-admin-user', basic, 'kapadmin bootstrap NAME'],
  [400, 'invalid action: x', 'server', 'request-refused', basic, ''],
  [400, 'password required', 'server', 'request-refused', basic, ''],
  [400, 'creating users is disallowed when ldap is enabled', 'server', 'ldap-refused', basic, 'ldap.toml'],
  [403, 'modifying user privileges is disallowed when LDAP is enabled', 'server', 'ldap-refused', basic, 'role'],
] as const;

describe('what the server refuses', () => {
  it.each(cases)('%i "%s" is %s, %s', async (status, text, kind, code, credentials, hint) => {
    const server = await serve((_, response) => answer(response, status, { error: text }));
    const error = await failureOf(clientOf(server.url, { credentials }).writeUser(createJoe));
    expect(error).toMatchObject({ kind, code, status, serverText: text, fate: 'answered', method: 'POST' });
    expect(error.message).toBe(`cannot create user "joe": POST ${server.url}/user: ${status} ${text}`);
    expect(error.hint ?? '').toContain(hint);
    expect(server.seen).toHaveLength(1);
  });

  it.each([500, 502, 503, 504])('a %i leaves the fate of a write unknown, and is not repeated', async (status) => {
    const server = await serve((_, response) => answer(response, status, { error: 'out of luck' }));
    const error = await failureOf(clientOf(server.url).writeUser(createJoe));
    expect(error).toMatchObject({ kind: 'server', code: 'server-error', fate: 'unknown' });
    expect(server.seen).toHaveLength(1);
  });

  it.each([301, 302, 303, 308])('a %i is not followed, and named', async (status) => {
    const server = await serve((_, response) =>
      answer(response, status, undefined, { location: 'http://login.test/' }),
    );
    const error = await failureOf(clientOf(server.url).users());
    expect(error).toMatchObject({ kind: 'server', code: 'unexpected-redirect' });
    expect(error.message).toContain('http://login.test/');
    expect(server.seen).toHaveLength(1);
  });

  it('shows other bodies than JSON short', async () => {
    const page = `<html>\u001b]0;owned\u0007\u009b31m\u202e${'x'.repeat(5000)}`;
    const server = await serve((_, response) => {
      response.statusCode = 418;
      response.end(page);
    });
    const error = await failureOf(clientOf(server.url).users());
    expect(error).toMatchObject({ kind: 'server', status: 418 });
    expect(error.message).toContain('<html>\u001b]0;owned\u0007\u009b31m\u202e');
    expect(error.message.length).toBeLessThan(400);
  });

  it('shows no secret that a server echoes', async () => {
    const server = await serve((seen, response) => {
      answer(response, 400, { error: `bad ${seen.headers.authorization} changeit-4711 in ${seen.body}` });
    });
    const client = clientOf(server.url, { credentials: basic });
    const hash = new Secret('$2a$10$abcdefghijklmnopqrstuv');
    const errors = [
      await failureOf(client.writeUser(createJoe)),
      await failureOf(client.writeUser({ action: 'create', user: { name: 'joe', hash } })),
    ];
    for (const error of errors) {
      const shown = `${error.message} ${error.serverText}`;
      expect(shown).toContain('***');
      for (const secret of [
        'changeit-4711',
        'joe-secret-0815',
        'abcdefghij',
        Buffer.from('admin:changeit-4711').toString('base64'),
      ]) {
        expect(shown).not.toContain(secret);
      }
    }
  });
});
