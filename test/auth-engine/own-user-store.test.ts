import { describe, expect, it } from 'vitest';
import { handlerResponse, type HandlerResponse } from '../../src/auth-engine/trace.js';
import { type Asked, Kapacitor, minute, nodeOf, second, step, token } from './engine.js';

const users = '/kapacitor/v1/users';
const config = '/kapacitor/v1/config';
const tasks = '/kapacitor/v1/tasks';
const known = {
  ops: { password: 'pw', permissions: { '': ['KapacitorAPI', 'KapacitorConfigAPI'] } },
  johndoe: { password: 'old', permissions: { '': ['KapacitorAPI'] } },
  ldap: { hash: '', password: 'pw', permissions: { '': ['KapacitorAPI'] } },
} as const;

function kapacitor(parts: ConstructorParameters<typeof Kapacitor>[1] = {}, version?: string): Kapacitor {
  return new Kapacitor(known, { cacheExpiration: 10 * minute, ...parts }, version);
}

function body(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What Kapacitor responds to `ops`. */
function respond(daemon: Kapacitor, method: string, path: string, sent?: unknown, at = 0): HandlerResponse | undefined {
  const request: Asked = { method, path, user: 'ops', password: 'pw' };
  return handlerResponse(daemon.trace(sent === undefined ? request : { ...request, body: body(sent) }, at));
}

function post(daemon: Kapacitor, sent: unknown, at = 0): number | undefined {
  return respond(daemon, 'POST', users, sent, at)?.status;
}

function login(daemon: Kapacitor, user: string, password: string, path = tasks, at = second, method = 'GET'): string {
  return daemon.says({ method, path, user, password }, at);
}

const refused = '401 authorization failed';

describe('a user that POST /kapacitor/v1/users made', () => {
  it('logs in until cache-expiration is over, whatever the cluster says, and sends no lookup', () => {
    const daemon = kapacitor();
    expect(post(daemon, { name: 'ghost', password: 'boo', type: 'admin' })).toBe(200);
    expect(login(daemon, 'ghost', 'boo', config)).toBe('allow');
    expect(daemon.asked).toEqual([]);
    expect(login(daemon, 'ghost', 'boo', config, 10 * minute + second)).toBe(refused);
  });

  it('is forgotten by a login that fails', () => {
    const daemon = kapacitor();
    post(daemon, { name: 'johndoe', password: 'local', type: 'admin' });
    expect(login(daemon, 'johndoe', 'wrong')).toBe(refused);
    expect(login(daemon, 'johndoe', 'local', config)).toBe(refused);
    expect(login(daemon, 'johndoe', 'old')).toBe('allow');
  });

  it('does not empty the password cache: the password accepted before works for the new user, too', () => {
    const daemon = kapacitor();
    login(daemon, 'johndoe', 'old');
    post(daemon, { name: 'johndoe', password: 'local', type: 'admin' }, 2 * second);
    expect(login(daemon, 'johndoe', 'old', config, 3 * second)).toBe('allow');
    expect(step(daemon.trace({ user: 'johndoe', password: 'local' }, 3 * second), 'password').by).toBe('store-hash');
  });

  it('cannot log in where nothing is cached, but is in the store', () => {
    const daemon = kapacitor({ cacheExpiration: 0 });
    const trace = daemon.trace({
      method: 'POST',
      path: users,
      user: 'ops',
      password: 'pw',
      body: body({ name: 'ghost', password: 'boo', type: 'admin' }),
    });
    expect(step(trace, 'user-store')).toMatchObject({ action: 'create', cachedUntil: undefined });
    expect(login(daemon, 'ghost', 'boo')).toBe(refused);
    expect(respond(daemon, 'GET', `${users}/ghost`)?.status).toBe(200);
  });

  it('is found by a bearer token while the user cache has it', () => {
    const daemon = kapacitor({ sharedSecret: 's' });
    post(daemon, { name: 'ghost', password: 'boo', permissions: ['api'] });
    const authorization = `Bearer ${token({ username: 'ghost', exp: 4102444800 }, 's')}`;
    const trace = daemon.trace({ authorization });
    expect([step(trace, 'user-cache').result, step(trace, 'privileges').outcome]).toEqual(['hit', 'pass']);
  });

  it('stands in the way of the LDAP password, until that was tried once', () => {
    const daemon = kapacitor();
    expect(login(daemon, 'ldap', 'pw')).toBe('allow');
    post(daemon, { name: 'ldap', password: 'local' }, 2 * second);
    expect(respond(daemon, 'GET', `${users}/ldap`)?.status).toBe(200);
    expect(login(daemon, 'ldap', 'pw', tasks, 3 * second)).toMatch(/^403/);
    expect(login(daemon, 'ldap', 'wrong', tasks, 4 * second)).toBe(refused);
    expect(login(daemon, 'ldap', 'pw', tasks, 5 * second)).toBe('allow');
  });

  it.each([
    [[], '403', '403', '403', '403'],
    [['none'], '403', '403', '403', '403'],
    [['api'], 'allow', '403', '403', 'allow'],
    [['config_api'], '403', 'allow', '403', 'allow'],
    [['write_points'], '403', '403', 'allow', 'allow'],
    [['write_points', 'api'], 'allow', '403', 'allow', 'allow'],
    [['api', 'write_points'], 'allow', '403', 'allow', 'allow'],
    [['config_api', 'api'], 'allow', 'allow', '403', 'allow'],
    [['all'], 'allow', 'allow', 'allow', 'allow'],
    [['api', 'all'], 'allow', 'allow', 'allow', 'allow'],
  ])('with %j: /tasks %s, /config %s, /write %s, /ping %s', (permissions, ...expected) => {
    const daemon = kapacitor();
    expect(post(daemon, { name: 'ghost', password: 'boo', permissions })).toBe(200);
    const says = (path: string, method = 'GET'): string =>
      login(daemon, 'ghost', 'boo', path, second, method).split(' ')[0]!;
    const ping = says('/kapacitor/v1/ping');
    // Without db: 400 is no matter of authorization.
    expect([says(tasks), says(config), says('/write', 'POST'), ping]).toEqual(expected);
  });

  it('may write to no database, the admin to all', () => {
    const daemon = kapacitor();
    post(daemon, { name: 'writer', password: 'boo', permissions: ['all'] });
    post(daemon, { name: 'admin', password: 'boo', type: 'admin' });
    const write = (user: string): string => login(daemon, user, 'boo', '/write?db=x', second, 'POST');
    expect(write('writer')).toBe('401 "writer" user is not authorized to write to database "x"');
    expect(write('admin')).toBe('allow');
  });
});

describe('POST /kapacitor/v1/users', () => {
  it.each([
    ['', 400, 'invalid JSON'],
    ['{', 400, 'invalid JSON'],
    ['[]', 400, 'invalid JSON'],
    ['"x"', 400, 'invalid JSON'],
    ['null', 400, 'username is required'],
    ['{}', 400, 'username is required'],
    [{ name: 5, password: 'x' }, 400, 'invalid JSON'],
    [{ name: 'a', password: 'x', type: 'root' }, 400, 'invalid JSON'],
    [{ name: 'a', password: 'x', type: 1 }, 400, 'invalid JSON'],
    [{ name: 'a', password: 'x', permissions: ['KapacitorAPI'] }, 400, 'invalid JSON'],
    [{ name: 'a', password: 'x', permissions: 'api' }, 400, 'invalid JSON'],
    [{ name: 'a', password: 'x', permissions: [1] }, 400, 'invalid JSON'],
    [{ name: 'a' }, 400, 'password is required'],
    [{ name: 'a', password: '' }, 400, 'password is required'],
    [{ name: 'a b', password: 'x' }, 400, `username must contain only letters, numbers, '-', '.', '@' and '_'. "a b"`],
    [{ name: 'a/b', password: 'x' }, 400, `username must contain only letters, numbers, '-', '.', '@' and '_'. "a/b"`],
    [
      { name: '_sub:t', password: 'x' },
      400,
      `username must contain only letters, numbers, '-', '.', '@' and '_'. "_sub:t"`,
    ],
    [
      { name: 'a', password: 'x'.repeat(73) },
      500,
      'failed to create user: hashing password: bcrypt: password length exceeds 72 bytes',
    ],
  ])('%j: %i %s, and nothing changes', (sent, status, error) => {
    const daemon = kapacitor();
    const response = respond(daemon, 'POST', users, sent);
    expect(response).toEqual({ status, json: { error, message: error } });
    expect(respond(daemon, 'GET', users)).toEqual({ status: 200, json: { users: [] } });
  });

  it.each([
    { name: 'a', password: 'x', type: null, permissions: null },
    { NAME: 'a', Password: 'x', TYPE: 'normal' },
    { name: 'a', password: 'x', permissions: [null], more: [{}] },
    '{"name":"b","name":"a","password":"x"} and more text',
  ])('%j makes a user', (sent) => {
    const daemon = kapacitor();
    expect(post(daemon, sent)).toBe(200);
    expect(login(daemon, 'a', 'x')).toMatch(/^403/);
  });

  it.each(['a-b.c_d@9', '\u00e9\u00fc', '\u65e5\u672c', '-', '..'])('takes the name %j', (name) => {
    expect(post(kapacitor(), { name, password: 'x' })).toBe(200);
  });

  it('refuses a name that the store has; the first user stays', () => {
    const daemon = kapacitor();
    post(daemon, { name: 'ghost', password: 'one' });
    expect(post(daemon, { name: 'ghost', password: 'two', type: 'admin' })).toBe(500);
    expect(login(daemon, 'ghost', 'two', config)).toBe(refused);
  });

  it('responds with the user, without its password', () => {
    const response = respond(kapacitor(), 'POST', users, { name: 'g', password: 'boo', permissions: ['api', 'none'] });
    expect(response).toEqual({
      status: 200,
      json: { link: { rel: 'self', href: `${users}/g` }, name: 'g', type: 'normal', permissions: ['api'] },
    });
  });

  it('takes a long password up to 1.7.0, of which 72 bytes count', () => {
    const daemon = kapacitor({}, '1.7.0');
    expect(post(daemon, { name: 'a', password: 'x'.repeat(80), permissions: ['api'] })).toBe(200);
    expect(login(daemon, 'a', `${'x'.repeat(72)}other`)).toBe('allow');
  });

  it('does nothing where a cost over 31 cannot be used', () => {
    expect(post(kapacitor({ bcryptCost: 32 }), { name: 'a', password: 'x' })).toBe(500);
  });

  it('needs the privilege to write below /users', () => {
    const daemon = new Kapacitor({ reader: { password: 'pw', permissions: { '': ['ReadData'] } } });
    const trace = daemon.trace({
      method: 'POST',
      path: users,
      user: 'reader',
      password: 'pw',
      body: body({ name: 'x', password: 'y' }),
    });
    expect(handlerResponse(trace)).toBeUndefined();
    expect(daemon.daemon.userStore.size).toBe(0);
  });

  it('below v1preview is decided twice and done once', () => {
    const daemon = kapacitor();
    const trace = daemon.trace({
      method: 'POST',
      path: '/kapacitor/v1preview/users',
      user: 'ops',
      password: 'pw',
      body: body({ name: 'ghost', password: 'boo', type: 'admin' }),
    });
    expect(trace.filter((one) => one.kind === 'privileges').map((one) => one.resource)).toEqual([
      '/api/preview/users',
      '/api/users',
    ]);
    expect(login(daemon, 'ghost', 'boo', config)).toBe('allow');
  });

  it.each([
    ['POST', `${users}/`],
    ['PUT', users],
    ['PATCH', users],
    ['POST', '/kapacitor/v1users'],
    ['POST', '/users'],
  ])('is another thing than %s %s', (method, path) => {
    const daemon = kapacitor();
    expect(respond(daemon, method, path, { name: 'ghost', password: 'boo' })).toBeUndefined();
    expect(daemon.daemon.userStore.size).toBe(0);
  });

  it('does nothing without [auth]: there is no store', () => {
    const daemon = kapacitor({ users: 'noauth' });
    expect(respond(daemon, 'POST', users, { name: 'ghost', password: 'boo' })).toBeUndefined();
  });
});

describe('DELETE /kapacitor/v1/users/NAME', () => {
  it('makes removed from both caches the name: a changed password and a grant show at the next login', () => {
    const daemon = kapacitor();
    login(daemon, 'johndoe', 'old');
    daemon.node = nodeOf({ ...known, johndoe: { password: 'new', permissions: { '': ['KapacitorConfigAPI'] } } });
    expect(login(daemon, 'johndoe', 'old', tasks, 2 * second)).toBe('allow');
    expect(respond(daemon, 'DELETE', `${users}/johndoe`, undefined, 3 * second)).toEqual({ status: 204 });
    expect(login(daemon, 'johndoe', 'old', tasks, 4 * second)).toBe(refused);
    expect(login(daemon, 'johndoe', 'new', config, 5 * second)).toBe('allow');
  });

  it.each(['/kapacitor/v1/users/johndoe/', '/kapacitor/v1/users/Johndoe', '/kapacitor/v1/users/a%2Fjohndoe'])(
    'of another name forgets nothing: %s',
    (path) => {
      const daemon = kapacitor();
      login(daemon, 'johndoe', 'old');
      expect(respond(daemon, 'DELETE', path)?.status).toBe(204);
      expect(login(daemon, 'johndoe', 'old', tasks, 2 * second)).toBe('allow');
      expect(daemon.asked).toEqual([]);
    },
  );

  it('takes the rest of the decoded path for the name, slashes and all', () => {
    const daemon = kapacitor();
    daemon.node = nodeOf({ ...known, 'a/b': { password: 'pw', permissions: { '': ['KapacitorAPI'] } } });
    login(daemon, 'a/b', 'pw');
    expect(respond(daemon, 'DELETE', `${users}/a%2Fb`)?.status).toBe(204);
    login(daemon, 'a/b', 'pw', tasks, 2 * second);
    expect(daemon.asked).toHaveLength(1);
  });

  it('takes the user out of the store', () => {
    const daemon = kapacitor();
    post(daemon, { name: 'ghost', password: 'boo', type: 'admin' });
    respond(daemon, 'DELETE', '/kapacitor/v1preview/users/ghost');
    expect(login(daemon, 'ghost', 'boo')).toBe(refused);
    expect(respond(daemon, 'GET', `${users}/ghost`)).toMatchObject({ status: 404, json: { error: 'no user exists' } });
  });

  it('needs a name', () => {
    const error = 'must specify username on path';
    for (const method of ['GET', 'DELETE', 'PATCH']) {
      expect(respond(kapacitor(), method, `${users}/`)).toEqual({ status: 400, json: { error, message: error } });
    }
  });

  it('makes its own sender forgotten, too', () => {
    const daemon = kapacitor();
    respond(daemon, 'DELETE', `${users}/ops`);
    respond(daemon, 'GET', users, undefined, second);
    expect(daemon.asked).toHaveLength(1);
  });
});

describe('PATCH /kapacitor/v1/users/NAME', () => {
  it('refuses a name that the store does not have, also one that only the caches know', () => {
    const daemon = kapacitor();
    login(daemon, 'johndoe', 'old');
    const response = respond(daemon, 'PATCH', `${users}/johndoe`, { password: 'x' });
    expect(response).toMatchObject({ status: 500 });
    expect(login(daemon, 'johndoe', 'old', config)).toMatch(/^403/);
  });

  it('changes what it names, keeps the rest, and caches the user anew', () => {
    const daemon = kapacitor();
    post(daemon, { name: 'ghost', password: 'one', permissions: ['api'] });
    const patch = (sent: unknown, at: number): unknown => respond(daemon, 'PATCH', `${users}/ghost`, sent, at);
    patch({ permissions: ['config_api'] }, second);
    expect(login(daemon, 'ghost', 'one', config, 2 * second)).toBe('allow');
    expect(login(daemon, 'ghost', 'one', tasks, 2 * second)).toMatch(/^403/);
    patch({ type: 'admin', permissions: ['api'] }, 9 * minute);
    expect(login(daemon, 'ghost', 'one', config, 18 * minute)).toBe('allow');
    patch({ type: 'normal', name: 5 }, 18 * minute);
    expect(login(daemon, 'ghost', 'one', tasks, 18 * minute + second)).toMatch(/^403/);
  });

  it('with a new password leaves the password cache: the old one works on for its hour', () => {
    const daemon = kapacitor();
    post(daemon, { name: 'ghost', password: 'one', permissions: ['api'] });
    login(daemon, 'ghost', 'one');
    respond(daemon, 'PATCH', `${users}/ghost`, { password: 'two' }, 2 * second);
    expect(login(daemon, 'ghost', 'one', tasks, 3 * second)).toBe('allow');
    expect(login(daemon, 'ghost', 'two', tasks, 4 * second)).toBe('allow');
    expect(login(daemon, 'ghost', 'one', tasks, 5 * second)).toBe(refused);
  });

  it('brings back into the cache a user who had left it', () => {
    const daemon = kapacitor();
    post(daemon, { name: 'ghost', password: 'one', permissions: ['api'] });
    expect(login(daemon, 'ghost', 'wrong')).toBe(refused);
    expect(login(daemon, 'ghost', 'one')).toBe(refused);
    respond(daemon, 'PATCH', `${users}/ghost`, {}, 2 * second);
    expect(login(daemon, 'ghost', 'one', tasks, 3 * second)).toBe('allow');
  });
});

describe('a daemon with an empty meta-addr', () => {
  it('finds the users of its store, and no others', () => {
    const daemon = kapacitor({ users: 'own-store', metaAddr: '' });
    const stored = kapacitor();
    post(stored, { name: 'ghost', password: 'boo', permissions: ['api'] });
    for (const [name, user] of stored.daemon.userStore) daemon.daemon.userStore.set(name, user);
    expect(login(daemon, 'ghost', 'boo')).toBe('allow');
    expect(step(daemon.trace({ user: 'ghost', password: 'boo' }, second), 'user-cache').result).toBe('hit');
    expect(login(daemon, 'other', 'boo')).toBe(refused);
    expect(daemon.asked).toEqual([]);
  });
});
