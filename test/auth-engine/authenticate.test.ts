import { describe, expect, it } from 'vitest';
import type { MetaResult } from '../../src/auth-engine/effects.js';
import { answer, hashOf, hour, Kapacitor, minute, nodeOf, second, startSeconds, step, token } from './engine.js';

const api = { '': ['KapacitorAPI'] };
const johndoe = { user: 'johndoe', password: 'right' };
const wrong = { user: 'johndoe', password: 'wrong' };

function withJohndoe(parts = {}): Kapacitor {
  return new Kapacitor({ johndoe: { password: 'right', permissions: api } }, parts);
}

function paths(kapacitor: Kapacitor): string[] {
  return kapacitor.asked.map(({ path }) => path);
}

/** One user in a document of its own making. */
function documentOf(...users: readonly object[]): MetaResult {
  return answer(200, { users });
}

const failed = '401 authorization failed';

describe('3.1 the user', () => {
  it('is asked of the meta node and cached for cache-expiration from the answer, not from the last use', () => {
    const kapacitor = withJohndoe();
    expect(kapacitor.says(johndoe, 0)).toBe('allow');
    expect(paths(kapacitor)).toEqual(['/user']);
    for (let at = minute; at < 5 * minute; at += minute) {
      expect(kapacitor.says(johndoe, at)).toBe('allow');
      expect(paths(kapacitor)).toEqual([]);
    }
    kapacitor.says(johndoe, 5 * minute - 1);
    expect(paths(kapacitor)).toEqual([]);
    kapacitor.says(johndoe, 5 * minute);
    expect(paths(kapacitor)).toEqual(['/user']);
  });

  it.each([0, -1, -5 * minute])('is asked each time where cache-expiration is %i', (cacheExpiration) => {
    const kapacitor = withJohndoe({ cacheExpiration });
    for (const at of [0, 0, 1]) {
      expect(kapacitor.says(johndoe, at)).toBe('allow');
      expect(paths(kapacitor)).toEqual(['/user']);
    }
    expect(step(kapacitor.trace(johndoe, 2), 'user-cache')).toMatchObject({ result: 'off', expiration: 0 });
  });

  it.each([
    [1, 1],
    [999, 1],
    [1000, 0],
  ])(
    'that is cached for %i ns is asked again %i times at the same moment, since no clock stands still',
    (life, times) => {
      const kapacitor = withJohndoe({ cacheExpiration: life });
      kapacitor.says(johndoe, 0);
      kapacitor.says(johndoe, 0);
      expect(paths(kapacitor)).toHaveLength(times);
    },
  );

  it('reports what the user cache did', () => {
    const kapacitor = withJohndoe();
    const miss = { result: 'miss', user: 'johndoe', expiration: 5 * minute, storedAt: undefined };
    expect(step(kapacitor.trace(johndoe, second), 'user-cache')).toMatchObject(miss);
    expect(step(kapacitor.trace(johndoe, minute), 'user-cache')).toMatchObject({ result: 'hit', storedAt: second });
  });

  it('is cached under the name in the answer', () => {
    const other = { name: 'other', hash: hashOf('right'), permissions: api };
    const kapacitor = new Kapacitor(() => documentOf(other));
    expect(kapacitor.verdict(johndoe, 0)).toMatchObject({ verdict: 'allow', user: 'other' });
    kapacitor.says(johndoe, 1);
    expect(paths(kapacitor)).toEqual(['/user']);
    kapacitor.says({ user: 'other', password: 'right' }, 2);
    expect(paths(kapacitor)).toEqual([]);
  });

  it.each([
    ['none', {}],
    ['none', { users: [] }],
    ['two', { users: [{ name: 'johndoe', hash: hashOf('right') }, {}] }],
  ])('is empty, and cached under "", where the answer has %s', (_, body) => {
    const kapacitor = new Kapacitor(() => answer(200, body));
    expect(kapacitor.verdict(johndoe, 0)).toMatchObject({ status: 403, user: '' });
    expect(paths(kapacitor)).toEqual(['/user', '/authorized']);
    expect(kapacitor.daemon.userCache.get('', 1)?.value.name).toBe('');
    expect(kapacitor.daemon.userCache.get('johndoe', 1)).toBeUndefined();
  });

  it('that is not found fails after all tries', () => {
    const kapacitor = new Kapacitor({});
    expect(kapacitor.says(johndoe)).toBe(failed);
    expect(paths(kapacitor)).toEqual(Array.from({ length: 5 }, () => '/user'));
  });

  it('that was cached is served while the meta node is down', () => {
    const kapacitor = withJohndoe();
    kapacitor.says(johndoe, 0);
    kapacitor.node = () => ({ error: 'refused', text: '' });
    expect(kapacitor.says(johndoe, 4 * minute)).toBe('allow');
    expect(kapacitor.says(johndoe, 5 * minute)).toBe(failed);
  });

  it('is reported as a user record: hash, permissions, count', () => {
    const kapacitor = withJohndoe();
    expect(step(kapacitor.trace(johndoe), 'user-record')).toMatchObject({
      users: 1,
      name: 'johndoe',
      requested: 'johndoe',
      hash: 'bcrypt',
      permissions: [{ scope: '', permissions: ['KapacitorAPI'] }],
    });
    const hashes = [hashOf('x'), 'pbkdf2', ''].map((hash) => {
      const trace = new Kapacitor(() => documentOf({ name: 'a', hash })).trace({ user: 'a', password: 'x' });
      return step(trace, 'user-record').hash;
    });
    expect(hashes).toEqual(['bcrypt', 'other', 'none']);
  });
});

describe('3.2 LDAP: a document without a hash', () => {
  const ldap = { ldap: { hash: '', password: 'right', permissions: api } };
  const login = { user: 'ldap', password: 'right' };

  it('asks /authorized whether the password is right', () => {
    const kapacitor = new Kapacitor(ldap);
    expect(kapacitor.says(login, 0)).toBe('allow');
    expect(kapacitor.asked.map(({ path, query }) => [path, query])).toEqual([
      ['/user', [['name', 'ldap']]],
      [
        '/authorized',
        [
          ['name', 'ldap'],
          ['password', 'right'],
          ['permission', 'NoPermissions'],
          ['resource', '_'],
        ],
      ],
    ]);
  });

  it('caches the user with a hash of its own: the next login sends no lookup', () => {
    const kapacitor = new Kapacitor(ldap);
    kapacitor.says(login, 0);
    expect(kapacitor.says(login, minute)).toBe('allow');
    expect(paths(kapacitor)).toEqual([]);
    expect(step(kapacitor.trace(login, 2 * minute), 'password').by).toBe('password-cache');
  });

  it('is checked against that hash while it is cached', () => {
    const kapacitor = new Kapacitor(ldap);
    kapacitor.says(login, 0);
    const trace = kapacitor.trace({ user: 'ldap', password: 'wrong' }, 1);
    expect(step(trace, 'password')).toMatchObject({ by: 'ldap-hash', fault: 'mismatch', cached: true });
    kapacitor.says(login, 2);
    expect(paths(kapacitor)).toEqual(['/user', '/authorized']);
  });

  it('is compared with that hash once the password cache has expired', () => {
    const kapacitor = new Kapacitor(ldap, { cacheExpiration: 2 * hour });
    kapacitor.says(login, 0);
    expect(step(kapacitor.trace(login, hour), 'password')).toMatchObject({ outcome: 'pass', by: 'ldap-hash' });
    expect(paths(kapacitor)).toEqual([]);
    expect(step(kapacitor.trace(login, hour + 1), 'password').by).toBe('password-cache');
  });

  it('with a wrong password tries for 10 s; the document stays, so that the next try asks /authorized alone', () => {
    const kapacitor = new Kapacitor(ldap);
    expect(kapacitor.says({ user: 'ldap', password: 'wrong' }, 0)).toBe(failed);
    expect(paths(kapacitor)).toEqual(['/user', ...Array.from({ length: 5 }, () => '/authorized')]);
    expect(kapacitor.says(login, 1)).toBe('allow');
    expect(paths(kapacitor)).toEqual(['/authorized']);
  });

  it('asks /authorized whatever the password cache holds', () => {
    const kapacitor = withJohndoe();
    kapacitor.says(johndoe, 0);
    kapacitor.node = nodeOf({ johndoe: { hash: '', password: 'right', permissions: api } });
    expect(kapacitor.says(johndoe, 6 * minute)).toBe('allow');
    expect(paths(kapacitor)).toEqual(['/user', '/authorized']);
    kapacitor.node = nodeOf({ johndoe: { hash: '', password: 'new', permissions: api } });
    expect(kapacitor.says(johndoe, 12 * minute)).toBe(failed);
  });

  it('asks each time where nothing is cached', () => {
    const kapacitor = new Kapacitor(ldap, { cacheExpiration: 0 });
    for (const at of [0, 1]) {
      expect(kapacitor.says(login, at)).toBe('allow');
      expect(paths(kapacitor)).toEqual(['/user', '/authorized']);
    }
  });

  it('takes any 200 of /authorized, its body unread', () => {
    const kapacitor = new Kapacitor((request) =>
      request.path === '/authorized' ? answer(200, '<html>') : documentOf({ name: 'ldap', permissions: api }),
    );
    expect(kapacitor.says(login)).toBe('allow');
  });

  it.each([
    [72, 10, 'allow'],
    [73, 10, failed],
    [5, 31, 'allow'],
    [5, 32, failed],
  ])('with a password of %i bytes at bcrypt-cost %i: %s', (length, bcryptCost, said) => {
    const password = 'x'.repeat(length);
    const kapacitor = new Kapacitor({ ldap: { hash: '', password, permissions: api } }, { bcryptCost });
    expect(kapacitor.says({ user: 'ldap', password }, 0)).toBe(said);
    kapacitor.says({ user: 'ldap', password }, 1);
    expect(paths(kapacitor)).toEqual(said === 'allow' ? [] : ['/authorized']);
  });

  it('names why its hash cannot be made', () => {
    const long = { user: 'ldap', password: 'x'.repeat(73) };
    const kapacitor = new Kapacitor({ ldap: { hash: '', password: long.password } });
    expect(step(kapacitor.trace(long), 'password')).toMatchObject({ by: 'ldap', fault: 'too-long', outcome: 'fail' });
    const dear = new Kapacitor(ldap, { bcryptCost: 32 });
    expect(step(dear.trace(login), 'password')).toMatchObject({ by: 'ldap', fault: 'cost-too-high', cost: 32 });
  });

  it('caches the user under the name of the document, the password under the requested one', () => {
    const kapacitor = new Kapacitor((request) =>
      request.path === '/authorized' ? answer(200) : documentOf({ name: 'other', permissions: api }),
    );
    kapacitor.says(login, 0);
    expect(kapacitor.daemon.userCache.get('other', 1)?.value.hash.kind).toBe('made');
    expect(kapacitor.daemon.passwordCache.get('ldap', 1)).toBeDefined();
    expect(kapacitor.daemon.passwordCache.get('other', 1)).toBeUndefined();
  });
});

describe('3.3 the password cache', () => {
  it('accepts a password for one hour without a look at the hash', () => {
    const kapacitor = withJohndoe();
    kapacitor.says(johndoe, 0);
    kapacitor.node = nodeOf({ johndoe: { password: 'new', permissions: api } });
    const trace = kapacitor.trace(johndoe, 6 * minute);
    expect(step(trace, 'password')).toMatchObject({
      outcome: 'pass',
      by: 'password-cache',
      hashChecked: false,
      cachedUntil: hour,
      cached: false,
    });
    expect(kapacitor.says(johndoe, hour - 1)).toBe('allow');
    expect(kapacitor.says(johndoe, hour)).toBe(failed);
  });

  it('is not renewed by its use', () => {
    const kapacitor = withJohndoe();
    kapacitor.says(johndoe, 0);
    for (let at = minute; at < hour; at += minute) kapacitor.says(johndoe, at);
    expect(step(kapacitor.trace(johndoe, hour - 1), 'password').by).toBe('password-cache');
    expect(step(kapacitor.trace(johndoe, hour), 'password').by).toBe('bcrypt');
  });

  it('is one hour whatever cache-expiration says', () => {
    const kapacitor = withJohndoe({ cacheExpiration: 0 });
    expect(step(kapacitor.trace(johndoe, 0), 'password').by).toBe('bcrypt');
    expect(step(kapacitor.trace(johndoe, hour - 1), 'password').by).toBe('password-cache');
    expect(step(kapacitor.trace(johndoe, hour), 'password').by).toBe('bcrypt');
  });

  it('holds one password, the last that was accepted by the hash', () => {
    const kapacitor = withJohndoe({ cacheExpiration: 0 });
    kapacitor.says(johndoe, 0);
    kapacitor.node = nodeOf({ johndoe: { password: 'new', permissions: api } });
    expect(kapacitor.says({ user: 'johndoe', password: 'new' }, 1)).toBe('allow');
    expect(kapacitor.says(johndoe, 2)).toBe(failed);
  });

  it('survives a wrong password', () => {
    const kapacitor = withJohndoe();
    kapacitor.says(johndoe, 0);
    expect(kapacitor.says(wrong, 1)).toBe(failed);
    expect(step(kapacitor.trace(johndoe, 2), 'password').by).toBe('password-cache');
  });

  it('is kept by the requested name', () => {
    const document = { name: 'other', hash: hashOf('right'), permissions: api };
    const kapacitor = new Kapacitor(() => documentOf(document));
    kapacitor.says(johndoe, 0);
    expect(kapacitor.daemon.passwordCache.get('johndoe', 1)).toBeDefined();
    expect(kapacitor.daemon.passwordCache.get('other', 1)).toBeUndefined();
    expect(step(kapacitor.trace(johndoe, 1), 'password').by).toBe('password-cache');
    expect(step(kapacitor.trace({ user: 'other', password: 'right' }, 2), 'password').by).toBe('bcrypt');
  });
});

describe('3.4 bcrypt', () => {
  it.each(['$2a$', '$2b$', '$2x$', '$2y$', '$2z$', '$2$', '$1a$'])('takes the prefix %s', (prefix) => {
    const kapacitor = new Kapacitor({ johndoe: { hash: hashOf('right', prefix), permissions: api } });
    expect(kapacitor.says(johndoe)).toBe('allow');
    expect(kapacitor.says(wrong)).toBe(failed);
  });

  it.each([
    ['$3a$04$'.padEnd(60, 'x'), 'version-too-new'],
    ['$2a$03$'.padEnd(60, 'x'), 'bad-cost'],
    ['pbkdf2-sha512:'.padEnd(100, 'x'), 'not-bcrypt'],
    ['plain', 'too-short'],
  ])('fails for the hash %s', (hash, fault) => {
    const kapacitor = new Kapacitor({ johndoe: { hash } });
    const trace = kapacitor.trace(johndoe);
    expect(step(trace, 'password')).toMatchObject({ outcome: 'fail', by: 'bcrypt', fault });
    expect(step(trace, 'verdict')).toMatchObject({ status: 401, message: 'authorization failed' });
  });

  it('reports prefix, cost and what did not fit', () => {
    const kapacitor = new Kapacitor({ johndoe: { hash: hashOf('right', '$2y$', 12) } });
    expect(step(kapacitor.trace(wrong), 'password')).toMatchObject({ prefix: '$2y$', cost: 12, fault: 'mismatch' });
    const right = step(kapacitor.trace(johndoe), 'password');
    expect(right).toMatchObject({ outcome: 'pass', by: 'bcrypt', hashChecked: true, cachedUntil: hour });
  });

  it('looks at 72 bytes of the password', () => {
    const kapacitor = new Kapacitor({ johndoe: { password: 'x'.repeat(80), permissions: api } });
    expect(kapacitor.says({ user: 'johndoe', password: `${'x'.repeat(72)}y` })).toBe('allow');
    expect(kapacitor.says({ user: 'johndoe', password: 'x'.repeat(71) })).toBe(failed);
  });

  it('that fails drops the user: the next try asks the meta node', () => {
    const kapacitor = withJohndoe();
    kapacitor.says(johndoe, 0);
    kapacitor.says(wrong, 1);
    expect(paths(kapacitor)).toEqual([]);
    kapacitor.says(johndoe, 2);
    expect(paths(kapacitor)).toEqual(['/user']);
  });

  it('that fails drops the entry of the requested name, not of the document', () => {
    const kapacitor = new Kapacitor(() => documentOf({ name: 'other', hash: hashOf('right'), permissions: api }));
    kapacitor.says({ user: 'x', password: 'wrong' }, 0);
    expect(kapacitor.daemon.userCache.get('other', 1)).toBeDefined();
  });
});

describe('what follows', () => {
  const grant = nodeOf({ johndoe: { password: 'right', permissions: { '': ['KapacitorAPI', 'KapacitorConfigAPI'] } } });
  const config = { ...johndoe, path: '/kapacitor/v1/config' };

  it('a grant is seen after cache-expiration', () => {
    const kapacitor = withJohndoe();
    expect(kapacitor.verdict(config, 0).status).toBe(403);
    kapacitor.node = grant;
    expect(kapacitor.verdict(config, 5 * minute - 1).status).toBe(403);
    expect(kapacitor.says(config, 5 * minute)).toBe('allow');
  });

  it('or at once after one failed login', () => {
    const kapacitor = withJohndoe();
    kapacitor.says(config, 0);
    kapacitor.node = grant;
    kapacitor.says(wrong, 1);
    expect(kapacitor.says(config, 2)).toBe('allow');
  });

  it('after a change the new password is refused once, and works then', () => {
    const kapacitor = withJohndoe();
    kapacitor.says(johndoe, 0);
    kapacitor.node = nodeOf({ johndoe: { password: 'new', permissions: api } });
    const fresh = { user: 'johndoe', password: 'new' };
    expect(kapacitor.says(fresh, minute)).toBe(failed);
    expect(kapacitor.says(fresh, minute + 1)).toBe('allow');
    expect(kapacitor.says(johndoe, minute + 2)).toBe(failed);
  });

  it('a deleted user works until the user cache entry expires', () => {
    const kapacitor = withJohndoe();
    kapacitor.says(johndoe, 0);
    kapacitor.node = nodeOf({});
    expect(kapacitor.says(johndoe, 5 * minute - 1)).toBe('allow');
    expect(kapacitor.says(johndoe, 5 * minute)).toBe(failed);
  });
});

describe('a bearer lookup', () => {
  const bearer = { authorization: `Bearer ${token({ username: 'johndoe', exp: startSeconds + 7200 })}` };

  it('uses and fills the same user cache, and looks at no password', () => {
    const kapacitor = new Kapacitor({ johndoe: { hash: 'whatever', permissions: api } });
    expect(kapacitor.says(bearer, 0)).toBe('allow');
    expect(paths(kapacitor)).toEqual(['/user']);
    kapacitor.says(bearer, 1);
    expect(paths(kapacitor)).toEqual([]);
    kapacitor.says(johndoe, 2);
    expect(paths(kapacitor)).toEqual([]);
    expect(kapacitor.daemon.passwordCache.size).toBe(0);
  });

  it.each([
    [answer(404, { error: 'user not found' }), 'user not found'],
    [answer(500), ''],
    [documentOf({ name: 'johndoe', permissions: { '': ['Nope'] } }), 'invalid permission: Nope'],
  ])('that fails is told', (given, error) => {
    const kapacitor = new Kapacitor(() => given);
    expect(kapacitor.verdict(bearer).message).toBe(
      `retrieving user "johndoe" from InfluxDB Enterprise meta: operation timed out with error: ${error}`,
    );
  });

  it('quotes the name as %q does', () => {
    const authorization = `Bearer ${token({ username: 'a"\n\u00e9', exp: startSeconds + 60 })}`;
    const kapacitor = new Kapacitor({});
    expect(kapacitor.verdict({ authorization }).message).toContain('user "a\\"\\n\u00c3\u00a9" from');
  });

  it('asks LDAP nothing', () => {
    const kapacitor = new Kapacitor({ johndoe: { hash: '', permissions: api } });
    expect(kapacitor.says(bearer)).toBe('allow');
    expect(paths(kapacitor)).toEqual(['/user']);
  });
});

describe("Kapacitor's own store", () => {
  it('knows no name, and the meta node is never asked', () => {
    const kapacitor = new Kapacitor({ johndoe: { password: 'right' } }, { users: 'own-store' });
    const trace = kapacitor.trace(johndoe);
    expect(step(trace, 'verdict').message).toBe('authorization failed');
    expect(step(trace, 'own-store')).toMatchObject({ outcome: 'fail', rule: '1.7', user: 'johndoe' });
    expect(kapacitor.asked).toEqual([]);
  });

  it('is reported to a bearer', () => {
    const kapacitor = new Kapacitor({}, { users: 'own-store' });
    const authorization = `Bearer ${token({ username: 'johndoe', exp: startSeconds + 60 })}`;
    expect(kapacitor.says({ authorization })).toBe('401 retrieving user "johndoe" from store: no user exists');
  });
});
