import { afterEach, describe, expect, it } from 'vitest';
import type { MetaResult, MetaRequestEffect } from '../../../src/auth-engine/effects.js';
import { startTestKapacitor, metaNode, send } from './kapacitor.js';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createPlainServer } from 'node:net';
import { readFile } from 'node:fs/promises';
import { sendMetaRequest } from '../../../src/sandbox/kapacitor/meta-lookups.js';
import type { MetaTrust } from '../../../src/sandbox/kapacitor/configuration.js';
import { sandbox } from '../running.js';

/** A front whose meta node is asked in virtual time: each answer takes `taking` ms. */
async function asked(answer: (request: MetaRequestEffect, count: number) => MetaResult, taking = 0) {
  let now = 0;
  const times: number[] = [];
  const port = await startTestKapacitor(
    {},
    {
      clock: {
        now: () => now,
        sleep: (ms) => {
          now += ms;
          return Promise.resolve();
        },
      },
      ask: (request) => {
        times.push(Math.round(now));
        now += taking;
        return answer(request, times.length);
      },
    },
  );
  const { line, body } = await send(port, 'GET /kapacitor/v1/tasks', { as: 'johndoe:pw' });
  return { status: line.slice(9, 12), body, times, took: Math.round(now) };
}

const unavailable: MetaResult = { status: 503, location: '', body: '{"error":"no leader"}' };
const refused: MetaResult = { error: 'refused', text: 'connection refused' };
const failed = '{"error":"authorization failed","message":"authorization failed"}';

describe('lookups', () => {
  it('that fail are tried at the times of the daemon, and answered when ten seconds are up', async () => {
    expect(await asked(() => unavailable)).toEqual({
      status: '401',
      body: failed,
      times: [0, 20, 420, 3753, 7087],
      took: 10_000,
    });
  });

  it('count the pauses from the end of each attempt', async () => {
    expect(await asked(() => refused, 1000)).toMatchObject({ times: [0, 1020, 2420, 6753], took: 10_000 });
  });

  it('end with the first right answer', async () => {
    const node = metaNode();
    const got = await asked((request, count) => (count < 3 ? unavailable : node(request)));
    expect(got).toMatchObject({ status: '200', times: [0, 20, 420], took: 420 });
  });

  it('follow redirects without a pause', async () => {
    const node = metaNode();
    const away: MetaResult = { status: 307, location: 'http://127.0.0.1:8092/user?name=johndoe', body: '' };
    const got = await asked((request, count) => (count === 1 ? away : node(request)));
    expect(got).toMatchObject({ status: '200', times: [0, 0] });
  });

  it('without any answer are not tried again', async () => {
    const got = await asked(() => ({ error: 'timeout', text: 'no answer' }), 10_000);
    expect(got).toMatchObject({ status: '401', times: [0], took: 10_000 });
  });

  it('of LDAP users ask for the document and for the password, each with its own ten seconds', async () => {
    const document = '{"users":[{"name":"johndoe","hash":"","permissions":{"":["KapacitorAPI"]}}]}';
    const got = await asked((request) =>
      request.path === '/user'
        ? { status: 200, location: '', body: document }
        : { status: 401, location: '', body: '{"error":"authorization failed"}' },
    );
    expect(got).toMatchObject({ status: '401', times: [0, 0, 20, 420, 3753, 7087], took: 10_000 });
  });
});

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

function request(
  host: string,
  scheme: 'http' | 'https' = 'http',
  more: Partial<MetaRequestEffect> = {},
): MetaRequestEffect {
  const url = `${scheme}://${host}/user?name=a%2Bb`;
  const basic = `Basic ${Buffer.from('admin:changeit').toString('base64')}`;
  return {
    want: 'meta',
    attempt: 1,
    redirects: 0,
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

const sendOne = (wanted: MetaRequestEffect, trust: MetaTrust = { verify: true }, left = 5000) =>
  sendMetaRequest(wanted, trust, left, never);

describe('a request to the meta node', () => {
  it('goes out as the daemon sends it, and its answer comes back in bytes', async () => {
    const host = await listening((message, response) => {
      const { authorization, accept, 'user-agent': agent, host: named } = message.headers;
      response.writeHead(307, { Location: '/elsewhere' });
      response.end(`${message.method} ${message.url} ${authorization} ${accept} ${agent} ${named} é`);
    });
    expect(await sendOne(request(host))).toEqual({
      status: 307,
      location: '/elsewhere',
      body: `GET /user?name=a%2Bb ${request(host).authorization} application/json InfluxDB Cluster Client ${host} Ã©`,
    });
  });

  it('without an account bears none', async () => {
    const host = await listening(({ headers }, response) => response.end(String(headers.authorization)));
    expect(await sendOne(request(host, 'http', { authorization: undefined }))).toMatchObject({ body: 'undefined' });
  });

  it('to a name for this machine arrives, to no name at all too', async () => {
    const host = await listening((_, response) => response.end('x'));
    const port = host.split(':')[1];
    expect(await sendOne(request(`:${port}`))).toMatchObject({ body: 'x' });
    expect(await sendOne(request(`LOCALHOST:${port}`))).toMatchObject({ body: 'x' });
  });

  it('is not sent to another machine', async () => {
    expect(await sendOne(request('meta.example.com:8091'))).toMatchObject({ error: 'refused' });
    expect(await sendOne(request('10.0.0.1:8091'))).toMatchObject({ error: 'refused' });
    expect(await sendOne(request('127.0.0.1.example.com:8091'))).toMatchObject({ error: 'refused' });
  });

  it('reports in the words of Go why there was no response', async () => {
    const server = createPlainServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await sendOne(request(`127.0.0.1:${port}`))).toEqual({
      error: 'refused',
      text: `dial tcp 127.0.0.1:${port}: connect: connection refused`,
    });
    expect(await sendOne(request('127.0.0.1:80910'))).toEqual({
      error: 'unusable',
      text: 'dial tcp: address 80910: invalid port',
    });
    const cut = await listening((message) => message.destroy());
    expect(await sendOne(request(cut))).toEqual({ error: 'refused', text: 'EOF' });
    const short = await listening((_, response) => {
      response.writeHead(200, { 'Content-Length': 100 }).write('{', () => response.destroy());
    });
    expect(await sendOne(request(short))).toEqual({ error: 'refused', text: 'unexpected EOF' });
  });

  it('that nobody answers ends when its time is up', async () => {
    const host = await listening(() => {});
    expect(await sendOne(request(host), { verify: true }, 50)).toMatchObject({ error: 'timeout' });
  });

  it('ends when the sandbox ends', async () => {
    const stop = new AbortController();
    const host = await listening(() => stop.abort());
    expect(await sendMetaRequest(request(host), { verify: true }, 5000, stop.signal)).toMatchObject({ last: true });
  });

  it('over TLS trusts the CA that it was given, or anybody', async () => {
    const { url, caPath = '' } = await sandbox({ tls: {} });
    const wanted = request(url.replace('https://', ''), 'https');
    expect(await sendOne(wanted, { verify: true, ca: await readFile(caPath, 'utf8') })).toMatchObject({ status: 404 });
    expect(await sendOne(wanted, { verify: false })).toMatchObject({ status: 404 });
    expect(await sendOne(wanted)).toMatchObject({ error: 'tls' });
    const plain = await listening((_, response) => response.end());
    expect(await sendOne(request(plain, 'https'))).toEqual({
      error: 'tls',
      text: 'http: server gave HTTP response to HTTPS client',
    });
  });
});
