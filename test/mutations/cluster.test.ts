import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/mutations/change.js';
import { execute, type ExecuteOptions } from '../../src/mutations/execute.js';
import { readSnapshot } from '../../src/mutations/snapshot.js';
import type { MetaClient } from '../../src/meta/client-types.js';
import { createMetaClient, systemClock } from '../../src/meta/client.js';
import { Secret } from '../../src/model/secret.js';
import { sandbox } from '../sandbox/running.js';

const users = Array.from({ length: 150 }, (_, i) => `user${i}`);
const roles = ['r0', 'r1', 'r2', 'r3', 'r4'];
const read = [{ scope: 'telegraf', permissions: ['ReadData', 'WriteData'] }];

const wanted: readonly Change[] = [
  ...roles.map((name, i): Change => {
    return { on: 'role', name, action: 'add-users', users: users.filter((_, at) => at % roles.length === i) };
  }),
  ...users.map((name): Change => ({ on: 'user', name, action: 'add-permissions', permissions: read })),
  ...users.map((name): Change => ({ on: 'user', name, action: 'create', password: { from: 'given' } })),
  ...roles.map((name): Change => ({ on: 'role', name, action: 'create' })),
];

function client(nodes: readonly string[], timeout = 2_000): MetaClient {
  const credentials = { kind: 'basic', username: 'admin', password: new Secret('changeit') } as const;
  return createMetaClient({ nodes, credentials, timeout, readLeader: false });
}

async function executeAll(changes: readonly Change[], meta: MetaClient, more: Partial<ExecuteOptions> = {}) {
  const { signal } = new AbortController();
  return execute(changes, {
    client: meta,
    before: await readSnapshot(meta, { users: 'all', roles: 'all' }, signal),
    secret: async () => new Secret('pw'),
    concurrency: 16,
    clock: systemClock,
    stop: signal,
    ...more,
  });
}

/** What a settled read shows that is not as wanted. */
async function missingIn(meta: MetaClient): Promise<string[]> {
  await systemClock.sleep(600);
  const found = await readSnapshot(meta, { users: 'all', roles: 'all' }, new AbortController().signal);
  return [
    ...users.filter((name) => found.users.get(name)?.permissions.get('telegraf')?.length !== 2),
    ...roles.filter((name) => found.roles.get(name)?.users.length !== users.length / roles.length),
  ];
}

describe('the executor on a cluster', () => {
  it('does all through broken connections, errors and answers that cannot be read', async () => {
    const plan = { reset: 0.1, unavailable: 0.1, truncate: 0.05, garbage: 0.01, delay: 0 };
    const { urls } = await sandbox({ faults: { plan, seed: 7 } });
    const meta = client(urls);
    const { results: entries } = await executeAll(wanted, meta);
    expect(entries.filter(({ status }) => status !== 'done')).toEqual([]);
    expect(await missingIn(meta)).toEqual([]);
    await meta.close();
  });

  it('survives leaders that are lost in the middle, and reads that lag', async () => {
    const node = await sandbox({ nodes: 3, lag: 300, electionTime: 200 });
    const meta = client(node.urls);
    let ended = 0;
    const { results: entries } = await executeAll(wanted, meta, {
      onProgress: (progress) => {
        ended = progress.ended;
        if (ended === 60) node.elect();
        if (ended === 120) void node.kill(node.leader() ?? 0);
        if (ended === 200) node.noLeader(400);
      },
    });
    expect(entries.filter(({ status }) => status !== 'done')).toEqual([]);
    expect(await missingIn(meta)).toEqual([]);
    await meta.close();
  });

  it('gives a true account when it is stopped in the middle, and a second run ends the work', async () => {
    const { urls } = await sandbox({ nodes: 3 });
    const meta = client(urls);
    const stop = new AbortController();
    const first = await executeAll(wanted, meta, {
      stop: stop.signal,
      onProgress: ({ ended }) => {
        if (ended === 100) stop.abort('SIGINT');
      },
    });
    expect(first.stopped).toBe('SIGINT');
    const done = first.results.flatMap(({ change, status }) => (status === 'done' ? [change] : []));
    const started = first.results.filter(({ status }) => status !== 'not-started');
    expect(started).toHaveLength(done.length);
    const left = first.results.flatMap(({ change, status }) => (status === 'not-started' ? [change] : []));
    await systemClock.sleep(100);
    const second = await executeAll(left, meta);
    expect(second.results.filter(({ status }) => status !== 'done')).toEqual([]);
    expect(await missingIn(meta)).toEqual([]);
    await meta.close();
  });
});
