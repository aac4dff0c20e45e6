import { describe, expect, it } from 'vitest';
import { startKapacitor } from '../../src/sandbox/kapacitor/server.js';
import { crossSiteRefusal } from '../../src/sandbox/request-guard.js';
import { exchange } from './kapacitor/kapacitor.js';
import { overHttp } from './meta-node/over-http.js';
import { sandbox } from './running.js';

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
