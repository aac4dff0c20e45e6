import { describe, expect, it } from 'vitest';
import { describeAcl, saysSame } from '../../src/model/acl.js';

const exact = (value: string) => ({ match: 'exact', value });

describe('saysSame', () => {
  const rule = { database: exact('db'), permissions: ['read', 'write'], users: [{ name: 'a' }, { name: 'b' }] };

  it.each([
    ['itself', rule, true],
    ['more keys', { ...rule, id: '1', created: 'now' }, true],
    [
      'another order',
      {
        users: [{ name: 'b' }, { name: 'a' }],
        permissions: ['write', 'read'],
        database: { value: 'db', match: 'exact' },
      },
      true,
    ],
    ['empty parts', { ...rule, tags: [], measurement: null, roles: undefined }, true],
    ['another database', { ...rule, database: exact('dbs') }, false],
    ['a prefix', { ...rule, database: { match: 'prefix', value: 'db' } }, false],
    ['a measurement', { ...rule, measurement: exact('cpu') }, false],
    ['one permission', { ...rule, permissions: ['read'] }, false],
    ['more users', { ...rule, users: [...rule.users, { name: 'c' }] }, false],
  ])('of %s', (_, other, same) => {
    expect([saysSame(other, rule), saysSame(rule, other)]).toEqual([same, same]);
  });
});

describe('describeAcl', () => {
  it('names each part, and tells a prefix from a name', () => {
    expect(
      describeAcl({
        id: 1,
        database: { match: 'prefix', value: 'tele' },
        measurement: exact('cpu*'),
        tags: [
          { ...exact('east'), key: 'dc' },
          { match: 'prefix', key: 'host', value: 'a b' },
        ],
        permissions: ['read'],
        users: [{ name: 'joe' }],
        roles: ['ops'],
      }),
    ).toEqual({
      permissions: ['read'],
      on: ['database prefix tele', 'measurement "cpu*"', 'tag "dc=east"', 'tag host prefix "a b"'],
      whom: ['user joe', 'role ops'],
      others: '',
    });
  });

  it('keeps what is not documented', () => {
    const { on, whom, others, permissions } = describeAcl({
      database: { match: 'regex', value: '.*' },
      measurement: { ...exact('m'), negate: true },
      tags: 'dc',
      permissions: [7],
      users: [{ name: 'joe', until: 3 }],
      org: { x: [1] },
    });
    expect(on).toEqual([
      'database {"match":"regex","value":".*"}',
      'measurement {"match":"exact","value":"m","negate":true}',
      'tag "dc"',
    ]);
    expect([permissions, whom, others]).toEqual([['7'], ['user {"name":"joe","until":3}'], '{"org":{"x":[1]}}']);
  });
});
