import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideAccess } from '../../src/access-matrix/decide-access.js';
import { diffMatrices } from '../../src/access-matrix/diff.js';
import { cellsOf, clusters, matrixOf } from './clusters.js';

function user(name: string, record: Readonly<Record<string, readonly string[]>> = {}) {
  return { name, hash: undefined, permissions: new Map(Object.entries(record)) };
}

const before = {
  users: [user('ann', { '': ['KapacitorAPI'] }), user('bob'), user('gone', { db: ['WriteData'] })],
  roles: [],
};

describe('a diff', () => {
  it('of a matrix with itself is empty', () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        expect(diffMatrices(matrixOf(cluster), matrixOf(cluster))).toMatchObject({ changes: [], notCompared: [] });
      }),
    );
  });

  it('names exactly the requests that the engine answers otherwise, also for databases that only one of both names', () => {
    fc.assert(
      fc.property(clusters, clusters, (one, other) => {
        const { changes, notCompared } = diffMatrices(matrixOf(one), matrixOf(other));
        expect(notCompared).toEqual([]);
        const told = changes.flatMap(({ user: name, gained, lost }) =>
          [...gained.map((cell) => [cell, true] as const), ...lost.map((cell) => [cell, false] as const)].map(
            ([{ method, path, database }, has]) => `${name} ${method} ${path} ${database ?? '-'} ${has}`,
          ),
        );
        const wanted = new Set<string>();
        const users = new Set([...one.users, ...other.users].map(({ name }) => name));
        const questions = [
          ...cellsOf(matrixOf({ users: [user('x')], roles: [] }), [user('x')]).map(({ method, path }) => ({
            method,
            path,
          })),
          ...[...matrixOf(one).databases, ...matrixOf(other).databases].map((database) => ({
            method: 'POST',
            path: '/kapacitor/v1/write',
            database,
          })),
        ];
        for (const name of users) {
          const [was, is] = [one, other].map(({ users: list }) => list.find((each) => each.name === name));
          for (const { method, path, database } of questions as readonly {
            method: string;
            path: string;
            database?: string;
          }[]) {
            const [endpoint = '', query] = path.split('?');
            const target = database === undefined ? path : `${path}?db=${encodeURIComponent(database)}`;
            const [had, has] = [was, is].map(
              (each) => each !== undefined && decideAccess(each, method, target).allowed,
            );
            const shown = database ?? (query === undefined ? '-' : '');
            if (had !== has) wanted.add(`${name} ${method} ${endpoint} ${shown} ${has}`);
          }
        }
        expect(told.toSorted()).toEqual([...wanted].sort());
      }),
      { numRuns: 40 },
    );
  });

  it('says why, before and now, and who is new and who is gone', () => {
    const now = {
      users: [user('ann', { '': ['KapacitorAPI', 'KapacitorConfigAPI'] }), user('bob'), user('new')],
      roles: [],
    };
    const { changes } = diffMatrices(matrixOf(before), matrixOf(now));
    expect(changes.map(({ user: name, state, gained, lost }) => [name, state, gained.length, lost.length])).toEqual([
      ['ann', 'changed', 5, 0],
      ['gone', 'gone', 0, 3],
      ['new', 'new', 1, 0],
    ]);
    expect(changes[0]?.gained[0]).toEqual({
      method: 'GET',
      path: '/kapacitor/v1/config',
      database: undefined,
      before: 'no privilege on /api/config',
      now: 'KapacitorConfigAPI: all privileges on /api/config',
    });
    expect(changes[1]?.lost.map(({ database, now: why }) => [database, why])).toContainEqual(['db', undefined]);
  });

  it('takes its filters for both', () => {
    const now = { users: [], roles: [] };
    const asked = diffMatrices(
      matrixOf(before),
      matrixOf(now, { users: ['a*'], endpoints: ['/tasks'], methods: ['GET'] }),
    );
    expect(asked.changes.map(({ user: name, lost }) => [name, lost.length])).toEqual([['ann', 3]]);
    expect(asked.notCompared).toEqual([]);
    const writes = diffMatrices(matrixOf(before), matrixOf(now, { databases: ['db', 'x'], endpoints: ['/config'] }));
    expect(writes.changes.map(({ user: name, lost }) => [name, lost.map(({ database }) => database)])).toEqual([
      ['gone', ['db']],
    ]);
  });

  it('reports the members that a role has now', () => {
    const roles = [{ name: 'ops', users: ['bob'], permissions: new Map() }];
    const now = { users: [user('bob', { '': ['KapacitorAPI'] })], roles };
    expect(diffMatrices(matrixOf(before), matrixOf(now, { role: 'ops' })).changes.map((one) => one.user)).toEqual([
      'bob',
    ]);
  });

  it('does not compare with a matrix that leaves out what is asked for', () => {
    const all = matrixOf(before);
    expect(() => diffMatrices(matrixOf(before, { users: ['a*'] }), all)).toThrow('made with different filters');
    expect(() => diffMatrices(matrixOf(before, { only: 'allowed' }), all)).toThrow('made with --only');
    expect(() => diffMatrices(matrixOf(before, { role: 'ops' }), all)).toThrow('made with --role');
    const same = matrixOf(before, { users: ['a*'], databases: ['db'] });
    expect(diffMatrices(same, same)).toMatchObject({ changes: [], notCompared: [] });
  });

  it('names the columns that only one of both has', () => {
    const old = matrixOf(before);
    const shorter = {
      ...old,
      endpoints: old.endpoints.slice(1),
      rows: old.rows.map((row) => ({ ...row, endpoints: row.endpoints.slice(1) })),
    };
    expect(diffMatrices(shorter, old)).toMatchObject({ changes: [], notCompared: ['GET /kapacitor/v1/tasks'] });
    expect(diffMatrices(old, shorter)).toMatchObject({ changes: [], notCompared: ['GET /kapacitor/v1/tasks'] });
  });
});
