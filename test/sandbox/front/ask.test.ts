import { createServer, type RequestListener } from 'node:http';
import { createServer as createPlainServer, type AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { MetaRequest } from '../../../src/auth-engine/effects.js';
import { ask } from '../../../src/sandbox/front/ask.js';
import type { MetaTrust } from '../../../src/sandbox/front/trust.js';
import { sandbox } from '../running.js';

const closings: (() => void)[] = [];
afterEach(() => {
  for (const close of closings.splice(0)) close();
});

async function listening(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  closings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const never = new AbortController().signal;

function request(host: string, scheme: 'http' | 'https' = 'http', more: Partial<MetaRequest> = {}): MetaRequest {
  const url = `${scheme}://${host}/user?name=a%2Bb`;
  const basic = `Basic ${Buffer.from('admin:changeit').toString('base64')}`;
  return {
    want: 'meta',
    attempt: 1,
    hop: 0,
    after: 0,
    method: 'GET',
    url,
    scheme,
    host,
    path: '/user',
    query: [],
    auth: 'basic',
    authorization: basic,
    ...more,
  };
}

const send = (wanted: MetaRequest, trust: MetaTrust = { verify: true }, left = 5000) => ask(wanted, trust, left, never);

describe('a request to the meta node', () => {
  it('goes out as the daemon sends it, and its answer comes back in bytes', async () => {
    const host = await listening((message, response) => {
      const { authorization, accept, 'user-agent': agent, host: named } = message.headers;
      response.writeHead(307, { Location: '/elsewhere' });
      response.end(`${message.method} ${message.url} ${authorization} ${accept} ${agent} ${named} é`);
    });
    expect(await send(request(host))).toEqual({
      status: 307,
      location: '/elsewhere',
      body: `GET /user?name=a%2Bb ${request(host).authorization} application/json InfluxDB Cluster Client ${host} Ã©`,
    });
  });

  it('without an account bears none', async () => {
    const host = await listening(({ headers }, response) => response.end(String(headers.authorization)));
    expect(await send(request(host, 'http', { authorization: undefined }))).toMatchObject({ body: 'undefined' });
  });

  it('to a name for this machine arrives, to no name at all too', async () => {
    const host = await listening((_, response) => response.end('x'));
    const port = host.split(':')[1];
    expect(await send(request(`:${port}`))).toMatchObject({ body: 'x' });
    expect(await send(request(`LOCALHOST:${port}`))).toMatchObject({ body: 'x' });
  });

  it('is not sent to another machine', async () => {
    expect(await send(request('meta.example.com:8091'))).toMatchObject({ error: 'refused' });
    expect(await send(request('10.0.0.1:8091'))).toMatchObject({ error: 'refused' });
    expect(await send(request('127.0.0.1.example.com:8091'))).toMatchObject({ error: 'refused' });
  });

  it('tells in the words of Go what kept it from an answer', async () => {
    const server = createPlainServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await send(request(`127.0.0.1:${port}`))).toEqual({
      error: 'refused',
      text: `dial tcp 127.0.0.1:${port}: connect: connection refused`,
    });
    expect(await send(request('127.0.0.1:80910'))).toEqual({
      error: 'unusable',
      text: 'dial tcp: address 80910: invalid port',
    });
    const cut = await listening((message) => message.destroy());
    expect(await send(request(cut))).toEqual({ error: 'refused', text: 'EOF' });
    const short = await listening((_, response) => {
      response.writeHead(200, { 'Content-Length': 100 }).write('{', () => response.destroy());
    });
    expect(await send(request(short))).toEqual({ error: 'refused', text: 'unexpected EOF' });
  });

  it('that nobody answers ends when its time is up', async () => {
    const host = await listening(() => {});
    expect(await send(request(host), { verify: true }, 50)).toMatchObject({ error: 'timeout' });
  });

  it('ends when the sandbox ends', async () => {
    const stop = new AbortController();
    const host = await listening(() => stop.abort());
    expect(await ask(request(host), { verify: true }, 5000, stop.signal)).toMatchObject({ last: true });
  });

  it('over TLS trusts the CA that it was given, or anybody', async () => {
    const { url, caPath = '' } = await sandbox({ tls: {} });
    const wanted = request(url.replace('https://', ''), 'https');
    expect(await send(wanted, { verify: true, ca: await readFile(caPath, 'utf8') })).toMatchObject({ status: 404 });
    expect(await send(wanted, { verify: false })).toMatchObject({ status: 404 });
    expect(await send(wanted)).toMatchObject({ error: 'tls' });
    const plain = await listening((_, response) => response.end());
    expect(await send(request(plain, 'https'))).toEqual({
      error: 'tls',
      text: 'http: server gave HTTP response to HTTPS client',
    });
  });
});
