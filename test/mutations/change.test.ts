import { describe, expect, it } from 'vitest';
import { escapeText } from '../../src/model/text.js';
import { describeUnchanged, type Change, describeDone, describePlanned } from '../../src/mutations/change.js';
import { snapshotOf, splitNeeded } from '../../src/mutations/snapshot.js';
import { permissions } from '../../src/model/permissions.js';
import { Secret } from '../../src/model/secret.js';

const scoped = [
  { scope: '', permissions: ['KapacitorAPI'] },
  { scope: 'telegraf', permissions: ['ReadData', 'WriteData'] },
];

describe('a change in words', () => {
  it.each<[Change, string, string, string]>([
    [
      { on: 'user', name: 'ann', action: 'create', password: { from: 'given' } },
      'create user ann',
      'created user ann',
      'user ann already exists',
    ],
    [{ on: 'role', name: 'r', action: 'delete' }, 'delete role r', 'deleted role r', 'role r not found'],
    [
      { on: 'user', name: 'ann', action: 'change-password', password: { from: 'given' } },
      'change the password of user ann',
      'changed the password of user ann',
      'user ann already has this password',
    ],
    [
      { on: 'user', name: 'ann', action: 'add-permissions', permissions: scoped },
      'grant KapacitorAPI, ReadData on telegraf, WriteData on telegraf to user ann',
      'granted KapacitorAPI, ReadData on telegraf, WriteData on telegraf to user ann',
      'user ann already has KapacitorAPI, ReadData on telegraf, WriteData on telegraf',
    ],
    [
      { on: 'role', name: 'r', action: 'remove-permissions', permissions: scoped.slice(0, 1) },
      'revoke KapacitorAPI from role r',
      'revoked KapacitorAPI from role r',
      'role r does not have KapacitorAPI',
    ],
    [
      { on: 'role', name: 'r', action: 'add-users', users: ['ann', 'b b'] },
      'add ann, "b b" to role r',
      'added ann, "b b" to role r',
      'role r already has ann, "b b" as a member',
    ],
    [
      { on: 'role', name: 'r', action: 'remove-users', users: ['ann'] },
      'remove ann from role r',
      'removed ann from role r',
      'role r does not have ann as a member',
    ],
  ])('%#', (change, todo, done, already) => {
    expect([describePlanned(change), describeDone(change), describeUnchanged(change)]).toEqual([todo, done, already]);
  });

  it('is one line when printed, and tells no end of lists', () => {
    const change: Change = { on: 'user', name: 'a\u001b[31m\nb', action: 'delete' };
    expect(escapeText(describePlanned(change))).toBe('delete user "a\\x1b[31m\\x0ab"');
    const users = Array.from({ length: 1_000 }, (_, i) => `u${i}`);
    expect(
      describePlanned({ on: 'role', name: 'x'.repeat(1_000_000), action: 'add-users', users }).length,
    ).toBeLessThan(300);
    const names = Array.from({ length: 1_000 }, (_, i) => `P${i}`);
    const many = { on: 'role', name: 'r', action: 'add-permissions', permissions: [{ scope: '', permissions: names }] };
    expect(describePlanned(many as Change)).toMatch(/P19 and 980 more to role r$/);
  });

  it('has a name for every permission but NoPermissions', () => {
    const all = permissions.map((row) => row.name).filter((name) => name !== 'NoPermissions');
    const change: Change = {
      on: 'user',
      name: 'ann',
      action: 'add-permissions',
      permissions: [
        { scope: '', permissions: all },
        { scope: 'x', permissions: all },
      ],
    };
    expect(describePlanned(change)).toBe('grant all permissions, all permissions on x to user ann');
  });
});

describe('what has to be sent', () => {
  const before = snapshotOf(
    [{ name: 'ann', hash: new Secret(''), permissions: new Map([['telegraf', ['ReadData']]]) }],
    [{ name: 'r', permissions: new Map(), users: ['ann'] }],
  );

  it('is what is not so already', () => {
    const grant: Change = { on: 'user', name: 'ann', action: 'add-permissions', permissions: scoped };
    const revoke: Change = { ...grant, action: 'remove-permissions' };
    const [api, data] = [scoped[0], { scope: 'telegraf', permissions: ['WriteData'] }];
    const has = [{ scope: 'telegraf', permissions: ['ReadData'] }];
    expect(splitNeeded([grant], before)).toEqual({
      needed: [{ ...grant, permissions: [api, data] }],
      unchanged: [{ ...grant, permissions: has }],
    });
    expect(splitNeeded([revoke], before)).toEqual({
      needed: [{ ...revoke, permissions: has }],
      unchanged: [{ ...revoke, permissions: [api, data] }],
    });
    const join: Change = { on: 'role', name: 'r', action: 'add-users', users: ['ann', 'bob'] };
    expect(splitNeeded([join], before)).toEqual({
      needed: [{ ...join, users: ['bob'] }],
      unchanged: [{ ...join, users: ['ann'] }],
    });
  });

  it('is everything for what does not exist yet, and every create, delete and password', () => {
    const changes: Change[] = [
      { on: 'user', name: 'bob', action: 'create', password: { from: 'given' } },
      { on: 'user', name: 'bob', action: 'add-permissions', permissions: scoped },
      { on: 'user', name: 'ann', action: 'change-password', password: { from: 'given' } },
      { on: 'role', name: 'q', action: 'add-users', users: ['ann'] },
      { on: 'role', name: 'r', action: 'delete' },
    ];
    expect(splitNeeded(changes, before)).toEqual({ needed: changes, unchanged: [] });
  });
});
