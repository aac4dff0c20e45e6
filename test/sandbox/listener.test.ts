import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { crossSiteRefusal, listen, RequestBodyBudget } from '../../src/sandbox/listener.js';
import { admin } from './meta-node/ask.js';
import { overHttp } from './meta-node/over-http.js';
import { sandbox } from './running.js';
import { startKapacitor } from '../../src/sandbox/kapacitor/server.js';
import { exchange } from './kapacitor/kapacitor.js';

describe('bodies that are held together', () => {
  it('drop the largest that still arrives where there is no room', () => {
    const dropped: string[] = [];
    const budget = new RequestBodyBudget(100);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => budget.open(() => dropped.push(name)));
    expect([a!.add(50), b!.add(40), c!.add(5)]).toEqual([true, true, true]);
    expect([c!.add(20), dropped]).toEqual([true, ['a']]);
    expect([a!.add(1), dropped]).toEqual([false, ['a']]);
    expect([c!.add(60), dropped]).toEqual([false, ['a', 'c']]);
  });

  it('do not drop one that is complete, which counts until it is released', () => {
    const dropped: string[] = [];
    const budget = new RequestBodyBudget(100);
    const [a, b] = ['a', 'b'].map((name) => budget.open(() => dropped.push(name)));
    a!.add(90);
    a!.complete();
    expect([b!.add(20), dropped]).toEqual([false, ['b']]);
    a!.release();
    a!.release();
    expect(budget.open(() => dropped.push('c')).add(100)).toBe(true);
    expect(dropped).toEqual(['b']);
  });

  it('attack L14: are bounded together before any login, and leave room for others', async () => {
    const { urls } = await sandbox({ nodes: 3 });
    const part = 'x'.repeat(8 * 1024 * 1024);
    const sockets: Socket[] = [];
    for (let i = 0; i < 12; i++) {
      const socket = connect(Number(new URL(urls[i % 3] ?? '').port), '127.0.0.1');
      socket.on('error', () => {});
      socket.write(`POST /user HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${2 * part.length}\r\n\r\n${part}`);
      sockets.push(socket);
    }
    const cut = (): number => sockets.filter(({ destroyed }) => destroyed).length;
    while (cut() < 4) await new Promise((resolve) => setTimeout(resolve, 10));
    const body = { action: 'create', user: { name: 'a', password: 'b' } };
    expect((await overHttp(urls[0] ?? '', 'POST /user', { ...admin, body })).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  it('are not held by one who was answered and does not read', async () => {
    const { url } = await sandbox();
    const long = { action: 'create', user: { name: 'z'.repeat(16 * 1024 * 1024), password: 'b' } };
    expect((await overHttp(url, 'POST /user', { ...admin, body: long })).status).toBe(200);
    const size = 31 * 1024 * 1024;
    const sockets: Socket[] = [];
    for (let i = 0; i < 3; i++) {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.on('error', () => {});
      socket.write(`GET /user?u=admin&p=changeit HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${size}\r\n\r\n`);
      socket.write('x'.repeat(size));
      await once(socket, 'readable');
      sockets.push(socket);
    }
    const large = { action: 'create', user: { name: 'y'.repeat(31 * 1024 * 1024), password: 'b' } };
    expect((await overHttp(url, 'POST /user', { ...admin, body: large })).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  it('count until they were handled, also where the client has left', async () => {
    const bodies = new RequestBodyBudget(100);
    let handled = (): void => {};
    let began = (): void => {};
    let left = (): void => {};
    const begun = new Promise<void>((resolve) => (began = resolve));
    const gone = new Promise<void>((resolve) => (left = resolve));
    const listener = await listen(
      { port: 0, guard: { hostNames: new Set(), bodies }, purpose: { name: '', hint: '' } },
      (_, __, response) => {
        began();
        response.once('close', left);
        return new Promise((resolve) => {
          handled = () => {
            response.end();
            resolve();
          };
        });
      },
    );
    const socket = connect(listener.port, '127.0.0.1');
    socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\n${'x'.repeat(90)}`);
    await begun;
    socket.destroy();
    await gone;
    expect(bodies.open(() => {}).add(20)).toBe(false);
    handled();
    await listener.close();
    expect(bodies.open(() => {}).add(20)).toBe(true);
  });
});

const names = new Set(['meta1.example.com']);
function refusal(headers: Record<string, string | string[]>, method = 'GET', url = '/user'): string | undefined {
  const headersDistinct = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()]));
  return crossSiteRefusal({ method, url, headersDistinct }, names);
}

const host = 'localhost:8091';

describe('attack M6: a web page of another site', () => {
  it.each([
    {},
    { host: '127.0.0.1:8091' },
    { host: 'LOCALHOST' },
    { host: '[::1]:8091' },
    { host: ':8091' },
    { host: 'Meta1.example.com:8091' },
    { host, origin: 'http://localhost:8888' },
    { host, origin: 'https://127.0.0.1' },
    { host, origin: 'http://meta1.example.com:1' },
    { host, 'sec-fetch-site': 'same-origin' },
    { host, 'sec-fetch-site': 'none' },
  ])('is not who sends %j', (headers) => {
    expect(refusal(headers)).toBeUndefined();
  });

  it.each([
    { host: 'evil.test' },
    { host: 'evil.test:8091' },
    { host: '127.0.0.1.evil.test' },
    { host: 'localhost.evil.test:8091' },
    { host: '[::2]:8091' },
    { host: '127.0.0.1@evil.test' },
    { host, origin: 'http://evil.test' },
    { host, origin: 'null' },
    { host, origin: '' },
    { host, origin: 'http://127.0.0.1.evil.test' },
    { host, origin: 'http://localhost@evil.test' },
    { host, origin: 'chrome-extension://localhost' },
    { host, 'sec-fetch-site': 'cross-site' },
    { host, 'sec-fetch-site': 'Cross-Site' },
    { host, 'sec-fetch-site': ['none', 'cross-site'] },
    { host, origin: ['http://localhost', 'http://evil.test'] },
    { host: ['localhost', 'evil.test'] },
    { host: 'localhost.' },
    { host: '127.0.0.1.:8091' },
    { host: '[::ffff:127.0.0.1]' },
    { host: 'localhost, evil.test' },
    { host: 'localhost:80@evil.test' },
  ])('is refused by %j', (headers) => {
    expect(refusal(headers)).toContain('the sandbox');
  });

  it.each(['http://evil.test/user', 'HTTPS://evil.test:8091', 'http://localhost@evil.test/', 'ws://evil.test?x'])(
    'is refused for the target %s, whatever Host says',
    (target) => {
      expect(refusal({ host }, 'GET', target)).toContain('the sandbox is not');
      expect(refusal({ host }, 'GET', target.replace(/\w*@?evil\.test/, 'localhost'))).toBeUndefined();
    },
  );

  it('may ask by OPTIONS, which does nothing, but not by another host', () => {
    expect(refusal({ host, origin: 'http://evil.test' }, 'OPTIONS')).toBeUndefined();
    expect(refusal({ host: 'evil.test' }, 'OPTIONS')).toContain('evil.test');
  });

  it('makes no user and reads none, at a meta node and at Kapacitor', async () => {
    const read = () => Promise.resolve({ error: 'no such file or directory' });
    const clock = { now: () => Date.now(), sleep: () => Promise.resolve() };
    const { url, kapacitorUrl } = await sandbox(
      { leaderName: 'meta1.example.com' },
      { kapacitor: (meta, guard) => startKapacitor({}, meta, { read, clock }, guard) },
    );
    const body = { action: 'create', user: { name: 'evil', password: 'x' } };
    const login = '?u=admin&p=changeit';
    const page = { Origin: 'http://evil.test', 'Content-Type': 'text/plain' };
    const made = await overHttp(url, `POST /user${login}`, { body, headers: page });
    expect(made).toMatchObject({ status: 403, headers: { connection: 'close' } });
    expect(made.body).toBe('{"error":"the sandbox does not accept requests from other web sites"}');
    const rebound = { Host: 'evil.test' };
    expect((await overHttp(url, `GET /user${login}`, { headers: rebound })).status).toBe(403);
    const target = `POST /kapacitor/v1/users${login}`;
    const ghost = { name: 'ghost', password: 'x', type: 'admin' };
    expect((await overHttp(kapacitorUrl ?? '', target, { body: ghost, headers: page })).status).toBe(403);
    expect((await overHttp(kapacitorUrl ?? '', `GET /kapacitor/v1/users${login}`, { headers: rebound })).status).toBe(
      403,
    );
    expect((await overHttp(url, 'GET /user?name=evil')).status).toBe(404);
    const absolute = `GET http://evil.test/user${login} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
    expect(await exchange(Number(new URL(url).port), absolute)).toMatch(/^HTTP\/1.1 403 /);
    const named = { Host: 'meta1.example.com:8091' };
    expect((await overHttp(url, `GET /user${login}`, { headers: named })).status).toBe(200);
    expect((await overHttp(kapacitorUrl ?? '', 'GET /kapacitor/v1/users/ghost', { as: 'admin:changeit' })).status).toBe(
      404,
    );
  });
});
