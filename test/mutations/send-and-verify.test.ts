import * as bcrypt from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/mutations/change.js';
import { readSnapshot, type Snapshot, createSnapshot } from '../../src/mutations/snapshot.js';
import { executionPolicy } from '../../src/mutations/execution-policy.js';
import { awaitVisible, type Visibility } from '../../src/mutations/send-and-verify.js';
import { KapadminError } from '../../src/errors.js';
import { Secret } from '../../src/model/secret.js';
import type { Role, User } from '../../src/model/user.js';
import { virtualClock } from './virtual-clock.js';

const ann = user('ann');
const create: Change = { on: 'user', name: 'ann', action: 'create', password: { from: 'given' } };
const newPassword: Change = { on: 'user', name: 'ann', action: 'change-password', password: { from: 'given' } };

function user(name: string, hash = '', permissions: readonly (readonly [string, string[]])[] = []): User {
  return { name, hash: new Secret(hash), permissions: new Map(permissions) };
}

/** Reads that show one state after the other, each for one poll. */
async function watch(
  changes: readonly Change[],
  states: readonly (Snapshot | KapadminError)[],
  more: { before?: Snapshot; wait?: number; stop?: AbortSignal } = {},
): Promise<Visibility & { polls: number; ms: number }> {
  const clock = virtualClock();
  let polls = 0;
  const now = (): Snapshot => {
    const state = states[Math.min(polls, states.length - 1)];
    if (state instanceof KapadminError) throw state;
    return state ?? createSnapshot([], []);
  };
  const seen = await awaitVisible(changes, {
    client: {
      users: async ({ name } = {}) => {
        const users = [...now().users.values()].filter((one) => name === undefined || one.name === name);
        polls++;
        return users;
      },
      roles: async ({ name } = {}) =>
        [...now().roles.values()].filter((one) => name === undefined || one.name === name),
    },
    before: more.before ?? createSnapshot([], []),
    secret: async () => new Secret('new'),
    wait: more.wait ?? 2_000,
    clock,
    stop: more.stop ?? new AbortController().signal,
  });
  return { ...seen, polls, ms: clock.now() };
}

const empty = createSnapshot([], []);

describe('after a write', () => {
  it('reads until it shows, every 50 ms', async () => {
    const { hidden, polls, ms } = await watch([create], [empty, empty, createSnapshot([ann], [])]);
    expect({ hidden, polls, ms }).toEqual({ hidden: [], polls: 3, ms: 2 * executionPolicy.pollInterval });
  });

  it('names what does not show when the wait is over', async () => {
    const { hidden, ms } = await watch([create], [empty], { wait: 220 });
    expect({ hidden, ms }).toEqual({ hidden: [create], ms: 220 });
  });

  it('reads once where no wait is wanted', async () => {
    expect(await watch([create], [empty], { wait: 0 })).toMatchObject({ hidden: [create], polls: 1, ms: 0 });
  });

  it('says why it could not read', async () => {
    const error = new KapadminError('refused', 'forbidden', '403');
    expect(await watch([create], [error])).toMatchObject({ hidden: [create], error });
  });

  it('ends when stopped', async () => {
    expect(await watch([create], [empty], { stop: AbortSignal.abort('SIGINT') })).toMatchObject({ polls: 0 });
  });

  it('verifies a new password by bcrypt', async () => {
    const before = createSnapshot([user('ann', bcrypt.hashSync('old', 4))], []);
    const after = createSnapshot([user('ann', bcrypt.hashSync('new', 4))], []);
    expect((await watch([newPassword], [before, after], { before })).hidden).toEqual([]);
    expect((await watch([newPassword], [before], { before, wait: 100 })).hidden).toEqual([newPassword]);
    const others = createSnapshot([user('ann', bcrypt.hashSync('other', 4))], []);
    expect((await watch([newPassword], [others], { before, wait: 100 })).hidden).toEqual([newPassword]);
  });

  it('takes a hash that is not bcrypt for shown once it has changed', async () => {
    const before = createSnapshot([user('ann', 'pbkdf2:1')], []);
    const after = createSnapshot([user('ann', 'pbkdf2:2')], []);
    expect((await watch([newPassword], [before, after], { before })).hidden).toEqual([]);
    expect((await watch([newPassword], [before], { before, wait: 100 })).hidden).toEqual([newPassword]);
  });

  it('verdict 39: recognizes a revoke that a role hides: the record still shows it', async () => {
    const role: Role = { name: 'r', permissions: new Map([['', ['ReadData']]]), users: ['ann'] };
    const read = [{ scope: '', permissions: ['ReadData'] }];
    const revoke: Change = { on: 'user', name: 'ann', action: 'remove-permissions', permissions: read };
    const merged = createSnapshot([user('ann', '', [['', ['ReadData']]])], [role]);
    expect(await watch([revoke], [merged], { before: merged })).toMatchObject({ hidden: [], hiddenByRole: [revoke] });
    const plain = createSnapshot([user('ann', '', [['', ['ReadData']]])], [{ ...role, users: [] }]);
    expect((await watch([revoke], [plain], { before: plain, wait: 100 })).hidden).toEqual([revoke]);
  });
});

describe('reading what is named', () => {
  it('asks for few names one by one and for many at once', async () => {
    const asked: (string | undefined)[] = [];
    const client = {
      users: async ({ name }: { name?: string | undefined } = {}) => {
        asked.push(name);
        return name === undefined ? [ann] : [];
      },
      roles: async () => [],
    };
    const { signal } = new AbortController();
    expect((await readSnapshot(client, { users: ['ann', 'bob', 'ann'] }, signal)).users.size).toBe(0);
    expect(asked.splice(0)).toEqual(['ann', 'bob']);
    const many = Array.from({ length: 30 }, (_, i) => `user${i}`);
    expect((await readSnapshot(client, { users: many }, signal)).users.has('ann')).toBe(true);
    await readSnapshot(client, { users: 'all' }, signal);
    await readSnapshot(client, { users: [] }, signal);
    expect(asked).toEqual([undefined, undefined]);
  });
});
