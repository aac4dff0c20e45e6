import { createHmac } from 'node:crypto';
import bcrypt from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import {
  type AuthSimulation,
  can,
  createMetaClient,
  type LoginRequest,
  Secret,
  simulateAuth,
  type SimulatedUser,
} from '../../src/index.js';
import { hashOf } from '../auth-engine/engine.js';
import { answer, deadUrl, serve } from '../meta/server.js';
import { sandbox } from '../sandbox/running.js';
import fc from 'fast-check';
import { bcryptDigest } from '../../src/auth-engine/compute-bcrypt.js';
import { bcryptKey } from '../../src/auth-engine/parse-bcrypt.js';
import { toBinary } from '../../src/go-compat/utf8.js';
import { plainBcryptDigest } from '../../src/library/simulate-auth.js';

const config = `
[http]
  auth-enabled = true
[auth]
  enabled = true
  cache-expiration = "5m"
  bcrypt-cost = 4
  meta-addr = "127.0.0.1:8091"
  meta-username = "admin"
  meta-password = "changeit"
`;
const tasks = '/kapacitor/v1/tasks';
const johndoe: LoginRequest = { path: tasks, username: 'johndoe', password: 'right' };
const api = { '': ['KapacitorAPI'] };

function withUsers(users: readonly SimulatedUser[], more: object = {}): AuthSimulation {
  return simulateAuth({ config, users, ...more });
}

describe('simulateAuth of a version', () => {
  const words = { path: `${tasks}?u=johndoe&p=right`, headers: { Authorization: 'Bearer a b' } };
  const meta = [{ name: 'johndoe', password: 'right', permissions: api }];

  it('decides as that version does', async () => {
    expect((await withUsers(meta, { version: '1.6.2' }).test(words)).allowed).toBe(true);
    expect((await withUsers(meta).test(words)).status).toBe(401);
    expect(() => withUsers(meta, { version: '1.5' })).toThrow('version: "1.5" is not a known version of Kapacitor');
  });

  it('takes bodies, and says which user of /kapacitor/v1/users decided', async () => {
    const kapacitor = withUsers(meta);
    const body = JSON.stringify({ name: 'ghost', password: 'boo', type: 'admin' });
    const ghost = { path: '/kapacitor/v1/config', username: 'ghost', password: 'boo' };
    const made = await kapacitor.test({ ...johndoe, method: 'POST', path: '/kapacitor/v1/users', body });
    expect(made.notes).toEqual([
      'User "ghost" is in the user cache for 5m (cache-expiration): it can log in with this password and these privileges, whatever the cluster has.',
    ]);
    const login = await kapacitor.test(ghost);
    expect(login.allowed).toBe(true);
    expect(login.notes).toEqual([
      expect.stringMatching(/^POST or PATCH \/kapacitor\/v1\/users put user "ghost" into the user cache: /),
    ]);
    expect((await kapacitor.test(johndoe)).notes).toEqual([]);
    const deleted = await kapacitor.test({ ...johndoe, method: 'DELETE', path: '/kapacitor/v1/users/ghost' });
    expect(deleted.notes).toEqual([
      'Kapacitor removes user "ghost" from both caches: the next login of "ghost" is checked in full.',
    ]);
    expect((await kapacitor.test(ghost)).status).toBe(401);
  });
});

describe('simulateAuth with a list of users', () => {
  it('says what Kapacitor answers, and why', async () => {
    const kapacitor = withUsers([{ name: 'johndoe', password: 'right', permissions: api }]);
    expect(await kapacitor.test(johndoe)).toMatchObject({
      allowed: true,
      verdict: 'allow',
      status: null,
      message: null,
      location: null,
      user: 'johndoe',
      cause: 'allowed',
      warnings: [],
    });
    const refused = await kapacitor.test({ ...johndoe, path: '/kapacitor/v1/config' });
    expect(refused).toMatchObject({
      allowed: false,
      status: 403,
      message: 'user johndoe does not have "read" privilege for API endpoint "/kapacitor/v1/config"',
      cause: 'right-elsewhere',
      fixes: [{ command: 'kapadmin user grant johndoe KapacitorConfigAPI' }],
    });
    expect(refused.trace.at(-1)?.kind).toBe('verdict');
  });

  it.each([
    [{ ...johndoe, password: 'wrong' }, 401, 'authorization failed', 'wrong-password'],
    [{ ...johndoe, username: 'nobody' }, 401, 'authorization failed', 'unknown-user'],
    [{ path: tasks }, 401, 'unable to parse authentication credentials', 'no-credentials'],
    [
      { path: tasks, headers: { authorization: 'Digest x' } },
      401,
      'unable to parse authentication credentials',
      'wrong-scheme',
    ],
    [{ ...johndoe, method: 'TRACE' }, 404, null, 'unrouted'],
    [{ ...johndoe, path: '/a//b' }, 301, null, 'redirect'],
  ])('%j: %i', async (request, status, message, cause) => {
    const kapacitor = withUsers([{ name: 'johndoe', password: 'right', permissions: api }]);
    expect(await kapacitor.test(request)).toMatchObject({ allowed: false, status, message, cause });
  });

  it('knows users of a ready hash, of LDAP, and of other scripts', async () => {
    const kapacitor = withUsers([
      { name: 'hashed', hash: bcrypt.hashSync('right', 4), permissions: api },
      { name: 'odd', hash: hashOf('right'), permissions: api },
      { name: 'ldap', ldap: true, password: 'right', permissions: api },
      { name: 'jürgen', password: 'größe', permissions: api },
    ]);
    const allowed = async (username: string, password: string): Promise<boolean> =>
      (await kapacitor.test({ path: tasks, username, password })).allowed;
    expect(await allowed('hashed', 'right')).toBe(true);
    expect(await allowed('odd', 'right')).toBe(false);
    expect(await allowed('ldap', 'right')).toBe(true);
    expect(await allowed('ldap', 'wrong')).toBe(false);
    expect(await allowed('jürgen', 'größe')).toBe(true);
  });

  it('has the caches of one daemon, in virtual time', async () => {
    const users = [{ name: 'johndoe', password: 'right', permissions: { '': ['KapacitorAPI'] } }];
    const kapacitor = withUsers(users);
    const config403 = { ...johndoe, path: '/kapacitor/v1/config' };
    expect((await kapacitor.test(config403)).status).toBe(403);
    users[0]!.permissions = { '': ['KapacitorAPI', 'KapacitorConfigAPI'] };
    expect(await kapacitor.test({ ...config403, at: '4m59s' })).toMatchObject({
      status: 403,
      cause: 'right-elsewhere',
    });
    expect((await kapacitor.test({ ...config403, at: '5m' })).allowed).toBe(true);
    await expect(kapacitor.test({ ...johndoe, at: '4m' })).rejects.toThrow('is earlier than the request before it');
    await expect(kapacitor.test({ ...johndoe, at: 'soon' })).rejects.toThrow('is not a duration such as 5m');
  });

  it('starts at the given time, for the times of tokens', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'HS256' })}.${part({ username: 'johndoe', exp: 1_000_000_000 })}`;
    const authorization = `Bearer ${signed}.${createHmac('sha256', '').update(signed).digest('base64url')}`;
    const at = async (start?: Date): Promise<string> => {
      const kapacitor = withUsers([{ name: 'johndoe', permissions: api }], start === undefined ? {} : { start });
      return (await kapacitor.test({ path: tasks, headers: { authorization } })).cause;
    };
    expect(await at(new Date(999_999_999_000))).toBe('allowed');
    expect(await at(new Date(1_000_000_000_000))).toBe('token');
    expect(await at()).toBe('token');
  });
});

describe('simulateAuth of a configuration', () => {
  it('that counts with its variables', async () => {
    const open = withUsers([], { env: { KAPACITOR_HTTP_AUTH_ENABLED: 'false' } });
    const allowed = await open.test({ path: '/kapacitor/v1/config', method: 'DELETE' });
    expect(allowed).toMatchObject({
      allowed: true,
      user: 'ADMIN_USER',
      warnings: [expect.stringContaining('auth-enabled')],
    });
  });

  it('that is refused throws what the daemon says, without a piece of a secret', () => {
    expect(() => simulateAuth({ config: '[auth]\nenabled = true\n', users: [] })).toThrow(
      'Kapacitor does not start: create server: invalid configuration: auth: must provide a bcrypt cost >= 4, got 0',
    );
    const leaking = '[auth]\nmeta-password = "s3cret\\q"\n';
    expect(() => simulateAuth({ config: leaking, users: [] })).toThrow(/Kapacitor does not start: parse config/);
    expect(() => simulateAuth({ config: leaking, users: [] })).not.toThrow(/s3cret/);
  });
});

describe('simulateAuth with a client of a meta node', () => {
  it('asks a real one', async () => {
    const { url } = await sandbox({
      seed: {
        users: [
          {
            name: 'johndoe',
            password: new Secret('right'),
            ldap: false,
            permissions: new Map([['', ['KapacitorAPI']]]),
          },
        ],
        roles: [],
      },
    });
    const meta = createMetaClient({ nodes: [url], username: 'admin', password: 'changeit' });
    try {
      const kapacitor = simulateAuth({ config, users: meta });
      expect((await kapacitor.test(johndoe)).allowed).toBe(true);
      expect(await kapacitor.test({ ...johndoe, username: 'no body?&' })).toMatchObject({ cause: 'unknown-user' });
    } finally {
      await meta.close();
    }
  });

  it('returns errors of the node after one try', async () => {
    const down = createMetaClient({ nodes: [await deadUrl()], retries: 0 });
    expect(await simulateAuth({ config, users: down }).test(johndoe)).toMatchObject({ cause: 'meta-unreachable' });
    const node = await serve((_, response) => answer(response, 401, { error: 'authorization failed' }));
    const refusing = createMetaClient({ nodes: [node.url], retries: 0 });
    expect(await simulateAuth({ config, users: refusing }).test(johndoe)).toMatchObject({
      cause: 'meta-refuses-account',
    });
    expect(node.seen).toHaveLength(1);
    await Promise.all([down.close(), refusing.close()]);
  });

  it('may be anything that gets', async () => {
    const document = { users: [{ name: 'johndoe', hash: bcrypt.hashSync('right', 4), permissions: api }] };
    const asked: string[] = [];
    const meta = {
      get: (path: string) => {
        asked.push(path);
        const body = Buffer.from(JSON.stringify(document));
        return Promise.resolve({ status: 200, body });
      },
    };
    expect((await simulateAuth({ config, users: meta }).test(johndoe)).allowed).toBe(true);
    expect(asked).toEqual(['/user?name=johndoe']);
    const broken = { get: () => Promise.reject(new TypeError('mine')) };
    await expect(simulateAuth({ config, users: broken }).test(johndoe)).rejects.toThrow('mine');
  });
});

const writer = { permissions: { telegraf: ['WriteData'] } };

it.each([
  [{ permissions: { '': ['KapacitorAPI'] } }, 'get', '/kapacitor/v1/tasks', true],
  [{ permissions: { '': ['KapacitorAPI'] } }, 'GET', '/kapacitor/v1/config', false],
  [{ permissions: { '': ['KapacitorConfigAPI'] } }, 'GET', 'http://localhost:9092/kapacitor/v1/config', true],
  [{ permissions: { '': ['KapacitorAPI', 'Unknown'] } }, 'GET', '/kapacitor/v1/tasks', false],
  [{ permissions: { '': ['KapacitorAPI'] } }, 'GET', '/kapacitor/v1/nothing', false],
  [writer, 'POST', '/write?db=telegraf', true],
  [writer, 'POST', '/write?db=other', false],
  [writer, 'POST', '/write', false],
  [{}, 'GET', '/kapacitor/v1/tasks', false],
] as const)('%j %s %s: %s', (user, method, path, allowed) => {
  expect(can(user, method, path)).toBe(allowed);
});

it('refuses a method that Kapacitor does not route', () => {
  expect(() => can({}, 'BREW', '/')).toThrow('unknown method "BREW"');
});

const salt = 'abcdefghijklmnopqrstuu';
const effect = (binary: string) => ({ want: 'bcrypt', cost: 4, salt, key: bcryptKey(binary) }) as const;

describe('plainBcryptDigest', () => {
  it('is the digest of WebAssembly, for each text', async () => {
    const chars = fc.constantFrom('a', '\0', 'ü', 'ࠀ', '€', '\ud7ff', '\ue000', '𐀀', '😀', '\u{10ffff}');
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(chars, { maxLength: 80 }).map((parts) => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const binary = toBinary(text);
        expect(await plainBcryptDigest(effect(binary))).toBe(await bcryptDigest(effect(binary)));
      }),
      { numRuns: 150 },
    );
  });

  it('completes a character that the 72 bytes cut', async () => {
    for (const char of ['ü', 'ࠀ', '€', '\ud7ff', '\uffff', '𐀀', '😀', '\u{10ffff}']) {
      for (let before = 68; before < 72; before++) {
        const binary = toBinary('x'.repeat(before) + char);
        expect(await plainBcryptDigest(effect(binary))).toBe(await bcryptDigest(effect(binary)));
      }
    }
  });

  it('hashes no bytes that are not UTF-8: bcryptjs would hash others', async () => {
    await expect(plainBcryptDigest(effect('\u00fc'))).rejects.toThrow('a password that is not UTF-8 cannot be hashed');
    await expect(plainBcryptDigest(effect('a\u00c3('))).rejects.toThrow('a password that is not UTF-8');
  });
});
