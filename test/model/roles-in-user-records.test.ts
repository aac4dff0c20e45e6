import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findUncopied,
  lackingNote,
  perhapsCopied,
  roleSentence,
  rolesInUserRecords,
} from '../../src/model/roles-in-user-records.js';
import type { Role, User } from '../../src/model/user.js';

type Scopes = Record<string, string[]>;

function user(name: string, record: Scopes = {}): User {
  return { name, hash: undefined, permissions: new Map(Object.entries(record)) };
}

function role(name: string, users: string[], record: Scopes): Role {
  return { name, users, permissions: new Map(Object.entries(record)) };
}

describe('verdict 39: whether a cluster copies role permissions into user records', () => {
  it('is no where a member lacks a permission of its role', () => {
    const users = [user('ann', { '': ['KapacitorAPI'] }), user('bob')];
    const roles = [role('kapacitor', ['ann', 'bob'], { '': ['KapacitorAPI'] })];
    expect(findUncopied(users, roles)).toEqual({
      user: 'bob',
      role: 'kapacitor',
      permission: 'KapacitorAPI',
      scope: '',
    });
    expect(rolesInUserRecords(users, roles)).toBe('no');
    expect(rolesInUserRecords(users, roles, 'yes')).toBe('no');
  });

  it.each<[string, User[], Role[]]>([
    [
      'every member has all that its roles give',
      [user('ann', { '': ['Monitor'] })],
      [role('r', ['ann'], { '': ['Monitor'] })],
    ],
    ['there are no roles', [user('ann')], []],
    ['a role has no member', [user('ann')], [role('r', [], { '': ['Monitor'] })]],
    ['the member is no user of the cluster', [user('ann')], [role('r', ['gone'], { '': ['Monitor'] })]],
    [
      'the record has it for all databases',
      [user('ann', { '': ['ReadData'] })],
      [role('r', ['ann'], { db: ['ReadData'] })],
    ],
    ['what is missing means nothing', [user('ann')], [role('r', ['ann'], { '': ['NoPermissions'] })]],
  ])('is unknown where %s, and then the probe decides', (_, users, roles) => {
    expect(rolesInUserRecords(users, roles)).toBe('unknown');
    expect(rolesInUserRecords(users, roles, 'yes')).toBe('yes');
    expect(rolesInUserRecords(users, roles, 'no')).toBe('no');
  });

  it('is never no for the records of a cluster that copies, whatever its users and roles are', () => {
    const names = fc.subarray(['ReadData', 'WriteData', 'KapacitorAPI'], { minLength: 1 });
    const scopes = fc.dictionary(fc.constantFrom('', 'db', 'other'), names);
    const people = fc.uniqueArray(fc.record({ name: fc.constantFrom('ann', 'bob', 'cid'), scopes }), {
      selector: ({ name }) => name,
    });
    const groups = fc.array(fc.record({ users: fc.subarray(['ann', 'bob', 'cid', 'gone']), scopes }));
    fc.assert(
      fc.property(people, groups, (users, made) => {
        const roles = made.map(({ users: members, scopes: given }, i) => role(`r${i}`, members, given));
        const records = users.map(({ name, scopes: own }) => {
          const all = new Map(Object.entries(own));
          for (const one of roles.filter(({ users: members }) => members.includes(name))) {
            for (const [scope, given] of one.permissions) {
              all.set(scope, [...new Set([...(all.get(scope) ?? []), ...given])]);
            }
          }
          return { name, hash: undefined, permissions: all };
        });
        expect(rolesInUserRecords(records, roles)).toBe('unknown');
      }),
    );
  });

  it('makes nothing of a record direct that a role gives too, unless it is no', () => {
    const ann = user('ann', { '': ['KapacitorAPI', 'Monitor'], db: ['KapacitorAPI', 'ReadData'] });
    const roles = [
      role('r', ['ann'], { '': ['KapacitorAPI'], db: ['ReadData'] }),
      role('s', ['bob'], { '': ['Monitor'] }),
    ];
    const both = new Map([
      ['', ['KapacitorAPI']],
      ['db', ['ReadData']],
    ]);
    expect(perhapsCopied(ann, roles, 'unknown')).toEqual(both);
    expect(perhapsCopied(ann, roles, 'yes')).toEqual(both);
    expect(perhapsCopied(ann, roles, 'no')).toEqual(new Map());
  });

  it('is reported in sentences of which only that for no says that role permissions do not count', () => {
    expect(roleSentence('unknown')).toBe(
      'Kapacitor reads only the user record. Whether this cluster copies role permissions into it is unknown; ' +
        'check with kapadmin auth test.',
    );
    expect((['yes', 'no', 'unknown'] as const).filter((fact) => roleSentence(fact).includes('does not'))).toEqual([
      'no',
    ]);
    const johndoe = { name: 'johndoe', permissions: ['KapacitorAPI'] };
    expect(lackingNote('no', [johndoe])).toBe(
      'Kapacitor reads only the user record. This cluster does not copy role permissions into it. ' +
        'Grant KapacitorAPI to the member of the role: ' +
        'kapadmin user grant johndoe KapacitorAPI',
    );
  });
});
