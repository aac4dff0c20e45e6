import { describe, expect, it } from 'vitest';
import { basic, clientOf, createJoe, failureOf, fastClock } from './clients.js';
import { answer, deadUrl, pem, redirect, serve, type Handler, type TestServer } from './server.js';

const ok: Handler = (_, response) => answer(response, 200, {});

/** A follower that sends everything on, but says itself what it knows of the cluster. */
function follower(leader: () => string, facts: { status?: object; cluster?: object } = {}): Promise<TestServer> {
  return serve((seen, response) => {
    if (seen.url === '/status') answer(response, facts.status ? 200 : 404, facts.status ?? {});
    else if (seen.url === '/show-cluster') answer(response, facts.cluster ? 200 : 404, facts.cluster ?? {});
    else redirect(response, seen, leader());
  });
}

describe('a 307', () => {
  it('to a named node is followed with method, body and credentials kept', async () => {
    const leader = await serve(ok);
    const first = await follower(() => leader.url);
    const client = clientOf([first.url, leader.url], { credentials: basic });
    await client.writeUser(createJoe);
    expect(leader.seen).toEqual([{ ...first.seen[0], headers: { ...first.seen[0]?.headers, host: leader.host } }]);
    expect(leader.seen[0]?.body).toContain('joe-secret-0815');
    expect(leader.seen[0]?.headers.authorization).toMatch(/^Basic /);
  });

  it('of a read is followed too', async () => {
    const leader = await serve(ok);
    const first = await follower(() => leader.url);
    expect(await clientOf([first.url, leader.url]).users({ name: 'joe' })).toEqual([]);
    expect(leader.seen[0]?.url).toBe('/user?name=joe');
  });

  it('with a relative Location stays on the node', async () => {
    const server = await serve((seen, response) => {
      if (seen.url === '/user') answer(response, 307, undefined, { location: '/moved?x=1' });
      else answer(response, 200, {});
    });
    await clientOf(server.url).writeUser(createJoe);
    expect(server.seen.map(({ url }) => url)).toEqual(['/user', '/moved?x=1']);
  });

  it('is remembered: the next write goes to the leader at once', async () => {
    const leader = await serve(ok);
    const first = await follower(() => leader.url);
    const client = clientOf([first.url, leader.url]);
    await client.writeUser(createJoe);
    await client.writeUser(createJoe);
    expect(first.seen).toHaveLength(1);
    expect(leader.seen).toHaveLength(2);
  });

  it('to another leader later is followed and remembered in turn', async () => {
    let leads: 'a' | 'b' = 'a';
    const servers = new Map<string, TestServer>();
    const node = (name: 'a' | 'b') =>
      serve((seen, response) => {
        if (leads === name) answer(response, 200);
        else redirect(response, seen, servers.get(leads)?.url ?? '');
      });
    const a = await node('a');
    const b = await node('b');
    servers.set('a', a).set('b', b);
    const client = clientOf([a.url, b.url]);
    await client.writeUser(createJoe);
    leads = 'b';
    await client.writeUser(createJoe);
    await client.writeUser(createJoe);
    expect([a.seen.length, b.seen.length]).toEqual([2, 2]);
  });

  it('is followed five times and no more', async () => {
    const chain = (length: number) =>
      serve((seen, response) => {
        const step = Number(seen.url.slice(6) || '0');
        if (step < length) answer(response, 307, undefined, { location: `/user?${step + 1}` });
        else answer(response, 200);
      });
    const five = await chain(5);
    await clientOf(five.url).writeUser(createJoe);
    const six = await chain(6);
    const error = await failureOf(clientOf(six.url).writeUser(createJoe));
    expect(error).toMatchObject({
      kind: 'unreachable',
      code: 'redirect-loop',
      deliveryStatus: 'responded',
      status: 307,
    });
    expect(six.seen).toHaveLength(6);
  });

  it('from node to node and back is waited for like an election, and the write is carried out once', async () => {
    let hops = 0;
    const servers: TestServer[] = [];
    const node = (other: number) =>
      serve((seen, response) => {
        if (seen.method === 'POST' && ++hops <= 20) redirect(response, seen, servers[other]?.url ?? '');
        else answer(response, 200);
      });
    servers.push(await node(1), await node(0));
    const clock = fastClock();
    await clientOf(
      servers.map(({ url }) => url),
      { clock, retries: 0 },
    ).writeUser(createJoe);
    expect(hops).toBe(21);
    expect(clock.slept).toHaveLength(1);
  });

  it('from node to node for ever is given up after the wait for a leader, in the words of the loop', async () => {
    const servers: TestServer[] = [];
    const node = (other: number) => serve((seen, response) => redirect(response, seen, servers[other]?.url ?? ''));
    servers.push(await node(1), await node(0));
    const clock = fastClock();
    const nodes = servers.map(({ url }) => url);
    const error = await failureOf(clientOf(nodes, { clock, leaderWait: 1000 }).writeUser(createJoe));
    expect(error).toMatchObject({ kind: 'unreachable', code: 'no-leader', deliveryStatus: 'responded', status: 307 });
    expect(error.message).toMatch(/redirected more than 5 times, most recently by \S+ to \S+ \(\d+ tries\)$/);
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(1000);
  });

  it.each(['', 'http://', 'ftp://host/user', 'javascript:alert(1)'])('to "%s" is a clear error', async (location) => {
    const server = await serve((_, response) => answer(response, 307, undefined, location === '' ? {} : { location }));
    const error = await failureOf(clientOf(server.url).users());
    expect(error).toMatchObject({ kind: 'server', code: 'bad-redirect' });
  });

  it('with credentials in it leads on without them', async () => {
    const server = await serve((seen, response) => {
      if (seen.url === '/user') answer(response, 307, undefined, { location: `http://u:p@${server.host}/there` });
      else answer(response, 200, {});
    });
    await clientOf(server.url, { credentials: basic }).users();
    expect(server.seen[1]?.headers.authorization).toBe(server.seen[0]?.headers.authorization);
  });
});

describe('credentials and bodies', () => {
  it('do not go to a host that no node names: the refusal names both', async () => {
    const stranger = await serve(ok);
    const first = await follower(() => stranger.url);
    const client = clientOf(first.url, { credentials: basic });
    const error = await failureOf(client.writeUser(createJoe));
    expect(error).toMatchObject({ kind: 'unreachable', code: 'redirect-refused', deliveryStatus: 'responded' });
    expect(error.message).toContain(first.url);
    expect(error.message).toContain(stranger.url);
    expect(error.hint).toContain(`--meta-url ${stranger.url}`);
    expect(await failureOf(client.users())).toMatchObject({ code: 'redirect-refused' });
    expect(stranger.seen).toEqual([]);
  });

  it.each(['show-cluster', 'httpAddr', 'peers'])('go to a host that the node names in %s', async (place) => {
    const leader = await serve(ok);
    const { host } = leader;
    const facts = {
      'show-cluster': { cluster: { meta: [{ id: 1, addr: host, httpScheme: 'http', tcpAddr: 'm:8089' }] } },
      httpAddr: { status: { httpAddr: host } },
      peers: { status: { peers: ['other:8089', host] } },
    }[place];
    const first = await follower(() => leader.url, facts);
    await clientOf(first.url, { credentials: basic }).writeUser(createJoe);
    expect(leader.seen[0]?.headers.authorization).toMatch(/^Basic /);
  });

  it('do not go to a host that only a stranger names', async () => {
    const stranger = await serve(ok);
    const leader: TestServer = await follower(() => stranger.url, { status: { httpAddr: stranger.host } });
    const first = await follower(() => leader.url, { status: { httpAddr: leader.host } });
    expect(await failureOf(clientOf(first.url).writeUser(createJoe))).toMatchObject({ code: 'redirect-refused' });
    expect(leader.seen).toHaveLength(1);
    expect(stranger.seen).toEqual([]);
  });

  it('do not go from https to plain http, even on a named host', async () => {
    const plain = await serve(ok);
    const first = await serve((seen, response) => redirect(response, seen, plain.url), pem.server);
    const client = clientOf([first.url, plain.url], { credentials: basic, tls: { ca: pem.ca } });
    const error = await failureOf(client.writeUser(createJoe));
    expect(error).toMatchObject({ kind: 'unreachable', code: 'redirect-refused' });
    expect(error.message).toContain('from https to plain http');
    expect(plain.seen).toEqual([]);
  });

  it('do not go by plain http to a host that is named with https', async () => {
    const leader = await serve(ok);
    const meta = [{ id: 1, addr: leader.host, httpScheme: 'https', tcpAddr: 'm:8089' }];
    const first = await follower(() => leader.url, { cluster: { meta } });
    expect(await failureOf(clientOf(first.url).writeUser(createJoe))).toMatchObject({ code: 'redirect-refused' });
    expect(leader.seen).toEqual([]);
  });

  it('go from plain http to https of a named host', async () => {
    const leader = await serve(ok, pem.server);
    const first = await follower(() => leader.url);
    await clientOf([first.url, leader.url], { tls: { ca: pem.ca } }).writeUser(createJoe);
    expect(leader.seen).toHaveLength(1);
  });
});

describe('a leader that is not reachable', () => {
  it('is named, with the node that named it; a name that is not known is not waited for', async () => {
    const first = await follower(() => 'http://leader.invalid:8091', { status: { httpAddr: 'leader.invalid:8091' } });
    const clock = fastClock();
    const error = await failureOf(clientOf(first.url, { clock, retries: 1 }).writeUser(createJoe));
    expect(error).toMatchObject({ kind: 'unreachable', code: 'leader-unreachable', deliveryStatus: 'not-sent' });
    expect(error.message).toContain(`redirected by ${first.url} to the leader http://leader.invalid:8091`);
    expect(clock.slept).toEqual([100]);
  });

  it('is waited for up to the limit when it refuses connections', async () => {
    const dead = await deadUrl();
    const first = await follower(() => dead, { status: { httpAddr: new URL(dead).host } });
    const clock = fastClock();
    const error = await failureOf(clientOf(first.url, { clock, leaderWait: 3000 }).writeUser(createJoe));
    expect(error).toMatchObject({ code: 'leader-unreachable', deliveryStatus: 'not-sent' });
    expect(clock.slept).toEqual([100, 200, 400, 800, 1000]);
  });

  it('is not asked directly while the nodes still name it', async () => {
    const dead = await deadUrl();
    const meta = [{ id: 2, addr: new URL(dead).host, httpScheme: 'http', tcpAddr: 'm2:8089' }];
    const first = await follower(() => dead, { status: { leader: 'm2:8089', raftAddr: 'm1:8089' }, cluster: { meta } });
    const tried: string[] = [];
    const client = clientOf(first.url, {
      leaderWait: 500,
      observe: (event) => {
        if (event.type === 'request' && event.method === 'POST') tried.push(new URL(event.url).origin);
      },
    });
    expect(await failureOf(client.writeUser(createJoe))).toMatchObject({ code: 'leader-unreachable' });
    expect(tried).toEqual([first.url, dead, first.url, dead, first.url, dead]);
  });

  it('is reached all the same when a named node says that it is the leader', async () => {
    const status = { leader: 'm2:8089', raftAddr: 'm2:8089', httpAddr: 'm2.invalid:8091' };
    const leader = await serve((seen, response) => answer(response, 200, seen.url === '/status' ? status : undefined));
    const facts = { status: { ...status, raftAddr: 'm1:8089', peers: ['m2.invalid:8091'] } };
    const first = await follower(() => 'http://m2.invalid:8091', facts);
    await clientOf([first.url, leader.url]).writeUser(createJoe);
    expect(leader.seen.map(({ method, url }) => `${method} ${url}`)).toContain('POST /user');
  });
});
