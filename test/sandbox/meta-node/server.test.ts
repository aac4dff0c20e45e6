import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { listenerGuard } from '../../../src/sandbox/listener.js';
import { listenMetaNode, sendResponse } from '../../../src/sandbox/meta-node/server.js';
import { readRoles, readUsers } from '../../../src/sandbox/seed-and-data-files.js';
import { admin, usersIn } from './ask.js';
import { failure, overHttp } from './over-http.js';
import { maskHashes, rows } from './requests.js';
import { sandbox } from '../running.js';

const seed = { users: readUsers([{ name: 'johndoe', password: 'Pa5sw0Rd' }], 'users'), roles: readRoles([], 'roles') };

/** Sends raw bytes and gives all that comes back until the connection ends. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let got = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => (got += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(got));
  });
}

describe('the meta node behind a socket', () => {
  it('answers each request of the API as documented', async () => {
    const { url } = await sandbox({ seed });
    for (const { line, sent, status, body } of rows) {
      const got = await overHttp(url, line, sent);
      expect([line, sent.body, got.status, maskHashes(got.body)]).toEqual([line, sent.body, status, body]);
    }
  });

  it('sends an empty body with length 0 for a write that worked, none at all for a ping', async () => {
    const { url } = await sandbox();
    const body = { action: 'create', user: { name: 'a', password: 'b' } };
    const written = await overHttp(url, 'POST /user', { ...admin, body });
    expect(written).toMatchObject({ status: 200, body: '' });
    expect(written.headers).toMatchObject({
      'content-length': '0',
      'x-influxdb-version': '1.11.8-c1.11.8',
      'influxdb-metaindex': '2',
    });
    expect(written.headers['request-id']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const ping = await overHttp(url, 'GET /ping', {});
    expect(ping.headers['content-length']).toBeUndefined();
    expect(ping.headers['request-id']).not.toBe(written.headers['request-id']);
  });

  it('reports the truth about itself in status and show-cluster', async () => {
    const { url } = await sandbox();
    const addr = url.replace('http://', '');
    expect(JSON.parse((await overHttp(url, 'GET /status')).body)).toEqual({
      nodeType: 'meta',
      leader: '127.0.0.1:8089',
      httpAddr: addr,
      raftAddr: '127.0.0.1:8089',
      peers: ['127.0.0.1:8089'],
    });
    expect(JSON.parse((await overHttp(url, 'GET /show-cluster')).body)).toEqual({
      data: [],
      meta: [{ id: 1, addr, httpScheme: 'http', tcpAddr: '127.0.0.1:8089', version: '1.11.8-c1.11.8' }],
    });
  });

  it('answers several requests on one connection', async () => {
    const { url } = await sandbox();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      const lines = ['GET /user', 'GET /role', 'GET /ping', 'GET /status'];
      const all = await Promise.all(lines.map((line) => overHttp(url, line, admin, { agent })));
      expect(all.map(({ status }) => status)).toEqual([200, 200, 204, 200]);
      expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
    } finally {
      agent.destroy();
    }
  });

  it('takes an absolute target and a long name in the query', async () => {
    const { url } = await sandbox();
    const name = 'n'.repeat(100_000);
    expect(await overHttp(url, `GET /user?name=${name}`)).toMatchObject({
      status: 404,
      body: '{"error":"user not found"}',
    });
    const port = Number(url.split(':')[2]);
    expect(
      await raw(port, 'GET http://localhost:8091/ping HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'),
    ).toMatch(/^HTTP\/1.1 204/);
  });

  it('keeps apart users that are written at the same time', async () => {
    const { url } = await sandbox();
    const create = (name: string): Promise<{ status: number }> =>
      overHttp(url, 'POST /user', { ...admin, body: { action: 'create', user: { name, password: name } } });
    const all = await Promise.all(Array.from({ length: 40 }, (_, i) => create(`u${i % 20}`)));
    expect(all.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      ...Array<number>(20).fill(200),
      ...Array<number>(20).fill(400),
    ]);
    expect(usersIn((await overHttp(url, 'GET /user')).body)).toHaveLength(21);
  });

  it('cuts off a body that has no end', async () => {
    const { url } = await sandbox();
    const code = await failure(overHttp(url, 'POST /user', { ...admin, body: 'x'.repeat(33 * 1024 * 1024) }));
    expect(['ECONNRESET', 'EPIPE']).toContain(code);
    expect((await overHttp(url, 'GET /ping')).status).toBe(204);
  });
});

describe('a listener', () => {
  it('names the port that is taken and what to do', async () => {
    const { url } = await sandbox();
    const port = Number(url.split(':')[2]);
    await expect(sandbox({ port })).rejects.toMatchObject({
      kind: 'usage',
      code: 'port-taken',
      message: `cannot listen on 127.0.0.1:${port}: the port is in use`,
      hint: '--port 0 picks a free one.',
    });
  });

  it('lets a running request end before it closes', async () => {
    let release = (): void => {};
    let arrived = (): void => {};
    const there = new Promise<void>((resolve) => (arrived = resolve));
    const listener = await listenMetaNode(
      0,
      (_, response) => {
        release = () => sendResponse(response, { status: 200, headers: [], body: 'late' });
        arrived();
        return Promise.resolve();
      },
      listenerGuard(),
    );
    const answer = overHttp(`http://127.0.0.1:${listener.port}`, 'GET /ping');
    await there;
    const closing = listener.close();
    release();
    expect((await answer).body).toBe('late');
    await closing;
    expect(await failure(overHttp(`http://127.0.0.1:${listener.port}`, 'GET /ping'))).toBe('ECONNREFUSED');
  });

  it('listens on this machine only', async () => {
    const { url } = await sandbox();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});

describe('attack new-connections: connections', () => {
  it('that send nothing are at most 512: further ones are closed, and those that are open still get a response', async () => {
    const { url } = await sandbox();
    const port = Number(new URL(url).port);
    const open = async (): Promise<Socket> => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      return socket;
    };
    const sockets = await Promise.all(Array.from({ length: 512 }, open));
    const tooMany = await open();
    tooMany.resume();
    await once(tooMany, 'close');
    const last = sockets.at(-1)!;
    last.write('GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const [head] = (await once(last, 'data')) as [Buffer];
    expect(String(head)).toMatch(/^HTTP\/1\.1 204 /);
    expect(sockets.filter(({ destroyed, readableEnded }) => destroyed || readableEnded)).toEqual([]);
    const closed = once(sockets[0]!, 'close');
    sockets[0]!.destroy();
    await closed;
    await vi.waitFor(async () => expect((await overHttp(url, 'GET /ping')).status).toBe(204));
    for (const socket of sockets) socket.destroy();
  });
});
