import { describe, expect, it } from 'vitest';
import { readUsers } from '../../src/sandbox/seed-and-data-files.js';
import { Secret } from '../../src/model/secret.js';
import { createAsyncBcrypt, createBcrypt } from '../../src/sandbox/start.js';
import { startTestSandbox } from './start-test-sandbox.js';
import { admin, sign } from './meta-node/ask.js';
import { failure, overHttp } from './meta-node/over-http.js';
import { sandbox } from './running.js';
import { randomBytes } from 'node:crypto';

describe('a sandbox', () => {
  it('starts as one node with admin/changeit, who has every permission but NoPermissions', async () => {
    const running = await sandbox();
    expect(running.urls).toHaveLength(1);
    expect([running.kapacitorUrl, running.username, running.caPath]).toEqual([null, 'admin', undefined]);
    const { users } = JSON.parse((await overHttp(running.url, 'GET /user', admin)).body);
    expect(users).toHaveLength(1);
    expect(users[0].permissions['']).toHaveLength(18);
    expect(users[0].permissions['']).not.toContain('NoPermissions');
  });

  it('hashes at cost 10 by default', async () => {
    const running = await startTestSandbox({ port: 0 });
    try {
      expect((await overHttp(running.urls[0] ?? '', 'GET /user', admin)).body).toContain('"hash":"$2a$10$');
    } finally {
      await running.close();
    }
  });

  it('takes bearer tokens signed with the secrets it was given', async () => {
    const { url } = await sandbox({ sharedSecret: new Secret('common'), internalSharedSecret: new Secret('inner') });
    const exp = Math.floor(Date.now() / 1000) + 300;
    const get = async (username: string, secret: string): Promise<number> => {
      const authorization = `Bearer ${sign({ username, exp }, secret)}`;
      return (await overHttp(url, 'GET /user', { headers: { authorization } })).status;
    };
    expect([await get('admin', 'common'), await get('', 'inner'), await get('', 'common')]).toEqual([200, 200, 401]);
  });

  it('asks for nothing without authentication', async () => {
    const { url } = await sandbox({ auth: false });
    expect((await overHttp(url, 'GET /user', {})).status).toBe(200);
  });

  it('without an account waits for its first admin', async () => {
    const { url, username } = await sandbox({ admin: null });
    expect(username).toBeNull();
    expect((await overHttp(url, 'GET /user', admin)).body).toBe('{"error":"must create admin user first"}');
    const body = { action: 'create', user: { name: 'boss', password: 'pw' } };
    expect((await overHttp(url, 'POST /user', { body })).status).toBe(200);
    expect((await overHttp(url, 'GET /user', { as: 'boss:pw' })).status).toBe(200);
  });

  it('with LDAP knows its users by their passwords and shows no hash', async () => {
    const users = readUsers(
      [{ name: 'johndoe', password: 'Pa5sw0Rd', permissions: { '': ['KapacitorAPI'] } }],
      'users',
    );
    const { url } = await sandbox({ ldap: true, seed: { users, roles: [] } });
    const got = await overHttp(url, 'GET /user?name=johndoe');
    expect(got.body).toBe('{"users":[{"name":"johndoe","hash":"","permissions":{"":["KapacitorAPI"]}}]}');
    const line = 'GET /authorized?name=johndoe&permission=NoPermissions&resource=_&password=';
    expect((await overHttp(url, `${line}Pa5sw0Rd`)).status).toBe(200);
    expect((await overHttp(url, `${line}x`)).status).toBe(401);
  });

  it('starts a Kapacitor where it is given one, and ends it', async () => {
    let ended = 0;
    const asked: unknown[] = [];
    const startServer = async (meta: unknown): Promise<{ url: string; close(): Promise<void> }> => {
      asked.push(meta);
      return { url: 'http://127.0.0.1:9', close: async () => void ended++ };
    };
    const running = await sandbox({}, { kapacitor: startServer });
    expect(running.kapacitorUrl).toBe('http://127.0.0.1:9');
    expect(asked).toMatchObject([
      { url: running.url, account: { username: 'admin' }, isPortFree: true, bcryptCost: 4 },
    ]);
    await running.close();
    await running.close();
    expect(ended).toBe(1);
    expect(await failure(overHttp(running.url, 'GET /ping'))).toBe('ECONNREFUSED');
  });

  it('leaves nothing open when it cannot start', async () => {
    const taken = await sandbox();
    const port = Number(taken.url.split(':')[2]) - 1;
    const attempt = sandbox({ port, nodes: 2 });
    await expect(attempt).rejects.toMatchObject({ code: 'port-taken' });
    expect(await failure(overHttp(`http://127.0.0.1:${port}`, 'GET /ping'))).toBe('ECONNREFUSED');
    let url = '';
    const startServer = async (meta: { url: string }): Promise<never> => {
      url = meta.url;
      throw new Error('no front');
    };
    await expect(sandbox({}, { kapacitor: startServer })).rejects.toThrow('no front');
    expect(await failure(overHttp(url, 'GET /ping'))).toBe('ECONNREFUSED');
  });
});

const quick = createBcrypt(4, randomBytes);
const slow = createAsyncBcrypt(8, randomBytes);
const password = new Secret('Pa5sw0Rd');

describe('the hashes of the sandbox', () => {
  it('are written as the meta server writes them, with a new salt each time', () => {
    const first = quick.hash(password).reveal();
    expect(first).toMatch(/^\$2a\$04\$[./A-Za-z0-9]{53}$/);
    expect(quick.hash(password).reveal()).not.toBe(first);
  });

  it('come from the salt that is injected', () => {
    const salted = createBcrypt(4, (count) => new Uint8Array(count));
    expect(salted.hash(password).reveal()).toBe(salted.hash(password).reveal());
  });

  it('fit their password and no other, made quickly or slowly', async () => {
    for (const hash of [quick.hash(password), await slow.hash(password)]) {
      expect(quick.compare(password, hash)).toBe(true);
      expect(await slow.compare(password, hash)).toBe(true);
      expect(await slow.compare(new Secret('other'), hash)).toBe(false);
    }
    expect((await slow.hash(password)).reveal()).toMatch(/^\$2a\$08\$/);
  });

  it('fit with $2b$ and $2y$ alike', () => {
    const hash = quick.hash(password).reveal();
    for (const prefix of ['$2b$', '$2y$']) {
      expect(quick.compare(password, new Secret(hash.replace('$2a$', prefix)))).toBe(true);
    }
  });

  it.each(['', 'plain', '$2a$04$short', 'pbkdf2:sha256:1', `$2a$31$${'x'.repeat(53)}`, `$2a$04$${'!'.repeat(53)}`])(
    'of another kind, %j, fit nothing',
    async (hash) => {
      expect(quick.compare(password, new Secret(hash))).toBe(false);
      expect(await slow.compare(password, new Secret(hash))).toBe(false);
    },
  );

  it('are made one after the other', async () => {
    const order: number[] = [];
    await Promise.all([1, 2, 3].map(async (n) => void order.push((await slow.hash(password), n))));
    expect(order).toEqual([1, 2, 3]);
  });
});
