import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/model/secret.js';
import { runSync, userOfToken } from '../../../src/sandbox/meta-node/login.js';
import { handleNodeRequest } from '../../../src/sandbox/meta-node/handler.js';
import { singleNode } from '../../../src/sandbox/meta-node/cluster.js';
import { emptyState } from '../../../src/sandbox/meta-node/store.js';
import { admin, asker, basic, bcrypt, handlerOptions, peopledState, sign, toRequest } from './ask.js';
import fc from 'fast-check';

const secrets = { shared: new Secret('common'), internal: new Secret('inner') };
const withSecrets = handlerOptions({ login: { kind: 'users', secrets } });

function token(username: string, secret: string): { headers: { authorization: string } } {
  return { headers: { authorization: `Bearer ${sign({ username, exp: 300 }, secret)}` } };
}

const unreadable = [401, '{"error":"unable to parse authentication credentials"}'] as const;
const failed = [401, '{"error":"authorization failed"}'] as const;

describe('who logs in at a meta node', () => {
  const ask = asker(peopledState(), withSecrets);

  it.each([
    ['no header', {}],
    ['another scheme', { headers: { authorization: 'Digest x' } }],
    ['Basic that is no base64', { headers: { authorization: 'Basic ***' } }],
    ['Basic without padding', { headers: { authorization: basic('admin:changeit').replace(/=+$/, '') } }],
    ['Basic without a colon', { as: 'admin' }],
    ['Bearer with nothing behind it', { headers: { authorization: 'Bearer' } }],
  ])('is told that %s cannot be read', (_, sent) => {
    const { status, body, headers } = ask('GET /user', sent);
    expect([status, body]).toEqual(unreadable);
    expect(headers).toContainEqual(['WWW-Authenticate', 'Basic realm="InfluxDB"']);
  });

  it.each([
    ['a wrong password', { as: 'admin:wrong' }],
    ['an unknown name', { as: 'nobody:changeit' }],
    ['a token of an unknown name', token('nobody', 'common')],
    ['a token signed with another secret', token('admin', 'other')],
    ['an unreadable token', { headers: { authorization: 'Bearer x.y.z' } }],
  ])('is refused with %s', (_, sent) => {
    const { status, body } = ask('GET /user', sent);
    expect([status, body]).toEqual(failed);
  });

  it('needs a name', () => {
    expect(ask('GET /user', { as: ':changeit' })).toMatchObject({ status: 401, body: '{"error":"username required"}' });
  });

  it.each([
    ['Basic', admin],
    ['Basic in any case', { headers: { authorization: basic('admin:changeit').replace('Basic', 'bASIC') } }],
    ['a token with a name', token('admin', 'common')],
    ['a token without a name, signed with the internal secret', token('', 'inner')],
  ])('gets in with %s', (_, sent) => {
    expect(ask('GET /user', sent).status).toBe(200);
  });

  it('gets in with name and password in the query, which come before the header', () => {
    expect(ask('GET /user?u=admin&p=changeit').status).toBe(200);
    expect(ask('GET /user?u=admin&p=changeit', { as: 'admin:wrong' }).status).toBe(200);
    expect(ask('GET /user?u=admin&p=', admin).status).toBe(200);
  });

  it('takes a password with colons and beyond ASCII', () => {
    const state = peopledState();
    const asAdmin = asker(state);
    asAdmin('POST /user', { ...admin, body: { action: 'create', user: { name: 'müller', password: 'a:b:ß💥' } } });
    expect(asAdmin('GET /status', { as: 'müller:a:b:ß💥' }).status).toBe(200);
  });

  it('pays bcrypt once for a password, and again for a wrong one or after a change', () => {
    const state = peopledState();
    const options = handlerOptions();
    let compared = 0;
    const counting = {
      ...bcrypt,
      compare: (password: Secret, hash: Secret) => {
        compared++;
        return bcrypt.compare(password, hash);
      },
    };
    const status = (as: string, line = 'GET /status', body = {}): number =>
      runSync(
        handleNodeRequest(singleNode(state), options, toRequest(line, { as, body }), { now: 0, requestId: '' }),
        counting,
      ).status;
    expect([status('admin:changeit'), status('admin:changeit'), compared]).toEqual([200, 200, 1]);
    expect([status('admin:wrong'), status('admin:wrong'), compared]).toEqual([401, 401, 3]);
    expect([status('admin:changeit'), compared]).toEqual([200, 3]);
    status('admin:changeit', 'POST /user', { action: 'change-password', user: { name: 'admin', password: 'new' } });
    expect([status('admin:new'), compared]).toEqual([200, 3]);
    expect([status('admin:changeit'), compared]).toEqual([401, 4]);
  });
});

describe('what a login may do', () => {
  it('is nothing about users and roles without CreateUserAndRole, and the rest', () => {
    const ask = asker(peopledState());
    const john = { as: 'johndoe:Pa5sw0Rd' };
    for (const line of ['GET /user', 'GET /role', 'POST /user', 'POST /role', 'GET /user?name=johndoe']) {
      expect(ask(line, john)).toMatchObject({
        status: 403,
        body: '{"error":"user not authorized: CreateUserAndRole is required"}',
      });
    }
    for (const line of ['GET /status', 'GET /show-cluster', 'GET /ldap/v1/config']) {
      expect(ask(line, john).status).toBe(200);
    }
  });

  it('comes from a direct permission for all databases, or from a role', () => {
    const ask = asker(peopledState());
    const grant = (permissions: object, path: string, subject: object): number =>
      ask(`POST /${path}`, { ...admin, body: { action: 'add-permissions', [path]: { ...subject, permissions } } })
        .status;
    const john = { as: 'johndoe:Pa5sw0Rd' };
    expect(grant({ db: ['CreateUserAndRole'] }, 'user', { name: 'johndoe' })).toBe(200);
    expect(ask('GET /user', john).status).toBe(403);
    ask('POST /role', { ...admin, body: { action: 'create', role: { name: 'chiefs' } } });
    ask('POST /role', { ...admin, body: { action: 'add-users', role: { name: 'chiefs', users: ['johndoe'] } } });
    expect(ask('GET /user', john).status).toBe(403);
    expect(grant({ '': ['CreateUserAndRole'] }, 'role', { name: 'chiefs' })).toBe(200);
    expect(ask('GET /user', john).status).toBe(200);
  });

  it('is everything, without credentials, where authentication is off', () => {
    const ask = asker(peopledState(), handlerOptions({ login: { kind: 'anyone' } }));
    expect(ask('GET /user').status).toBe(200);
    expect(ask('GET /user', { as: 'nobody:nothing' }).status).toBe(200);
    expect(ask('POST /user', { body: { action: 'create', user: { name: 'x', password: 'y' } } }).status).toBe(200);
  });
});

describe('a cluster without any user', () => {
  const first = { action: 'create', user: { name: 'boss', password: 'pw' } };

  it('asks for an admin first, credentials or not', () => {
    const ask = asker(emptyState(), withSecrets);
    for (const line of ['GET /user', 'GET /role', 'GET /status', 'GET /show-cluster', 'POST /role']) {
      for (const sent of [{}, admin, token('', 'inner')]) {
        expect(ask(line, sent)).toMatchObject({ status: 400, body: '{"error":"must create admin user first"}' });
      }
    }
    expect(ask('POST /user', { body: { action: 'delete', user: { name: 'boss' } } }).status).toBe(400);
    expect(ask('GET /ping').status).toBe(204);
  });

  it('lets the first user be created without credentials and gives it every permission, the second not', () => {
    const ask = asker(emptyState());
    expect(ask('POST /user', { body: first }).status).toBe(200);
    expect(ask('POST /user', { body: { action: 'create', user: { name: 'second', password: 'pw' } } }).status).toBe(
      401,
    );
    const users = JSON.parse(ask('GET /user', { as: 'boss:pw' }).body).users;
    expect(users).toHaveLength(1);
    expect(users[0].permissions['']).toHaveLength(18);
    expect(users[0].permissions['']).not.toContain('NoPermissions');
  });

  it('gives the first user nothing where authentication is off', () => {
    const ask = asker(emptyState(), handlerOptions({ login: { kind: 'anyone' } }));
    expect(ask('GET /user').body).toBe('{}');
    ask('POST /user', { body: first });
    expect(JSON.parse(ask('GET /user').body).users[0].permissions).toBeUndefined();
  });
});

const now = Date.parse('2026-01-01T00:00:00Z');
const tokenSecrets = { shared: new Secret('common'), internal: new Secret('inner') };
const later = now / 1000 + 300;

describe('a bearer token', () => {
  it.each(['HS256', 'HS384', 'HS512'])('is taken with %s', (alg) => {
    expect(userOfToken(sign({ username: 'johndoe', exp: later }, 'common', alg), tokenSecrets, now)).toBe('johndoe');
    expect(userOfToken(sign({ username: '', exp: later }, 'inner', alg), tokenSecrets, now)).toBe('');
  });

  it.each([
    ['the secret of the other kind', sign({ username: 'johndoe', exp: later }, 'inner')],
    ['an empty name signed with the shared secret', sign({ username: '', exp: later }, 'common')],
    ['no time of expiry', sign({ username: 'johndoe' }, 'common')],
    ['a time of expiry that is no number', sign({ username: 'johndoe', exp: String(later) }, 'common')],
    ['a time of expiry just passed', sign({ username: 'johndoe', exp: now / 1000 }, 'common')],
    ['a name that is no text', sign({ username: 5, exp: later }, 'common')],
    ['no name', sign({ exp: later }, 'common')],
    ['a fourth segment', `${sign({ username: 'johndoe', exp: later }, 'common')}.x`],
    ['no signature', sign({ username: 'johndoe', exp: later }, 'common').replace(/[^.]*$/, '')],
    ['the algorithm none', `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`],
  ])('is refused with %s', (_, token) => {
    expect(userOfToken(token, tokenSecrets, now)).toBeUndefined();
  });

  it('is refused where the secret is empty or not set', () => {
    const token = sign({ username: 'johndoe', exp: later }, '');
    expect(userOfToken(token, { shared: new Secret(''), internal: undefined }, now)).toBeUndefined();
    expect(userOfToken(token, { shared: undefined, internal: undefined }, now)).toBeUndefined();
  });

  it('never makes the check throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.base64String()).map((parts) => parts.join('.')),
        ),
        (token) => {
          expect(userOfToken(token, tokenSecrets, now)).toBeUndefined();
        },
      ),
    );
  });
});
