import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsPermission, type Permissions, unknownPermissions } from '../../src/model/permissions.js';
import { effectivePermissions, listUsers, type Role, type User, type UserFilter } from '../../src/model/user.js';

function map(record: Record<string, string[]>): Permissions {
  return new Map(Object.entries(record));
}

function user(name: string, record: Record<string, string[]> = {}): User {
  return { name, hash: undefined, permissions: map(record) };
}

function role(name: string, users: string[], record: Record<string, string[]>): Role {
  return { name, users, permissions: map(record) };
}

describe('what a user may do', () => {
  const roles = [
    role('z', ['ann'], { '': ['KapacitorAPI', 'Monitor'] }),
    role('a', ['bob', 'ann'], { telegraf: ['ReadData'], '': ['KapacitorAPI'] }),
    role('others', ['bob'], { '': ['DropData'] }),
  ];

  it('has its origins, and what Kapacitor sees of it', () => {
    expect(
      effectivePermissions(user('ann', { telegraf: ['ReadData', 'WriteData'], '': ['ViewAdmin'] }), roles, 'no'),
    ).toEqual([
      {
        permission: 'KapacitorAPI',
        scope: '',
        inUserRecord: false,
        direct: 'no',
        roles: ['a', 'z'],
        kapacitor: 'not-seen',
      },
      { permission: 'Monitor', scope: '', inUserRecord: false, direct: 'no', roles: ['z'], kapacitor: 'no-meaning' },
      { permission: 'ViewAdmin', scope: '', inUserRecord: true, direct: 'yes', roles: [], kapacitor: 'no-meaning' },
      { permission: 'ReadData', scope: 'telegraf', inUserRecord: true, direct: 'yes', roles: ['a'], kapacitor: 'seen' },
      { permission: 'WriteData', scope: 'telegraf', inUserRecord: true, direct: 'yes', roles: [], kapacitor: 'seen' },
    ]);
  });

  it('is nothing without permissions and roles', () => {
    expect(effectivePermissions(user('cid'), roles, 'unknown')).toEqual([]);
  });

  it('counts a permission once, however often a document has it', () => {
    const [only, ...more] = effectivePermissions(user('ann', { '': ['ReadData', 'ReadData'] }), [], 'unknown');
    expect([only?.permission, more]).toEqual(['ReadData', []]);
  });

  it('holds a permission for one database also when it has it for all', () => {
    const permissions = map({ '': ['ReadData'], telegraf: ['WriteData'] });
    expect(holdsPermission(permissions, 'ReadData', 'telegraf')).toBe(true);
    expect(holdsPermission(permissions, 'WriteData', 'telegraf')).toBe(true);
    expect(holdsPermission(permissions, 'WriteData', '')).toBe(false);
    expect(holdsPermission(permissions, 'WriteData', 'other')).toBe(false);
  });

  it('names what Kapacitor does not know', () => {
    const permissions = map({ '': ['ReadData', 'kapacitorapi'], __proto__x: ['Nope'], y: ['Nope'] });
    expect(unknownPermissions(permissions)).toEqual(['kapacitorapi', 'Nope']);
  });

  it('is the union of what it has itself and what its roles have', () => {
    const names = fc.uniqueArray(fc.constantFrom('ReadData', 'WriteData', 'KapacitorAPI', 'toString'), {
      minLength: 1,
    });
    const permissions = fc
      .uniqueArray(fc.tuple(fc.constantFrom('', 'db', '__proto__', 'constructor'), names), {
        selector: ([scope]) => scope,
      })
      .map((entries): Permissions => new Map(entries));
    const anyRole = fc.record({ name: fc.string(), permissions, users: fc.subarray(['ann', 'bob']) });
    fc.assert(
      fc.property(permissions, fc.uniqueArray(anyRole, { selector: ({ name }) => name }), (own, roles) => {
        const found = effectivePermissions({ name: 'ann', hash: undefined, permissions: own }, roles, 'unknown');
        const mine = [own, ...roles.filter(({ users }) => users.includes('ann')).map((one) => one.permissions)];
        const wanted = mine.flatMap((each) =>
          [...each].flatMap(([scope, list]) => list.map((name) => `${scope}/${name}`)),
        );
        expect(new Set(found.map((row) => `${row.scope}/${row.permission}`))).toEqual(new Set(wanted));
        for (const row of found) {
          expect(row.inUserRecord).toBe(own.get(row.scope)?.includes(row.permission) === true);
          expect(row.inUserRecord || row.roles.length > 0).toBe(true);
          if (!row.inUserRecord) expect(row.kapacitor).not.toBe('seen');
          expect(row.direct).toBe(!row.inUserRecord ? 'no' : row.roles.length > 0 ? 'unknown' : 'yes');
        }
      }),
    );
  });
});

describe('the list of users', () => {
  const users = [
    user('cid', { telegraf: ['ReadData'] }),
    user('ann', { '': ['ReadData'] }),
    user('bob'),
    user('dan', { other: ['ReadData'] }),
  ];
  const roles = [role('writers', ['bob', 'cid'], { telegraf: ['WriteData'] }), role('empty', [], {})];

  it.each<[UserFilter, string[]]>([
    [{}, ['ann', 'bob', 'cid', 'dan']],
    [{ permission: 'ReadData' }, ['ann', 'cid', 'dan']],
    [{ permission: 'ReadData', db: 'telegraf' }, ['ann', 'cid']],
    [{ db: 'telegraf' }, ['ann', 'cid']],
    [{ db: 'telegraf', viaRole: true }, ['ann', 'bob', 'cid']],
    [{ permission: 'WriteData' }, []],
    [{ permission: 'WriteData', viaRole: true }, ['bob', 'cid']],
    [{ role: 'writers' }, ['bob', 'cid']],
    [{ role: 'writers', permission: 'ReadData' }, ['cid']],
    [{ role: 'empty' }, []],
  ])('filtered by %j', (filter, names) => {
    expect(listUsers(users, roles, filter).map((listed) => listed.user.name)).toEqual(names);
  });

  it('names the roles of each, sorted', () => {
    const more = [...roles, role('admins', ['bob'], {})];
    const bob = listUsers(users, more, {}).find((listed) => listed.user.name === 'bob');
    expect(bob?.roles.map(({ name }) => name)).toEqual(['admins', 'writers']);
  });
});
