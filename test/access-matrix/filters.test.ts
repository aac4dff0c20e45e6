import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesGlob, type MatrixFilters } from '../../src/access-matrix/matrix.js';
import { cellsOf, clusters, matrixOf, names } from './clusters.js';

function user(name: string, record: Readonly<Record<string, readonly string[]>> = {}) {
  return { name, hash: undefined, permissions: new Map(Object.entries(record)) };
}

const cluster = {
  users: [
    user('ann', { '': ['KapacitorAPI'] }),
    user('anton', { telegraf: ['WriteData'] }),
    user('bob', { '': ['WriteData'], telegraf: ['ReadData'] }),
    user('cid'),
  ],
  roles: [
    { name: 'ops', users: ['ann', 'cid'], permissions: new Map([['', ['KapacitorConfigAPI']]]) },
    { name: 'idle', users: ['bob'], permissions: new Map([['', ['Monitor']]]) },
  ],
};

function shown(filters: Partial<MatrixFilters>) {
  const { users, endpoints, databases, otherDatabases } = matrixOf(cluster, filters);
  return {
    users: users.map(({ name }) => name).join(' '),
    endpoints: endpoints.map(({ method, path }) => `${method} ${path}`),
    writes: [...databases, ...(otherDatabases ? ['*'] : [])],
  };
}

describe('filters', () => {
  it('take several globs of users', () => {
    expect(shown({ users: ['an*'] }).users).toBe('ann anton');
    expect(shown({ users: ['?ob', 'cid'] }).users).toBe('bob cid');
    expect(shown({ users: ['nobody'] }).users).toBe('');
  });

  it('take the members of a role', () => {
    expect(shown({ role: 'ops' }).users).toBe('ann cid');
    expect(shown({ role: 'ops', users: ['a*'] }).users).toBe('ann');
  });

  it('take beginnings of paths, with and without /kapacitor/v1 and the slash', () => {
    const { endpoints } = shown({ endpoints: ['/config'] });
    expect(endpoints).toHaveLength(5);
    expect(shown({ endpoints: ['config'] }).endpoints).toEqual(endpoints);
    expect(shown({ endpoints: ['/kapacitor/v1/config'] }).endpoints).toEqual(endpoints);
    expect(shown({ endpoints: ['/kapacitor/v1preview'] }).endpoints).toEqual(['GET /kapacitor/v1preview/logs']);
    expect(shown({ endpoints: ['/ping'] }).endpoints).toEqual(['GET /kapacitor/v1/ping', 'HEAD /kapacitor/v1/ping']);
  });

  it('take methods', () => {
    expect(shown({ endpoints: ['/ping'], methods: ['HEAD'] }).endpoints).toEqual(['HEAD /kapacitor/v1/ping']);
  });

  it('refuse what Kapacitor does not have', () => {
    expect(() => shown({ endpoints: ['/taks'] })).toThrow('no endpoint starts with "/taks"');
    expect(() => shown({ endpoints: ['/ping'], methods: ['DELETE'] })).toThrow(
      'no endpoint below /ping supports DELETE',
    );
  });

  it('leave the writes to databases out where no write of points is asked for', () => {
    expect(shown({}).writes).toEqual(['telegraf', '*']);
    expect(shown({ endpoints: ['/config'] }).writes).toEqual([]);
    expect(shown({ methods: ['GET'] }).writes).toEqual([]);
    expect(shown({ endpoints: ['/write'] }).writes).toEqual(['telegraf', '*']);
  });

  it('take databases, named by a document or not, in the order given', () => {
    expect(shown({ databases: ['x', 'telegraf', 'x'] }).writes).toEqual(['x', 'telegraf']);
    expect(shown({ databases: ['x'], endpoints: ['/config'] }).writes).toEqual(['x']);
  });

  it('keep only users and columns with an allowed cell', () => {
    expect(shown({ only: 'allowed', endpoints: ['/config', '/tasks'] })).toEqual({
      users: 'ann',
      endpoints: expect.not.arrayContaining(['GET /kapacitor/v1/config']),
      writes: [],
    });
    expect(shown({ only: 'allowed', endpoints: ['/write'] })).toMatchObject({
      users: 'anton bob',
      writes: ['telegraf', '*'],
    });
  });

  it('keep a database that is refused where all others are not', () => {
    expect(shown({ only: 'allowed', users: ['bob'], endpoints: ['/write'] }).writes).toEqual(['telegraf', '*']);
  });

  it('keep only users and columns with a denied cell', () => {
    expect(shown({ only: 'denied', endpoints: ['/tasks'] }).users).toBe('anton bob cid');
    expect(shown({ only: 'denied', endpoints: ['/ping'] }).endpoints).toEqual(['GET /kapacitor/v1/ping']);
  });

  it('never change a cell that they leave', () => {
    const filter = fc.record({
      users: fc.subarray(['a*', '*o*', '?']),
      endpoints: fc.subarray(['/config', '/write', '/ping', '/tasks']),
      databases: fc.subarray(['telegraf', 'a/b_c', 'unheard of']),
      only: fc.constantFrom('allowed' as const, 'denied' as const, null),
    });
    fc.assert(
      fc.property(clusters, filter, (some, filters) => {
        const all = new Map(
          cellsOf(matrixOf(some, { databases: [...filters.databases] }), some.users).map((cell) => [
            `${cell.user.name}\0${cell.method} ${cell.path}`,
            cell.reason,
          ]),
        );
        const left = cellsOf(matrixOf(some, filters), some.users);
        for (const cell of left) expect(cell.reason).toEqual(all.get(`${cell.user.name}\0${cell.method} ${cell.path}`));
        if (filters.only === null) return;
        const kept = new Set(
          left
            .filter(({ reason }) => reason.allowed === (filters.only === 'allowed'))
            .map(({ user: { name } }) => name),
        );
        expect(left.filter(({ user: { name } }) => !kept.has(name))).toEqual([]);
      }),
    );
  });
});

describe('a glob', () => {
  it('is as the regular expression that says the same', () => {
    const glob = fc.string({ unit: fc.constantFrom('*', '?', 'a', 'n', '🙂', '.') });
    fc.assert(
      fc.property(
        glob,
        fc.oneof(fc.string({ unit: fc.constantFrom('a', 'n', '🙂', '.') }), fc.constantFrom(...names)),
        (pattern, text) => {
          const parts = [...pattern].map((char) =>
            char === '*' ? '.*' : char === '?' ? '.' : `\\u{${char.codePointAt(0)?.toString(16)}}`,
          );
          expect(matchesGlob(pattern, text)).toBe(new RegExp(`^${parts.join('')}$`, 'su').test(text));
        },
      ),
    );
  });

  it('of many stars is matched quickly', () => {
    expect(matchesGlob(`${'a*'.repeat(200)}b`, 'a'.repeat(2000))).toBe(false);
  });
});
