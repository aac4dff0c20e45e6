import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpoints } from '../../src/model/kapacitor-endpoints.js';
import type { Permissions } from '../../src/model/permissions.js';
import type { User } from '../../src/model/user.js';
import { decideAccess, createAccessDecider } from '../../src/access-matrix/decide-access.js';
import type { PermissionFix } from '../../src/access-matrix/matrix.js';
import { type Cell, cellsOf, clusters, databases, matrixOf } from './clusters.js';

function ask({ permissions, ...user }: User, { method, path }: Cell): boolean {
  return decideAccess({ ...user, permissions }, method, path).allowed;
}

function isWriteEndpoint({ method, path }: Pick<Cell, 'method' | 'path'>): boolean {
  return method === 'POST' && (path === '/write' || path === '/kapacitor/v1/write');
}

function fixed(
  before: Permissions,
  { action, permissions, scope }: PermissionFix,
  database: string | undefined,
): Permissions {
  const where = scope ?? database ?? '';
  const own = before.get(where) ?? [];
  const names = action === 'grant' ? [...own, ...permissions] : own.filter((name) => !permissions.includes(name));
  return new Map([...before, [where, names]]);
}

describe('the matrix', () => {
  it('says of every cell what the whole engine says of that request, and why', () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const matrix = matrixOf(cluster);
        expect(matrix.users).toHaveLength(cluster.users.length);
        expect(matrix.endpoints).toHaveLength(endpoints.filter((one) => !isWriteEndpoint(one)).length);
        for (const cell of cellsOf(matrix, cluster.users)) {
          const { allowed, why } = decideAccess(cell.user, cell.method, cell.path);
          const what = `${cell.user.name} ${cell.method} ${cell.path}`;
          expect([what, cell.reason.allowed]).toEqual([what, allowed]);
          expect([what, cell.reason.why]).toEqual([what, why.replace(/ \(KapacitorAPI excludes.*\)$|^\w+: /, '')]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('verdict 5: agrees with can-i on every cell, and has none for a write that can-i refuses to everybody', () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const matrix = matrixOf(cluster);
        const asked = new Set<string>();
        for (const { user, method, path, reason } of cellsOf(matrix, cluster.users)) {
          const [access] = createAccessDecider(method, path, false)(user);
          asked.add(`${method} ${path}`);
          const what = `${user.name} ${method} ${path}`;
          expect([what, reason.allowed]).toEqual([what, access?.allowed]);
        }
        for (const { method, path } of cluster.users.length > 0 ? endpoints : []) {
          if (asked.has(`${method} ${path}`)) continue;
          expect(`${method} ${path}`).toMatch(/^POST (\/kapacitor\/v1)?\/write$/);
          const refused = cluster.users.flatMap(createAccessDecider(method, path, false));
          expect(refused.filter(({ allowed }) => allowed)).toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('names the roles that would allow it if Kapacitor asked for roles, and no others', () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        for (const cell of cellsOf(matrixOf(cluster), cluster.users)) {
          const { user, reason } = cell;
          if (reason.allowed || reason.rule === 'cannot-log-in') continue;
          const would = cluster.roles.filter(({ users, permissions }) => {
            if (!users.includes(user.name)) return false;
            const joined = new Map(user.permissions);
            for (const [scope, list] of permissions) {
              const known = list.filter((name) => name !== 'Nope' && name !== 'kapacitorapi' && name !== '');
              joined.set(scope, [...(joined.get(scope) ?? []), ...known]);
            }
            return ask({ ...user, permissions: joined }, cell);
          });
          expect(reason.roles).toEqual(would.map(({ name }) => name).sort());
        }
      }),
      { numRuns: 40 },
    );
  });

  it('fixes every refusal', () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        for (const cell of cellsOf(matrixOf(cluster), cluster.users)) {
          const { user, reason, database } = cell;
          expect(reason.fixes.length > 0).toBe(!reason.allowed);
          const permissions = reason.fixes.reduce((before, fix) => fixed(before, fix, database), user.permissions);
          const after = decideAccess({ ...user, permissions }, cell.method, cell.path);
          if (reason.rule === 'cannot-log-in') expect(after.why).not.toContain('cannot log in');
          else expect(after.allowed).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('names the permissions that an allowed cell rests on: without them it is refused', () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        for (const cell of cellsOf(matrixOf(cluster), cluster.users)) {
          const { user, reason } = cell;
          if (reason.rule !== 'entry' || !reason.allowed) continue;
          expect(reason.permissions.length).toBeGreaterThan(0);
          const dropped = new Set([...reason.permissions, ...(reason.permissions.includes('WriteData') ? ['9'] : [])]);
          const left = [...user.permissions].map(
            ([scope, list]) => [scope, list.filter((name) => !dropped.has(name))] as const,
          );
          const before = { ...user, permissions: new Map(left) };
          const other = decideAccess(before, cell.method, cell.path);
          expect(other.allowed && other.why === reason.why).toBe(false);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('shares a row between users of the same rights, in whatever order and words they stand', () => {
    const users = [
      {
        name: 'ann',
        permissions: new Map([
          ['', ['ReadData', 'KapacitorAPI']],
          ['telegraf', ['WriteData']],
        ]),
      },
      {
        name: 'bob',
        permissions: new Map([
          ['telegraf', ['9', 'Monitor']],
          ['', ['KapacitorAPI', 'ReadData']],
        ]),
      },
      { name: 'cid', permissions: new Map([['', ['ReadData']]]) },
    ].map((user) => ({ ...user, hash: undefined }));
    const matrix = matrixOf({ users, roles: [] });
    expect(matrix.users.map(({ row }) => row)).toEqual([0, 0, 1]);
    expect(matrix.rows).toHaveLength(2);
  });

  it('has a column for each database that a document names, of users and of roles', () => {
    const users = [
      { name: 'ann', hash: undefined, permissions: new Map(databases.map((name) => [name, ['ReadData']])) },
    ];
    const roles = [{ name: 'ops', users: [], permissions: new Map([['of-a-role', ['Monitor']]]) }];
    const matrix = matrixOf({ users, roles });
    expect(matrix.databases).toEqual([...databases, 'of-a-role'].sort());
    expect(matrix.otherDatabases).toBe(true);
  });
});
