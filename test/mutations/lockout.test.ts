import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/mutations/change.js';
import { execute } from '../../src/mutations/execute.js';
import { type Snapshot, createSnapshot } from '../../src/mutations/snapshot.js';
import { findLockout, lockoutError } from '../../src/mutations/lockout.js';
import { KapadminError } from '../../src/errors.js';
import { Secret } from '../../src/model/secret.js';
import type { Permissions } from '../../src/model/permissions.js';
import type { Role, User } from '../../src/model/user.js';
import { simulate, type Simulation, type WriteFault } from './simulated-server.js';
import { virtualClock } from './virtual-clock.js';

const manage: Permissions = new Map([['', ['CreateUserAndRole']]]);
const nothing: Permissions = new Map();
const names = ['admin', 'ann', 'bob'];
const roleNames = ['admins', 'others'];

function user(name: string, isManager: boolean): User {
  return { name, hash: undefined, permissions: isManager ? manage : nothing };
}

function role(name: string, isManaging: boolean, users: readonly string[]): Role {
  return { name, users, permissions: isManaging ? manage : nothing };
}

const scoped = [{ scope: '', permissions: ['CreateUserAndRole'] }];

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    on: fc.constant('user' as const),
    name: fc.constantFrom(...names),
    action: fc.constantFrom('add-permissions' as const, 'remove-permissions' as const),
    permissions: fc.constant(scoped),
  }),
  fc.record({
    on: fc.constant('user' as const),
    name: fc.constantFrom(...names),
    action: fc.constant('delete' as const),
  }),
  fc.record({
    on: fc.constant('user' as const),
    name: fc.constantFrom(...names),
    action: fc.constant('create' as const),
    password: fc.constant({ from: 'given' } as const),
  }),
  fc.record({
    on: fc.constant('role' as const),
    name: fc.constantFrom(...roleNames),
    action: fc.constantFrom('add-permissions' as const, 'remove-permissions' as const),
    permissions: fc.constant(scoped),
  }),
  fc.record({
    on: fc.constant('role' as const),
    name: fc.constantFrom(...roleNames),
    action: fc.constantFrom('create' as const, 'delete' as const),
  }),
  fc.record({
    on: fc.constant('role' as const),
    name: fc.constantFrom(...roleNames),
    action: fc.constantFrom('add-users' as const, 'remove-users' as const),
    users: fc.subarray(names, { minLength: 1 }),
  }),
);

/** A command: no user or role is created or deleted twice in it. */
const commands = fc.array(changes, { minLength: 1, maxLength: 4 }).map((list) => {
  const seen = new Set<string>();
  return list.filter(({ on, name, action }) => {
    const key = `${on} ${name}`;
    if (action !== 'create' && action !== 'delete') return true;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
});

const faults = fc.constantFrom<WriteFault>(
  'none',
  'none',
  'none',
  'not-sent',
  'forbidden',
  'error-before',
  'lost-after',
);

function clusterOf(server: Simulation): Snapshot {
  return createSnapshot(
    server.state.users.values(),
    [...server.state.roles.values()].map((each) => ({ ...each, users: [...each.users] })),
  );
}

/** What a node that copies role permissions into user records shows. */
function copied({ users, roles }: Snapshot): Snapshot {
  const shown = [...users.values()].map((each) => {
    const given = [...roles.values()].some(({ users: members, permissions }) => {
      return members.includes(each.name) && (permissions.get('') ?? []).includes('CreateUserAndRole');
    });
    return given ? { ...each, permissions: manage } : each;
  });
  return createSnapshot(shown, roles.values());
}

function managers({ users, roles }: Snapshot): Set<string> {
  return new Set(
    [...copied({ users, roles }).users.values()]
      .filter(({ permissions }) => permissions.get('')?.includes('CreateUserAndRole') === true)
      .map(({ name }) => name),
  );
}

describe('attack M3: the guard against lock-outs', () => {
  it.each([
    ['does not copy role permissions', (found: Snapshot) => found],
    ['copies role permissions', copied],
  ])(
    'keeps somebody who can manage through any sequence of commands, on a cluster that %s',
    async (_, shown) => {
      await fc.assert(
        fc.asyncProperty(
          fc.subarray(names),
          fc.subarray(names),
          fc.array(commands, { minLength: 1, maxLength: 6 }),
          fc.array(faults, { maxLength: 24 }),
          fc.integer({ min: 1, max: 3 }),
          async (direct, members, sequence, writeFaults, concurrency) => {
            const clock = virtualClock();
            const server = simulate({
              clock,
              users: names.map((name) => user(name, direct.includes(name))),
              roles: [role('admins', true, members), role('others', false, ['ann'])],
              fault: (n) => writeFaults[n] ?? 'none',
            });
            const atStart = managers(clusterOf(server));
            for (const command of sequence) {
              try {
                await execute(command, {
                  client: server.client,
                  before: shown(clusterOf(server)),
                  secret: async () => new Secret('new'),
                  concurrency,
                  clock,
                  stop: new AbortController().signal,
                  lockout: { account: 'admin' },
                });
              } catch (error) {
                if (!(error instanceof KapadminError && error.code === 'would-lock-out')) throw error;
              }
              await clock.sleep(10_000);
              const now = managers(clusterOf(server));
              if (atStart.size > 0) expect(now.size).toBeGreaterThan(0);
              if (atStart.has('admin')) expect(now).toContain('admin');
            }
          },
        ),
        { numRuns: 400 },
      );
    },
    120_000,
  );

  it.each<[string, Snapshot, Change, string]>([
    [
      'the account of the connection',
      createSnapshot([user('admin', true), user('ann', true)], []),
      { on: 'user', name: 'admin', action: 'remove-permissions', permissions: scoped },
      'cannot revoke CreateUserAndRole from user admin: admin is the account of this connection and would lose CreateUserAndRole',
    ],
    [
      'the last user that can manage',
      createSnapshot([user('admin', false), user('ann', true)], []),
      { on: 'user', name: 'ann', action: 'delete' },
      'cannot delete user ann: ann is the last user with CreateUserAndRole: nobody could manage users and roles',
    ],
    [
      'the role that lets the account manage',
      createSnapshot([user('admin', false), user('ann', true)], [role('admins', true, ['admin'])]),
      { on: 'role', name: 'admins', action: 'delete' },
      'cannot delete role admins: admin is the account of this connection and would lose CreateUserAndRole',
    ],
    [
      'what may be nothing but a copy of a role',
      createSnapshot([user('admin', true)], [role('admins', true, ['admin'])]),
      { on: 'role', name: 'admins', action: 'remove-users', users: ['admin'] },
      'cannot remove admin from role admins: admin is the account of this connection and would lose CreateUserAndRole',
    ],
  ])('names %s', (_, found, change, message) => {
    const lockout = findLockout([change], found, { account: 'admin' });
    expect(lockout && lockoutError(lockout)).toMatchObject({
      kind: 'usage',
      code: 'would-lock-out',
      message,
      hint: 'No changes were made. To do it anyway, add --allow-lockout.',
    });
    expect(findLockout([change], found, { account: 'admin', allowed: true })).toBeUndefined();
  });

  it('lets through what takes from one of several, and what gives before it takes', () => {
    const two = createSnapshot([user('admin', true), user('ann', true), user('bob', false)], []);
    const revoke: Change = { on: 'user', name: 'ann', action: 'remove-permissions', permissions: scoped };
    expect(findLockout([revoke], two, { account: 'admin' })).toBeUndefined();
    const one = createSnapshot([user('ann', true), user('bob', false)], []);
    const grant: Change = { on: 'user', name: 'bob', action: 'add-permissions', permissions: scoped };
    expect(findLockout([grant, revoke], one, {})).toBeUndefined();
    expect(findLockout([revoke], one, {})).toMatchObject({ reason: 'last-manager' });
  });
});
