import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/model/secret.js';
import { emptyState } from '../../../src/sandbox/meta-node/store.js';
import { admin, asker, handlerOptions, peopledState } from './ask.js';
import { maskHashes, rows } from './requests.js';
import { queryParameters } from '../../../src/sandbox/meta-node/handler.js';

describe('the meta node without a socket', () => {
  it('answers each request of the API as documented', () => {
    const ask = asker(peopledState());
    for (const { line, sent, status, body } of rows) {
      const answer = ask(line, sent);
      expect([line, sent.body, answer.status, maskHashes(answer.body)]).toEqual([line, sent.body, status, body]);
    }
  });

  it('sends version, index and request id with every answer, the index growing with each write', () => {
    const ask = asker(peopledState());
    let writes = 0;
    for (const { line, sent } of rows) {
      const answer = ask(line, sent);
      if (line.startsWith('POST') && answer.status === 200) writes++;
      expect(answer.headers).toEqual(
        expect.arrayContaining([
          ['X-Influxdb-Version', '1.11.8-c1.11.8'],
          ['Influxdb-Metaindex', String(1 + writes)],
          ['Request-Id', 'some-id'],
        ]),
      );
    }
  });

  it('takes a ready hash instead of a password, in any form', () => {
    const ask = asker(peopledState());
    for (const [name, hash] of [
      ['a', '$2y$12$whatever'],
      ['b', 'pbkdf2:sha256'],
    ]) {
      expect(ask('POST /user', { ...admin, body: { action: 'create', user: { name, hash } } }).status).toBe(200);
      expect(ask(`GET /user?name=${name}`, admin).body).toBe(JSON.stringify({ users: [{ name, hash }] }));
      expect(ask('GET /status', { as: `${name}:x` }).status).toBe(401);
    }
  });

  it('verdict 34: refuses a password over 72 bytes as the open meta server does, by default', () => {
    const status = (password: string, longPasswords = false): string => {
      const ask = asker(peopledState(), handlerOptions({ longPasswords }));
      const create = ask('POST /user', { ...admin, body: { action: 'create', user: { name: 'a', password } } });
      const body = { action: 'change-password', user: { name: 'johndoe', password } };
      const change = ask('POST /user', { ...admin, body });
      expect(change).toMatchObject({ status: create.status, body: create.body });
      return `${create.status} ${create.body}`;
    };
    expect(status('x'.repeat(72))).toBe('200 ');
    expect(status('x'.repeat(73))).toBe('500 {"error":"password length exceeds 72 bytes"}');
    expect(status('é'.repeat(37))).toBe('500 {"error":"password length exceeds 72 bytes"}');
    expect(status('x'.repeat(73), true)).toBe('200 ');
  });

  it('verdict 25: asks for credentials on /ping where configured so, as the open meta server does', () => {
    const ask = asker(peopledState(), handlerOptions({ pingAuth: true }));
    const refused = ask('GET /ping');
    expect(refused).toMatchObject({ status: 401, body: '{"error":"unable to parse authentication credentials"}' });
    expect(refused.headers).toContainEqual(['X-Influxdb-Version', '1.11.8-c1.11.8']);
    expect(ask('GET /ping', { as: 'johndoe:Pa5sw0Rd' })).toMatchObject({ status: 200, body: '' });
    expect(asker(peopledState())('GET /ping').status).toBe(204);
  });

  it('verdict 26: with LDAP makes no user, and leaves none', () => {
    const ask = asker(peopledState(), handlerOptions({ ldap: true }));
    const body = { action: 'create', user: { name: 'probe', password: 'x' } };
    expect(ask('POST /user', { ...admin, body })).toMatchObject({
      status: 400,
      body: '{"error":"creating users is disallowed when ldap is enabled"}',
    });
    expect(ask('GET /user?name=probe', admin).status).toBe(404);
  });

  it('takes hostile names as any other', () => {
    const state = peopledState();
    const ask = asker(state);
    const create = (name: string, permissions: unknown): void => {
      const body = { action: 'create', user: { name, password: 'x' } };
      expect(ask('POST /user', { ...admin, body }).status).toBe(200);
      const grant = `{"action":"add-permissions","user":{"name":${JSON.stringify(name)},"permissions":${permissions}}}`;
      expect(ask('POST /user', { ...admin, body: grant }).status).toBe(200);
    };
    for (const name of ['__proto__', 'constructor', '-x', 'a"b', 'line\nend', '<b>&', '💥', '\u2028']) {
      create(name, '{"__proto__":["ReadData"],"constructor":["x"]}');
      const answer = ask(`GET /user?name=${encodeURIComponent(name)}`, admin);
      expect(JSON.parse(answer.body).users[0].name).toBe(name);
      expect(answer.body).toContain('"permissions":{"__proto__":["ReadData"],"constructor":["x"]}');
      expect(answer.body).not.toMatch(/[<>&\u2028]/);
    }
  });

  it('finds a path that is percent-encoded', () => {
    const ask = asker(peopledState());
    expect(ask('GET /%75ser?name=admin', admin).status).toBe(200);
    expect(ask('GET /%zz', admin).status).toBe(404);
  });

  it('never throws, and always answers, whatever the body and the query', () => {
    const ask = asker(peopledState());
    const subject = fc.record(
      { name: fc.jsonValue(), password: fc.jsonValue(), permissions: fc.jsonValue(), users: fc.jsonValue() },
      { requiredKeys: [] },
    );
    const action = fc.constantFrom('create', 'delete', 'change-password', 'add-permissions', 'add-users', 5, null);
    const body = fc.oneof(
      fc.string(),
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc
        .record({ action, user: fc.oneof(subject, fc.jsonValue()), role: subject })
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(fc.constantFrom('POST /user', 'POST /role', 'GET /user'), fc.string(), body, (line, query, text) => {
        const { status } = ask(`${line}?${query}`, { ...admin, body: text });
        expect([200, 400, 401, 403, 404]).toContain(status);
        ask('POST /user', { ...admin, body: { action: 'delete', user: { name: 'johndoe' } } });
      }),
      { numRuns: 300 },
    );
  });

  it('answers a body of a million brackets with 400', () => {
    const ask = asker(peopledState());
    const deep = `{"action":${'['.repeat(1_000_000)}`;
    expect(ask('POST /user', { ...admin, body: deep }).status).toBe(400);
    expect(ask('POST /user', { ...admin, body: `${deep}${']'.repeat(1_000_000)}}` }).status).toBe(400);
  });
});

describe('the options of a meta node', () => {
  const permissions = { '': ['KapacitorAPI'] };
  const createJane = { ...admin, body: { action: 'create', user: { name: 'jane', password: 'x', permissions } } };
  const createRole = { ...admin, body: { action: 'create', role: { name: 'r', permissions, users: ['jane'] } } };

  it('leave permissions and users of a create out, or take them', () => {
    for (const createTakesAll of [false, true]) {
      const ask = asker(peopledState(), handlerOptions({ createTakesAll }));
      ask('POST /user', createJane);
      ask('POST /role', createRole);
      const user = JSON.parse(ask('GET /user?name=jane', admin).body).users[0];
      const role = JSON.parse(ask('GET /role', admin).body).roles[0];
      expect(user.permissions).toEqual(createTakesAll ? permissions : undefined);
      expect(role).toEqual(createTakesAll ? { name: 'r', permissions, users: ['jane'] } : { name: 'r' });
    }
  });

  it('show the permissions of roles in the documents of users, or do not', () => {
    for (const mergeRolePermissions of [false, true]) {
      const state = peopledState();
      const ask = asker(state, handlerOptions({ mergeRolePermissions, createTakesAll: true }));
      ask('POST /user', createJane);
      ask('POST /role', {
        ...admin,
        body: {
          action: 'create',
          role: { name: 'r', permissions: { '': ['KapacitorAPI', 'Monitor'], db: ['ReadData'] }, users: ['jane'] },
        },
      });
      const merged = { '': ['KapacitorAPI', 'Monitor'], db: ['ReadData'] };
      const wanted = mergeRolePermissions ? merged : permissions;
      expect(JSON.parse(ask('GET /user?name=jane', admin).body).users[0].permissions).toEqual(wanted);
      expect(JSON.parse(ask('GET /user', admin).body).users[2].permissions).toEqual(wanted);
      expect(JSON.parse(ask('GET /user?name=johndoe', admin).body).users[0].permissions).toBeUndefined();
      expect(Object.fromEntries(state.users.get('jane')?.permissions ?? [])).toEqual(permissions);
    }
  });

  it('with LDAP refuse every write to users, show no hash and check passwords by /authorized', () => {
    const ask = asker(peopledState(), handlerOptions({ ldap: true }));
    for (const [action, error] of [
      ['create', 'creating users is disallowed when ldap is enabled'],
      ['delete', 'dropping users is disallowed when ldap is enabled'],
      ['change-password', 'updating users is disallowed when ldap is enabled'],
      ['add-permissions', 'modifying user privileges is disallowed when ldap is enabled'],
      ['remove-permissions', 'modifying user privileges is disallowed when ldap is enabled'],
    ]) {
      const answer = ask('POST /user', { ...admin, body: { action, user: { name: 'nobody', password: 'x' } } });
      expect([answer.status, answer.body]).toEqual([400, JSON.stringify({ error })]);
    }
    expect(ask('GET /user?name=johndoe', admin).body).toBe('{"users":[{"name":"johndoe","hash":""}]}');
    expect(ask('GET /ldap/v1/config', admin).body).toBe('{"structured":{"enabled":true}}');
    const authorized = 'GET /authorized?permission=NoPermissions&resource=_&name=johndoe&password=';
    expect(ask(`${authorized}Pa5sw0Rd`, admin).status).toBe(200);
    expect(ask(`${authorized}wrong`, admin).status).toBe(401);
    expect(ask('POST /role', createRole).status).toBe(200);
  });

  it('let a single account in, and no tokens or users', () => {
    const state = emptyState();
    const login = { kind: 'account', username: 'boss', password: new Secret('pw') } as const;
    const ask = asker(state, handlerOptions({ login }));
    expect(ask('GET /user', { as: 'boss:pw' })).toMatchObject({ status: 200, body: '{}' });
    expect(ask('GET /user', { as: 'boss:pww' }).status).toBe(401);
    expect(ask('GET /user', { as: 'Boss:pw' }).status).toBe(401);
    expect(ask('GET /user', { headers: { authorization: 'Bearer a.b.c' } }).status).toBe(401);
    expect(ask('GET /user').status).toBe(401);
  });
});

describe('a query', () => {
  it.each([
    ['name=johndoe', 'johndoe'],
    ['x=1&name=a&name=b', 'a'],
    ['name=a+b%20c', 'a b c'],
    ['name=%C3%BC', 'ü'],
    ['name=ü%21', 'ü!'],
    ['%6eame=x', 'x'],
    ['name=a=b', 'a=b'],
    ['name', ''],
    ['name=', ''],
    ['name=%zz', undefined],
    ['name=%4', undefined],
    ['name=a;b', undefined],
    ['name=%zz&name=second', 'second'],
    ['', undefined],
  ])('%j gives the name %j', (query, name) => {
    expect(queryParameters(query).get('name')).toBe(name);
  });

  it('gives bytes that are not UTF-8 as a text that no name equals', () => {
    const name = queryParameters('name=%ff').get('name');
    expect(name).not.toBe('\ufffd');
    expect(name).not.toBe('ÿ');
    expect(Buffer.from(name ?? '').toString()).not.toBe(name);
  });
});
