import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parseFaults } from '../../../src/sandbox/faults.js';
import type { Sandbox } from '../../../src/sandbox/options.js';
import { admin } from './ask.js';
import { failure, overHttp } from './over-http.js';
import { sandbox } from '../running.js';

const create = (name: string): { as: string; body: object } => ({
  ...admin,
  body: { action: 'create', user: { name, password: 'x' } },
});

const url = (cluster: Sandbox, i: number): string => cluster.urls[i] ?? '';

async function leaderAddress(cluster: Sandbox, asked: number): Promise<string> {
  const status = await overHttp(url(cluster, asked), 'GET /status');
  const shown = await overHttp(url(cluster, asked), 'GET /show-cluster');
  const { leader } = JSON.parse(status.body) as { leader: string };
  const { meta } = JSON.parse(shown.body) as { meta: { tcpAddr: string; addr: string }[] };
  return meta.find(({ tcpAddr }) => tcpAddr === leader)?.addr ?? '';
}

/** Waits, 5 s at most, until the cluster has a leader. */
async function leaderOf(cluster: Sandbox): Promise<number | undefined> {
  for (let i = 0; i < 500 && cluster.leader() === undefined; i++) await sleep(10);
  return cluster.leader();
}

describe('a cluster of three meta nodes', () => {
  it('redirects writes from a follower to the leader, and shows them on every node', async () => {
    const cluster = await sandbox({ nodes: 3 });
    expect(new Set(cluster.urls).size).toBe(3);
    for (const i of [1, 2]) {
      const got = await overHttp(url(cluster, i), 'POST /user', create('jane'));
      expect(got).toMatchObject({ status: 307, body: '' });
      expect(got.headers).toMatchObject({ location: `${url(cluster, 0)}/user`, 'content-length': '0' });
      expect(got.headers['influxdb-metaindex']).toBe('1');
    }
    const role = await overHttp(url(cluster, 1), 'POST /role', { ...admin, body: {} });
    expect(role.headers.location).toBe(`${url(cluster, 0)}/role`);
    expect((await overHttp(url(cluster, 0), 'POST /user', create('jane'))).status).toBe(200);
    for (const node of cluster.urls) expect((await overHttp(node, 'GET /user?name=jane')).status).toBe(200);
  });

  it('asks a follower for credentials before it redirects', async () => {
    const cluster = await sandbox({ nodes: 2 });
    expect((await overHttp(url(cluster, 1), 'POST /user', { ...create('x'), as: 'admin:wrong' })).status).toBe(401);
  });

  it('names the leader in status and show-cluster of every node, and the new one after an election', async () => {
    const cluster = await sandbox({ nodes: 3 });
    for (const leader of [0, 1, 2]) {
      expect(cluster.elect(leader)).toBe(true);
      for (const i of [0, 1, 2]) expect(`http://${await leaderAddress(cluster, i)}`).toBe(url(cluster, leader));
    }
    const status = JSON.parse((await overHttp(url(cluster, 1), 'GET /status')).body);
    expect(`http://${status.httpAddr}`).toBe(url(cluster, 1));
    expect(status.peers).toEqual(['127.0.0.1:8089', '127.0.0.1:8189', '127.0.0.1:8289']);
    expect(status.raftAddr).toBe('127.0.0.1:8189');
  });

  it('takes turns when a leader is elected without a name', async () => {
    const cluster = await sandbox({ nodes: 3 });
    const seen = [0, 1, 2].map(() => cluster.elect() && cluster.leader());
    expect(seen).toEqual([1, 2, 0]);
  });

  it('has no leader for a while when configured so, answers writes with 503 then and reads all the same', async () => {
    const cluster = await sandbox({ nodes: 3 });
    cluster.noLeader(60_000);
    for (const node of cluster.urls) {
      const got = await overHttp(node, 'POST /user', create('jane'));
      expect(got).toMatchObject({ status: 503, body: '{"error":"no leader"}' });
      expect((await overHttp(node, 'GET /user')).status).toBe(200);
      expect(JSON.parse((await overHttp(node, 'GET /status')).body).leader).toBe('');
    }
    cluster.noLeader(1);
    expect(await leaderOf(cluster)).toBeDefined();
  });

  it('refuses connections to a killed node, elects another leader and takes the revived one back', async () => {
    const cluster = await sandbox({ nodes: 3, electionTime: 1 });
    await cluster.kill(0);
    expect(await failure(overHttp(url(cluster, 0), 'GET /ping'))).toBe('ECONNREFUSED');
    const leader = await leaderOf(cluster);
    expect([1, 2]).toContain(leader);
    expect((await overHttp(url(cluster, leader ?? 0), 'POST /user', create('jane'))).status).toBe(200);
    await cluster.revive(0);
    expect((await overHttp(url(cluster, 0), 'GET /user?name=jane')).status).toBe(200);
    expect((await overHttp(url(cluster, 0), 'POST /user', create('x'))).headers.location).toBe(
      `${url(cluster, leader ?? 0)}/user`,
    );
  });

  it('needs more than half of its nodes for a leader', async () => {
    const cluster = await sandbox({ nodes: 3, electionTime: 1 });
    await cluster.kill(1);
    await cluster.kill(2);
    await sleep(20);
    expect(cluster.leader()).toBeUndefined();
    expect(cluster.elect(0)).toBe(false);
    expect((await overHttp(url(cluster, 0), 'POST /user', create('jane'))).status).toBe(503);
    await cluster.revive(2);
    expect(await leaderOf(cluster)).toBeDefined();
    expect(cluster.elect(1)).toBe(false);
  });

  it('breaks the connection of a request that runs on a killed node', async () => {
    const cluster = await sandbox({ nodes: 3, faults: { plan: parseFaults('delay=1h'), seed: 1 } });
    const running = failure(overHttp(url(cluster, 0), 'POST /user', create('jane')));
    await sleep(20);
    await cluster.kill(0);
    expect(await running).toBe('ECONNRESET');
  });

  it('changes its leader by itself', async () => {
    const cluster = await sandbox({ nodes: 3, electEvery: 5 });
    const seen = new Set<number | undefined>();
    for (let i = 0; i < 500 && seen.size < 3; i++) {
      seen.add(cluster.leader());
      await sleep(2);
    }
    expect(seen.size).toBe(3);
  });

  it('loses its leader again and again, and the dead come back', async () => {
    const cluster = await sandbox({ nodes: 3, killEvery: 30, electionTime: 1 });
    const died = new Set<number>();
    const cameBack = new Set<number>();
    for (let i = 0; i < 1_000 && cameBack.size < 2; i++) {
      for (const n of [0, 1, 2]) {
        const how = await failure(overHttp(url(cluster, n), 'GET /ping'));
        if (how === 'ECONNREFUSED') died.add(n);
        else if (how === undefined && died.has(n)) cameBack.add(n);
      }
      await sleep(5);
    }
    expect(cameBack.size).toBeGreaterThan(1);
  });

  it('redirects to the configured name, wherever the leader is', async () => {
    const cluster = await sandbox({ nodes: 3, leaderName: 'meta-1.invalid' });
    cluster.elect(2);
    const port = url(cluster, 2).split(':')[2];
    const got = await overHttp(url(cluster, 0), 'POST /user', create('x'));
    expect(got.headers.location).toBe(`http://meta-1.invalid:${port}/user`);
    expect(await leaderAddress(cluster, 1)).toBe(`meta-1.invalid:${port}`);
  });

  it('shows a write on followers only after the lag, on the leader at once', async () => {
    let now = 0;
    const cluster = await sandbox({ nodes: 2, lag: 500 }, { now: () => now });
    await overHttp(url(cluster, 0), 'POST /user', create('jane'));
    const seen = async (i: number): Promise<number> => (await overHttp(url(cluster, i), 'GET /user?name=jane')).status;
    expect([await seen(0), await seen(1)]).toEqual([200, 404]);
    now = 499;
    expect(await seen(1)).toBe(404);
    now = 500;
    expect(await seen(1)).toBe(200);
    expect((await overHttp(url(cluster, 1), 'GET /user')).headers['influxdb-metaindex']).toBe('2');
  });

  it('loses nothing that lags when a follower becomes the leader', async () => {
    const cluster = await sandbox({ nodes: 2, lag: 500 }, { now: () => 0 });
    await overHttp(url(cluster, 0), 'POST /user', create('jane'));
    cluster.elect(1);
    expect((await overHttp(url(cluster, 1), 'GET /user?name=jane')).status).toBe(200);
    expect((await overHttp(url(cluster, 1), 'POST /user', create('jane'))).status).toBe(400);
  });
});
