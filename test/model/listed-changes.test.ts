import { describe, expect, it } from 'vitest';
import { listedChanges } from '../../src/model/listed-changes.js';
import type { ListedUser } from '../../src/model/listed.js';

function listed(
  name: string,
  scopes: Readonly<Record<string, readonly string[]>> = {},
  roles: string[] = [],
): ListedUser {
  return {
    user: { name, hash: undefined, permissions: new Map(Object.entries(scopes)) },
    roles: roles.map((role) => ({ name: role, permissions: new Map(), users: [name] })),
  };
}

describe('what is different in a list of users', () => {
  it('is nothing where only the order is', () => {
    const before = [listed('a', { '': ['P', 'Q'], x: ['R'] }, ['r', 's']), listed('b')];
    const after = [listed('b'), listed('a', { x: ['R'], '': ['Q', 'P'] }, ['s', 'r'])];
    expect(listedChanges(before, after)).toEqual([]);
  });

  it('is a line for each user, sorted', () => {
    const before = [listed('b'), listed('c', { '': ['P'], x: ['P'] }, ['r']), listed('d', { '': ['P'] })];
    const after = [listed('a', { '': ['P'] }), listed('c', { '': ['P'], y: ['P'] }, ['s']), listed('d', {}, ['r'])];
    expect(listedChanges(before, after)).toEqual([
      '+ a',
      '- b',
      'c: + P on y, + role s, - P on x, - role r',
      'd: + role r, - P',
    ]);
  });

  it('shows what names hide', () => {
    const before = [listed('__proto__'), listed('x\n- y')];
    const after = [listed('\u202eevil'), listed('x\n- y', { 'a b': ['P'] }, ['-r\u0007'])];
    expect(listedChanges(before, after)).toEqual([
      '- __proto__',
      '"x\\x0a- y": + P on "a b", + role "-r\\x07"',
      '+ "\\u202eevil"',
    ]);
  });
});
