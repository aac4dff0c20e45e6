import { describe, expect, it } from 'vitest';
import { clientOf, createJoe, failureOf, fastClock } from './clients.js';
import { answer, deadUrl, redirect, serve, type Handler, type TestServer } from './server.js';

const ok: Handler = (_, response) => answer(response, 200, {});

describe('several nodes', () => {
  it('a node that is down costs no pause, and is not asked first again', async () => {
    const dead = await deadUrl();
    const alive = await serve(ok);
    const clock = fastClock();
    const tried: string[] = [];
    const client = clientOf([dead, alive.url], {
      clock,
      observe: (event) => {
        if (event.type === 'request') tried.push(event.url);
      },
    });
    await client.users();
    await client.writeUser(createJoe);
    expect(tried).toEqual([`${dead}/user`, `${alive.url}/user`, `${alive.url}/user`]);
    expect(clock.slept).toEqual([]);
  });

  it('a node that refuses is up: it is asked first from then on', async () => {
    const dead = await deadUrl();
    const alive = await serve((seen, response) => {
      if (seen.method === 'GET') answer(response, 404, { error: 'user not found' });
      else answer(response, 200);
    });
    const tried: string[] = [];
    const client = clientOf([dead, alive.url], {
      observe: (event) => {
        if (event.type === 'request') tried.push(`${event.method} ${new URL(event.url).origin}`);
      },
    });
    expect(await client.users({ name: 'joe' })).toEqual([]);
    await client.writeUser(createJoe);
    expect(tried).toEqual([`GET ${dead}`, `GET ${alive.url}`, `POST ${alive.url}`]);
  });

  it('many writes that are redirected at once ask each node once for the hosts of the cluster', async () => {
    const leader = await serve(ok);
    const follower = await serve((seen, response) => {
      if (seen.method === 'POST') redirect(response, seen, leader.url);
      else if (seen.url === '/status') answer(response, 200, { leader: 'm2:8089', raftAddr: 'm1:8089' });
      else answer(response, 200, { meta: [{ id: 2, addr: leader.host, httpScheme: 'http', tcpAddr: 'm2:8089' }] });
    });
    const client = clientOf(follower.url);
    await Promise.all(Array.from({ length: 20 }, () => client.writeUser(createJoe)));
    const asked = follower.seen.filter(({ method }) => method === 'GET').map(({ url }) => url);
    expect(asked.toSorted()).toEqual(['/show-cluster', '/status']);
    expect(leader.seen).toHaveLength(20);
  });

  it('a write goes to the next node only if nothing was sent to the first', async () => {
    const first = await serve((_, response) => response.socket?.destroy());
    const second = await serve(ok);
    expect(await failureOf(clientOf([first.url, second.url]).writeUser(createJoe))).toMatchObject({
      deliveryStatus: 'unknown',
    });
    expect(second.seen).toEqual([]);
  });

  it.each<[string, Handler]>([
    ['that never answers', () => undefined],
    ['that breaks the connection', (_, response) => response.socket?.destroy()],
    ['that answers 500', (_, response) => answer(response, 500, { error: 'no' })],
    ['that has no leader', (_, response) => answer(response, 503, { error: 'no leader' })],
  ])('a read goes past a node %s to the next', async (_, handler) => {
    const first = await serve(handler);
    const second = await serve(ok);
    expect(await clientOf([first.url, second.url], { timeout: 80 }).users()).toEqual([]);
    expect(first.seen).toHaveLength(1);
  });

  it('a read that runs into the limit of time on every node ends there', async () => {
    const first = await serve(() => undefined);
    const second = await serve(() => undefined);
    const error = await failureOf(clientOf([first.url, second.url], { timeout: 60 }).users());
    expect(error.code).toBe('timeout');
    expect([first.seen.length, second.seen.length]).toEqual([1, 1]);
  });

  it('what a node refuses is not asked of another', async () => {
    const first = await serve((_, response) => answer(response, 401, { error: 'authorization failed' }));
    const second = await serve(ok);
    expect(await failureOf(clientOf([first.url, second.url]).users())).toMatchObject({ code: 'credentials-refused' });
    expect(second.seen).toEqual([]);
  });

  it('when all are down the error names them', async () => {
    const [a, b] = [await deadUrl(), await deadUrl()];
    const { message } = await failureOf(clientOf([a, b], { retries: 1 }).users());
    expect(message).toBe(
      `cannot read users: GET ${a}/user: connection refused (ECONNREFUSED); GET ${b}/user: connection refused (ECONNREFUSED) (2 tries)`,
    );
  });
});

describe('no leader', () => {
  it('is waited for, for reads and writes, and nothing was done', async () => {
    let calls = 0;
    const server = await serve((_, response) => {
      if (calls++ % 4 < 3) answer(response, 503, { error: 'no leader' });
      else answer(response, 200, {});
    });
    const clock = fastClock();
    const client = clientOf(server.url, { clock });
    await client.writeUser(createJoe);
    await client.users();
    expect(clock.slept).toEqual([100, 200, 400, 100, 200, 400]);
  });

  it('ends in an error after the limit, whatever the retries', async () => {
    const server = await serve((_, response) => answer(response, 503, { error: 'no leader' }));
    const clock = fastClock();
    const error = await failureOf(clientOf(server.url, { clock, retries: 0, leaderWait: 1000 }).writeUser(createJoe));
    expect(error).toMatchObject({ kind: 'unreachable', code: 'no-leader', deliveryStatus: 'responded', status: 503 });
    expect(clock.slept).toEqual([100, 200, 400]);
    expect(server.seen).toHaveLength(4);
  });

  it('verdict 37: is waited for from the first node that says so, however long the nodes take', async () => {
    const clock = fastClock();
    const asked: number[] = [];
    const slow = async (node: number) =>
      serve((seen, response) => {
        if (seen.method !== 'POST') return answer(response, 200, {});
        const isFirst = !asked.includes(node);
        asked.push(node);
        if (!isFirst) return answer(response, 200);
        void clock.sleep(4000);
        return answer(response, 503, { error: 'no leader' });
      });
    const nodes = [await slow(1), await slow(2), await slow(3)].map(({ url }) => url);
    await clientOf(nodes, { clock, timeout: 60_000 }).writeUser(createJoe);
    expect(asked.slice(0, 3)).toEqual([1, 2, 3]);
    expect(asked.length).toBeGreaterThan(3);
  });

  it('a leader that went down is forgotten, and the next one found by the followers', async () => {
    const servers: TestServer[] = [];
    let leads = 0;
    const node = (index: number) =>
      serve((seen, response) => {
        if (leads === index) answer(response, 200);
        else if (seen.method === 'GET') answer(response, 404, {});
        else redirect(response, seen, servers[leads]?.url ?? '');
      });
    for (const index of [0, 1, 2]) servers.push(await node(index));
    const client = clientOf(
      servers.map(({ url }) => url),
      {
        clock: {
          ...fastClock(),
          sleep: async () => {
            leads = 2;
          },
        },
      },
    );
    await client.writeUser(createJoe);
    await servers[0]?.stop();
    await client.writeUser(createJoe);
    await client.writeUser(createJoe);
    const posts = servers.map(({ seen }) => seen.filter(({ method }) => method === 'POST').length);
    expect(posts[2]).toBe(2);
  });
});

describe('reads of the leader', () => {
  interface Facts {
    status: Record<string, unknown>;
    cluster?: Record<string, unknown>;
  }

  function node(facts: () => Facts): Promise<TestServer> {
    return serve((seen, response) => {
      if (seen.url === '/status') answer(response, 200, facts().status);
      else if (seen.url === '/show-cluster') answer(response, 200, facts().cluster ?? {});
      else answer(response, 200, {});
    });
  }

  const reads = (server: TestServer) => server.seen.filter(({ url }) => url === '/user').length;

  it('go to the node that says it leads, which is then remembered', async () => {
    const follower = await node(() => ({ status: { leader: 'm2:8089', raftAddr: 'm1:8089' } }));
    const leader = await node(() => ({ status: { leader: 'm2:8089', raftAddr: 'm2:8089' } }));
    const client = clientOf([follower.url, leader.url], { readLeader: true });
    await client.users();
    await client.users();
    expect([reads(follower), reads(leader)]).toEqual([0, 2]);
    expect(follower.seen.filter(({ url }) => url === '/status')).toHaveLength(1);
  });

  it('go to the node that a follower names by /status and /show-cluster', async () => {
    const leader = await node(() => ({ status: {} }));
    const follower = await node(() => ({
      status: { leader: 'm2:8089', raftAddr: 'm1:8089' },
      cluster: { meta: [{ id: 2, addr: leader.host, httpScheme: 'http', tcpAddr: 'm2:8089' }] },
    }));
    await clientOf(follower.url, { readLeader: true }).users();
    expect([reads(follower), reads(leader)]).toEqual([0, 1]);
  });

  it('wait while no node knows one, and then fail', async () => {
    const status: Record<string, unknown> = { leader: '', raftAddr: 'm1:8089' };
    const server = await node(() => ({ status }));
    const clock = fastClock();
    const error = await failureOf(clientOf(server.url, { readLeader: true, clock, leaderWait: 500 }).users());
    expect(error).toMatchObject({ kind: 'unreachable', code: 'no-leader' });
    expect(error.message).toContain(`GET ${server.url}/user: no node reports a leader`);
    status['leader'] = 'm1:8089';
    expect(await clientOf(server.url, { readLeader: true }).users()).toEqual([]);
  });

  it('tell a cluster that is down from one without a leader', async () => {
    const error = await failureOf(clientOf(await deadUrl(), { readLeader: true, retries: 0 }).users());
    expect(error).toMatchObject({ code: 'connection-refused' });
  });
});
