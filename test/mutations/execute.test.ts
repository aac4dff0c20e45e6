import * as bcrypt from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { type Change, type ExecutionSummary, summaryError } from '../../src/mutations/change.js';
import { execute, type ExecuteOptions, type ExecutionProgress } from '../../src/mutations/execute.js';
import { createSnapshot } from '../../src/mutations/snapshot.js';
import { executionPolicy } from '../../src/mutations/execution-policy.js';
import { MetaError } from '../../src/meta/errors.js';
import { Secret } from '../../src/model/secret.js';
import type { User } from '../../src/model/user.js';
import { simulate, type Simulation, type SimulationOptions } from './simulated-server.js';
import { virtualClock } from './virtual-clock.js';

const read = [{ scope: '', permissions: ['ReadData'] }];

function user(name: string): User {
  return { name, hash: new Secret('plain:old'), permissions: new Map() };
}

function createUser(name: string): Change {
  return { on: 'user', name, action: 'create', password: { from: 'given' } };
}

function grant(name: string): Change {
  return { on: 'user', name, action: 'add-permissions', permissions: read };
}

interface Ran {
  readonly summary: ExecutionSummary;
  readonly server: Simulation;
}

async function run(
  changes: readonly Change[],
  given: Omit<SimulationOptions, 'clock'> = {},
  more: Partial<ExecuteOptions> = {},
): Promise<Ran> {
  const clock = virtualClock();
  const server = simulate({ clock, ...given });
  const summary = await execute(changes, {
    client: server.client,
    before: createSnapshot(given.users ?? [], given.roles ?? []),
    secret: async () => new Secret('new'),
    concurrency: 4,
    clock,
    stop: new AbortController().signal,
    ...more,
  });
  return { summary, server };
}

function statuses({ summary }: Ran): string[] {
  return summary.results.map(({ status }) => status);
}

describe('execute', () => {
  it('goes on with what does not depend on a failed change, and names what does', async () => {
    const changes = [createUser('ann'), grant('ann'), createUser('bob'), grant('bob')];
    const ran = await run(changes, { fault: (n) => (n === 0 ? 'forbidden' : 'none') });
    expect(statuses(ran)).toEqual(['failed', 'not-started', 'done', 'done']);
    expect(ran.summary.results[1]).toMatchObject({ because: 'user ann was not created' });
  });

  it('makes members of those that could be created, and says who was left out', async () => {
    const join: Change = { on: 'role', name: 'r', action: 'add-users', users: ['ann', 'bob'] };
    const ran = await run([createUser('ann'), createUser('bob'), join], {
      roles: [{ name: 'r', permissions: new Map(), users: [] }],
      fault: (n) => (n === 0 ? 'forbidden' : 'none'),
    });
    expect(statuses(ran)).toEqual(['failed', 'done', 'failed']);
    expect(ran.server.state.roles.get('r')?.users).toEqual(new Set(['bob']));
    const [, , left] = ran.summary.results;
    expect(left?.status === 'failed' && left.error.message).toBe(
      'cannot add ann, bob to role r in full: user ann was not created',
    );
  });

  it('ends with the first failure where that is asked for', async () => {
    const ran = await run(
      [createUser('ann'), createUser('bob'), createUser('cid')],
      { fault: (n) => (n === 1 ? 'forbidden' : 'none') },
      { failFast: true, concurrency: 1 },
    );
    expect(statuses(ran)).toEqual(['done', 'failed', 'not-started']);
  });

  it('gives up when one error after the other says that nothing can be done', async () => {
    const changes = Array.from({ length: 50 }, (_, i) => createUser(`user${i}`));
    const ran = await run(changes, { fault: () => 'not-sent' }, { concurrency: 4 });
    const failed = statuses(ran).filter((status) => status === 'failed').length;
    expect(failed).toBeGreaterThanOrEqual(4 * executionPolicy.maxErrorsInRow);
    expect(failed).toBeLessThan(4 * (executionPolicy.maxErrorsInRow + 1));
    expect(statuses(ran).filter((status) => status === 'not-started')).toHaveLength(50 - failed);
  });

  it('refuses what cannot be before anything is sent', async () => {
    const strangers: Change = { on: 'role', name: 'r', action: 'add-users', users: ['ann', 'nobody', 'none'] };
    const ran = await run([createUser('ann'), grant('bob'), strangers, { on: 'role', name: 'q', action: 'delete' }], {
      users: [user('ann')],
      roles: [{ name: 'r', permissions: new Map(), users: [] }],
    });
    expect(ran.server.sent).toEqual([]);
    expect(ran.summary.results.map((entry) => entry.status === 'failed' && entry.error.message)).toEqual([
      'cannot create user ann: it already exists',
      'cannot grant ReadData to user bob: user "bob" not found',
      'cannot add ann, nobody, none to role r: users "nobody", "none" not found',
      'cannot delete role q: role "q" not found',
    ]);
  });

  it('takes what is in the desired state for unchanged where that is asked for', async () => {
    const changes: Change[] = [createUser('ann'), grant('ann'), { on: 'role', name: 'q', action: 'delete' }];
    const ran = await run(changes, { users: [user('ann')] }, { tolerant: true });
    expect(statuses(ran)).toEqual(['unchanged', 'done', 'unchanged']);
    expect(ran.server.sent).toEqual(['user ann add-permissions']);
  });

  it('asks for the password of a change once, however often it is sent', async () => {
    const asked: string[] = [];
    const secret: ExecuteOptions['secret'] = async (_, change) => {
      asked.push(change.name);
      return new Secret('new');
    };
    await run([createUser('ann'), createUser('bob')], { fault: (n) => (n < 4 ? 'lost-before' : 'none') }, { secret });
    expect(asked).toEqual(['ann', 'bob']);
  });

  it('reports how far it is after each change', async () => {
    const told: ExecutionProgress[] = [];
    const changes = [createUser('ann'), grant('ann'), createUser('bob')];
    await run(
      changes,
      { fault: (n) => (n === 0 ? 'forbidden' : 'none') },
      {
        concurrency: 1,
        onProgress: (progress) => told.push(progress),
      },
    );
    expect(told).toEqual([
      { total: 3, ended: 1, done: 0, failed: 1, unknown: 0 },
      { total: 3, ended: 2, done: 0, failed: 1, unknown: 0 },
      { total: 3, ended: 3, done: 1, failed: 1, unknown: 0 },
    ]);
  });

  it('keeps to its concurrency, and ends one user before it begins the next', async () => {
    const changes = ['ann', 'bob', 'cid'].flatMap((name) => [createUser(name), grant(name)]);
    const { server } = await run(changes, {}, { concurrency: 1 });
    expect(server.sent).toEqual([
      'user ann create',
      'user ann add-permissions',
      'user bob create',
      'user bob add-permissions',
      'user cid create',
      'user cid add-permissions',
    ]);
  });

  it('takes nothing from a user that did not get what comes in its place', async () => {
    const leave: Change = { on: 'role', name: 'old', action: 'remove-users', users: ['ann', 'bob'] };
    const join: Change = { on: 'role', name: 'new', action: 'add-users', users: ['ann'] };
    const role = { permissions: new Map([['', ['ReadData']]]), users: ['ann', 'bob'] };
    const ran = await run([leave, join], {
      users: [user('ann'), user('bob')],
      roles: [
        { name: 'old', ...role },
        { name: 'new', ...role, users: [] },
      ],
      fault: (n) => (n === 0 ? 'forbidden' : 'none'),
    });
    expect(statuses(ran)).toEqual(['failed', 'failed']);
    expect(ran.server.state.roles.get('old')?.users).toEqual(new Set(['ann']));
  });

  it('gives the account of a bug in one change, and of all the others', async () => {
    const secret: ExecuteOptions['secret'] = async (_, change) => {
      if (change.name === 'ann') throw new TypeError('no such thing');
      return new Secret('new');
    };
    const ran = await run([createUser('ann'), createUser('bob')], {}, { secret });
    expect(statuses(ran)).toEqual(['unknown', 'done']);
  });

  it('attack new-bug-in-write: an error of kapadmin itself names the write that may have been carried out', async () => {
    const secret: ExecuteOptions['secret'] = () => Promise.reject(new TypeError('no such thing'));
    const { summary } = await run([createUser('ann')], {}, { secret });
    expect(summaryError(summary)).toMatchObject({
      kind: 'bug',
      code: 'bug',
      message: '1 change with unknown result: cannot create user ann: this is a bug in kapadmin: no such thing',
      hint: 'Please report it with the command and the output of --debug, which shows secrets as ***.',
    });
  });
});

describe('a run that is stopped', () => {
  it('starts nothing new, ends what is under way, and gives its account', async () => {
    const stop = new AbortController();
    const changes = Array.from({ length: 10 }, (_, i) => createUser(`user${i}`));
    const ran = await run(
      changes,
      {},
      {
        concurrency: 2,
        stop: stop.signal,
        onProgress: ({ ended }) => {
          if (ended === 3) stop.abort('SIGTERM');
        },
      },
    );
    expect(ran.summary.stopped).toBe('SIGTERM');
    expect(statuses(ran).filter((status) => status === 'done')).toHaveLength(4);
    expect(statuses(ran).filter((status) => status === 'not-started')).toHaveLength(6);
    expect(ran.server.state.users.size).toBe(4);
  });

  it('does not wait for ever for what is under way', async () => {
    const clock = virtualClock();
    const server = simulate({ clock });
    const stop = new AbortController();
    const hanging: ExecuteOptions['client'] = {
      ...server.client,
      writeUser: async (write, options) => {
        await clock.sleep(3_600_000, options?.signal);
        await server.client.writeUser(write, options);
      },
    };
    void clock.sleep(1_000).then(() => stop.abort('SIGINT'));
    const ran = await run(
      [createUser('ann'), createUser('bob')],
      {},
      {
        client: hanging,
        clock,
        stop: stop.signal,
        concurrency: 1,
      },
    );
    expect(clock.now()).toBe(1_000 + executionPolicy.graceMs);
    expect(statuses(ran)).toEqual(['not-started', 'not-started']);
    expect(ran.summary.stopped).toBe('SIGINT');
  });

  it('was not stopped when the signal came after all was done', async () => {
    const stop = new AbortController();
    const ran = await run([createUser('ann')], {}, { stop: stop.signal, onProgress: () => stop.abort('SIGINT') });
    expect(ran.summary).toEqual({ results: [{ change: createUser('ann'), status: 'done' }] });
  });
});

describe('the login in use', () => {
  const change: Change = { on: 'user', name: 'admin', action: 'change-password', password: { from: 'given' } };
  const last: Change = { on: 'user', name: 'admin', action: 'remove-permissions', permissions: read };

  it('logs in with its new password for what comes after it', async () => {
    const clock = virtualClock();
    const server = simulate({ clock, users: [user('admin'), user('ann')] });
    const used: string[] = [];
    const named = (name: string): ExecuteOptions['client'] => ({
      ...server.client,
      writeUser: (write, options) => {
        used.push(`${name}: ${write.action} ${write.user.name}`);
        return server.client.writeUser(write, options);
      },
    });
    const ran = await run(
      [last, change, grant('ann')],
      { users: [user('admin'), user('ann')] },
      {
        client: named('old'),
        clock,
        login: { name: 'admin', reconnect: async (password) => named(password.reveal()) },
      },
    );
    expect(statuses(ran)).toEqual(['done', 'done', 'done']);
    expect(used).toEqual(['old: add-permissions ann', 'old: change-password admin', 'new: remove-permissions admin']);
  });

  it.each(['lost-after', 'lost-before'] as const)(
    'finds out by logging in whether its password was changed: %s',
    async (fault) => {
      const clock = virtualClock();
      const hash = (password: string): string => bcrypt.hashSync(password, 4);
      const server = simulate({ clock, users: [user('admin')], hash, fault: (n) => (n === 0 ? fault : 'none') });
      const as = (password: string): ExecuteOptions['client'] => {
        const login = (): void => {
          const stored = server.state.users.get('admin')?.hash.reveal() ?? '';
          if (stored === 'plain:old' ? password === 'old' : bcrypt.compareSync(password, stored)) return;
          throw new MetaError('refused', 'credentials-refused', '401', {
            method: 'POST',
            url: '/',
            deliveryStatus: 'responded',
          });
        };
        return {
          ...server.client,
          users: async (options) => {
            login();
            return server.client.users(options);
          },
          writeUser: async (write, options) => {
            login();
            return server.client.writeUser(write, options);
          },
        };
      };
      const ran = await run(
        [change],
        { users: [user('admin')] },
        {
          client: as('old'),
          clock,
          login: { name: 'admin', reconnect: async (password) => as(password.reveal()) },
        },
      );
      expect(statuses(ran)).toEqual(['done']);
      expect(bcrypt.compareSync('new', server.state.users.get('admin')?.hash.reveal() ?? '')).toBe(true);
    },
  );
});
