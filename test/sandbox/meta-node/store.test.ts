import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/model/secret.js';
import type { Permissions } from '../../../src/model/permissions.js';
import {
  applyWrite,
  type ClusterState,
  copyState,
  emptyState,
  type StoreWrite,
} from '../../../src/sandbox/meta-node/store.js';

const hash = new Secret('h');
const none: Permissions = new Map();

/** A state as plain values, in no order but its own. */
function plain(state: ClusterState): unknown {
  const users = [...state.users.values()].map((user) => ({
    ...user,
    hash: user.hash.reveal(),
    permissions: [...user.permissions],
  }));
  const roles = [...state.roles.values()].map((role) => ({
    ...role,
    permissions: [...role.permissions],
    users: [...role.users],
  }));
  return { users, roles };
}

const name = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'a', 'b', '', 'line\nend', '💥'), fc.string());
const permissionSets: fc.Arbitrary<Permissions> = fc
  .uniqueArray(fc.tuple(name, fc.uniqueArray(name, { minLength: 1, maxLength: 3 })), {
    selector: ([scope]) => scope,
    maxLength: 3,
  })
  .map((entries) => new Map(entries));

const states: fc.Arbitrary<ClusterState> = fc
  .record({
    users: fc.uniqueArray(fc.tuple(name, permissionSets), { selector: ([user]) => user, maxLength: 5 }),
    roles: fc.uniqueArray(fc.tuple(name, permissionSets), { selector: ([role]) => role, maxLength: 5 }),
  })
  .map(({ users, roles }) => {
    const state = emptyState();
    for (const [user, permissions] of users)
      applyWrite(state, { on: 'user', action: 'create', name: user, hash, permissions });
    const members = users.map(([user]) => user).slice(0, 3);
    for (const [role, permissions] of roles) {
      applyWrite(state, { on: 'role', action: 'create', name: role, permissions, users: members });
    }
    return state;
  });

/** What is in `more` and not in `have`. */
function without(more: Permissions, have: Permissions): Permissions {
  const left = [...more].map(([scope, names]) => [scope, names.filter((n) => !have.get(scope)?.includes(n))] as const);
  return new Map(left.filter(([, names]) => names.length > 0));
}

describe('the store', () => {
  it('is as before when a user is created and deleted', () => {
    fc.assert(
      fc.property(states, name, permissionSets, (state, user, permissions) => {
        fc.pre(!state.users.has(user));
        const before = plain(state);
        expect(applyWrite(state, { on: 'user', action: 'create', name: user, hash, permissions })).toBeUndefined();
        expect(state.users.get(user)?.permissions).toEqual(permissions);
        expect(applyWrite(state, { on: 'user', action: 'delete', name: user })).toBeUndefined();
        expect(plain(state)).toEqual(before);
      }),
    );
  });

  it('is as before when a role is created and deleted', () => {
    fc.assert(
      fc.property(states, name, permissionSets, (state, role, permissions) => {
        fc.pre(!state.roles.has(role));
        const before = plain(state);
        applyWrite(state, { on: 'role', action: 'create', name: role, permissions, users: [...state.users.keys()] });
        expect(state.roles.has(role)).toBe(true);
        applyWrite(state, { on: 'role', action: 'delete', name: role });
        expect(plain(state)).toEqual(before);
      }),
    );
  });

  it('is as before when permissions that were not there are added and removed, of users and of roles', () => {
    fc.assert(
      fc.property(states, permissionSets, fc.constantFrom('user' as const, 'role' as const), (state, more, on) => {
        const target = [...(on === 'user' ? state.users : state.roles).values()][0];
        fc.pre(target !== undefined);
        const permissions = without(more, target.permissions);
        const before = plain(state);
        applyWrite(state, { on, action: 'add-permissions', name: target.name, permissions });
        applyWrite(state, { on, action: 'remove-permissions', name: target.name, permissions });
        expect(plain(state)).toEqual(before);
      }),
    );
  });

  it('is as before when members are added to a role and removed', () => {
    fc.assert(
      fc.property(states, name, (state, user) => {
        const role = [...state.roles.keys()][0];
        fc.pre(role !== undefined && !state.users.has(user));
        applyWrite(state, { on: 'user', action: 'create', name: user, hash, permissions: none });
        const before = plain(state);
        applyWrite(state, { on: 'role', action: 'add-users', name: role, users: [user] });
        expect(state.roles.get(role)?.users.has(user)).toBe(true);
        applyWrite(state, { on: 'role', action: 'remove-users', name: role, users: [user] });
        expect(plain(state)).toEqual(before);
      }),
    );
  });

  it('does nothing more when permissions or members are added again', () => {
    fc.assert(
      fc.property(states, permissionSets, (state, permissions) => {
        const [user] = state.users.keys();
        const [role] = state.roles.keys();
        fc.pre(user !== undefined && role !== undefined);
        const writes: StoreWrite[] = [
          { on: 'user', action: 'add-permissions', name: user, permissions },
          { on: 'role', action: 'add-permissions', name: role, permissions },
          { on: 'role', action: 'add-users', name: role, users: [user] },
        ];
        for (const write of writes) applyWrite(state, write);
        const once = plain(state);
        for (const write of writes) applyWrite(state, write);
        expect(plain(state)).toEqual(once);
      }),
    );
  });

  it('leaves a copy as it was', () => {
    fc.assert(
      fc.property(states, (state) => {
        const copy = copyState(state);
        const before = plain(copy);
        for (const role of state.roles.keys())
          applyWrite(state, { on: 'role', action: 'remove-users', name: role, users: ['a'] });
        for (const user of state.users.keys()) applyWrite(state, { on: 'user', action: 'delete', name: user });
        expect(plain(copy)).toEqual(before);
      }),
    );
  });

  it('counts the writes that it applied, and changes nothing when it refuses one', () => {
    const state = emptyState();
    const create: StoreWrite = { on: 'user', action: 'create', name: 'a', hash, permissions: none };
    applyWrite(state, create);
    const { index } = state;
    expect(applyWrite(state, create)).toEqual({ status: 400, error: 'user already exists' });
    expect(applyWrite(state, { on: 'user', action: 'delete', name: 'b' })).toEqual({
      status: 404,
      error: 'user not found',
    });
    expect(applyWrite(state, { on: 'role', action: 'delete', name: 'r' })).toEqual({
      status: 404,
      error: 'role not found',
    });
    expect(state.index).toBe(index);
    applyWrite(state, { on: 'role', action: 'create', name: 'r', permissions: none, users: [] });
    expect(state.index).toBe(index + 1);
    expect(applyWrite(state, { on: 'role', action: 'create', name: 'r', permissions: none, users: [] })).toEqual({
      status: 400,
      error: 'role already exists',
    });
    expect(applyWrite(state, { on: 'role', action: 'add-users', name: 'r', users: ['a', 'nobody'] })).toEqual({
      status: 404,
      error: 'user not found',
    });
    expect(state.roles.get('r')?.users.size).toBe(0);
  });

  it('takes a deleted user out of its roles', () => {
    const state = emptyState();
    applyWrite(state, { on: 'user', action: 'create', name: 'a', hash, permissions: none });
    applyWrite(state, { on: 'role', action: 'create', name: 'r', permissions: none, users: ['a'] });
    applyWrite(state, { on: 'user', action: 'delete', name: 'a' });
    expect(state.roles.get('r')?.users.size).toBe(0);
  });
});
