import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/context.js';
import { cluster, type TestCluster } from './cluster.js';
import { createWhileLosing, applyWhileLosing } from './losing-leaders.js';
import { sandbox } from '../sandbox/running.js';
import { fastClock } from '../meta/clients.js';
import { deadUrl } from '../meta/server.js';
import { runLine } from '../run.js';

const password = ['--password', 'pa55word', '-q'];
const account = { KAPADMIN_META_USERNAME: 'admin', KAPADMIN_META_PASSWORD: 'changeit' };

function through(urls: readonly string[], argv: readonly string[], clock?: Clock) {
  const env = { KAPADMIN_META_URL: urls.join(','), ...account };
  return runLine(argv, clock === undefined ? { env } : { env, clock });
}

async function holds({ user }: TestCluster, name: string): Promise<boolean> {
  return (await user(name)) !== undefined;
}

describe('a cluster that loses its leader again and again', () => {
  it('is as the file wants it after apply of 2,000 changes', async () => {
    expect(await applyWhileLosing(2000, 1)).toBeGreaterThan(0);
  }, 60_000);

  it('has every user that was reported done', async () => {
    expect(await createWhileLosing(12, 1)).toBeGreaterThan(0);
  }, 60_000);
});

describe('several meta nodes', () => {
  it('serve reads and writes whichever of them are down', async () => {
    const dead = await deadUrl();
    const there = await cluster({}, { nodes: 3 });
    const [first = '', second = '', third = ''] = there.urls;
    for (const [i, urls] of [
      [dead, first],
      [dead, third, dead, second],
      [second, dead],
    ].entries()) {
      expect(await through(urls, ['user', 'create', `joe${i}`, ...password])).toMatchObject({
        code: 0,
        stderr: expect.stringMatching(/^warning: the value of --password.*\n$/),
      });
      expect((await through(urls, ['user', 'show', `joe${i}`])).code).toBe(0);
    }
  });

  it('that are all down are each named', async () => {
    const [one, other] = [await deadUrl(), await deadUrl()];
    const ran = await through([one, other], ['user', 'list', '--retries', '0']);
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain(`GET ${one}/`);
    expect(ran.stderr).toContain(`GET ${other}/`);
  });
});

describe('a cluster without a leader', () => {
  it('is waited for', async () => {
    const node = await sandbox({ nodes: 3 });
    node.noLeader(1_200);
    const ran = await through(node.urls, ['user', 'create', 'joe', ...password]);
    expect(ran).toMatchObject({ code: 0, stdout: 'created user joe\n' });
  });

  it('that never gets one is given up after a while, with exit 3, and can still be read', async () => {
    const node = await sandbox({ nodes: 3, electionTime: 60_000 });
    await node.kill(1);
    await node.kill(2);
    const clock = fastClock();
    const ran = await through(node.urls, ['user', 'create', 'joe', ...password], clock);
    expect([ran.code, ran.stderr]).toEqual([3, expect.stringMatching(/no leader/)]);
    const waited = clock.slept.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThan(5_000);
    expect(waited).toBeLessThan(15_000);
    expect((await through(node.urls, ['user', 'show', 'admin'])).code).toBe(0);
    const read = await through(node.urls, ['user', 'show', 'admin', '--read-leader'], fastClock());
    expect([read.code, read.stderr]).toEqual([3, expect.stringMatching(/leader/)]);
  });
});

describe('a change of leader', () => {
  it('between two commands, and within one, is not seen', async () => {
    const there = await sandbox({ nodes: 3, electEvery: 25 });
    const names = Array.from({ length: 20 }, (_, i) => `joe${i}`);
    const ran = await through(there.urls, ['user', 'create', ...names, '--generate', '-q']);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const deleted = await through(there.urls, ['user', 'delete', ...names, '--yes', '-q']);
    expect([deleted.code, deleted.stderr]).toEqual([0, '']);
  });
});

describe('reads that lag', () => {
  it('show a write at once where the leader is asked', async () => {
    const there = await cluster({}, { nodes: 3, lag: 5_000 });
    const [, follower = ''] = there.urls;
    expect((await through([follower], ['user', 'create', 'joe', ...password, '--wait', '0'])).code).toBe(0);
    expect((await through([follower], ['user', 'show', 'joe'])).code).toBe(5);
    expect((await through([follower, ...there.urls], ['user', 'show', 'joe', '--read-leader'])).code).toBe(0);
    expect(await holds(there, 'joe')).toBe(true);
  });

  it('verdict 15: are exit 7 where the wait was too short', async () => {
    const { urls } = await sandbox({ nodes: 3, lag: 5_000 });
    const ran = await through([urls[1] ?? ''], ['user', 'create', 'joe', ...password, '--wait', '100ms']);
    expect(ran.code).toBe(7);
    expect(ran.stderr).toContain('create user joe: accepted, but not visible after 100ms');
  });
});

describe('a leader whose name does not resolve', () => {
  it('is found among the nodes that were named', async () => {
    const there = await cluster({}, { nodes: 3, leaderName: 'meta-leader.invalid' });
    const [first = '', second = '', third = ''] = there.urls;
    const ran = await through([third, second, first], ['user', 'create', 'joe', ...password]);
    expect([ran.code, ran.stdout]).toEqual([0, 'created user joe\n']);
    expect(await holds(there, 'joe')).toBe(true);
  });

  it('is reported where no named node leads, with what to do', async () => {
    const { urls } = await sandbox({ nodes: 3, leaderName: 'meta-leader.invalid' });
    const ran = await through(urls.slice(1), ['user', 'create', 'joe', ...password]);
    expect(ran.code).toBe(3);
    expect(ran.stderr).toMatch(
      /redirected by http:.* to the leader http:\/\/meta-leader\.invalid:\d+, which is not reachable from here: host name not found/,
    );
    expect(ran.stderr).toContain('Make sure that meta-leader.invalid');
  }, 60_000);
});
