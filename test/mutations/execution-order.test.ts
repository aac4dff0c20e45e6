import { describe, expect, it } from 'vitest';
import { type Change, describePlanned } from '../../src/mutations/change.js';
import { createSnapshot } from '../../src/mutations/snapshot.js';
import { findJoiningUsers, orderChanges } from '../../src/mutations/execution-order.js';

const read = [{ scope: '', permissions: ['ReadData'] }];
const createAnn: Change = { on: 'user', name: 'ann', action: 'create', password: { from: 'given' } };
const grantAnn: Change = { on: 'user', name: 'ann', action: 'add-permissions', permissions: read };
const revokeAnn: Change = { on: 'user', name: 'ann', action: 'remove-permissions', permissions: read };
const createRole: Change = { on: 'role', name: 'r', action: 'create' };
const join: Change = { on: 'role', name: 'r', action: 'add-users', users: ['ann'] };
const leave: Change = { on: 'role', name: 'q', action: 'remove-users', users: ['ann'] };
const deleteBob: Change = { on: 'user', name: 'bob', action: 'delete' };
const newPassword: Change = { on: 'user', name: 'ann', action: 'change-password', password: { from: 'given' } };

function wavesOf(changes: readonly Change[], login?: string, before = createSnapshot([], [])): string[][] {
  const { waves } = orderChanges(changes, before, findJoiningUsers(changes), login);
  return waves.map((wave) => wave.map(({ change }) => describePlanned(change)));
}

describe('the order of changes', () => {
  it('is: what adds, what takes rights away, deletes', () => {
    expect(wavesOf([deleteBob, leave, join, revokeAnn, createRole, createAnn])).toEqual([
      ['create role r', 'create user ann', 'add ann to role r'],
      ['revoke ReadData from user ann', 'remove ann from role q'],
      ['delete user bob'],
    ]);
  });

  it('lets a membership wait for its role and its users', () => {
    const changes = [join, createAnn, createRole, grantAnn];
    const [wave = []] = orderChanges(changes, createSnapshot([], []), findJoiningUsers(changes)).waves;
    expect(new Map(wave.map(({ index, after }) => [index, after]))).toEqual(
      new Map([
        [0, [2, 1]],
        [1, []],
        [2, []],
        [3, [1]],
      ]),
    );
  });

  it('changes the password of the login in use after all that needs it, and its rights last of all', () => {
    expect(wavesOf([revokeAnn, newPassword, deleteBob, leave, createRole], 'ann')).toEqual([
      ['create role r'],
      ['delete user bob'],
      ['change the password of user ann'],
      ['revoke ReadData from user ann', 'remove ann from role q'],
    ]);
    expect(wavesOf([newPassword, createRole], 'admin')).toEqual([['create role r', 'change the password of user ann']]);
  });

  it('takes the role of the login in use away last', () => {
    const before = createSnapshot([], [{ name: 'admins', permissions: new Map(), users: ['ann'] }]);
    const deleteRole: Change = { on: 'role', name: 'admins', action: 'delete' };
    expect(wavesOf([deleteRole, deleteBob], 'ann', before)).toEqual([['delete user bob'], ['delete role admins']]);
  });

  it('refuses a list that creates and deletes the same user', () => {
    const changes: Change[] = [createAnn, { on: 'user', name: 'ann', action: 'delete' }];
    expect(() => wavesOf(changes)).toThrow('user ann twice');
    expect(() => wavesOf([createAnn, createAnn])).toThrow('user ann twice');
    expect(wavesOf([createAnn, { on: 'role', name: 'ann', action: 'delete' }])).toHaveLength(2);
  });
});
