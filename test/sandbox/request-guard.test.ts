import { describe, expect, it } from 'vitest';
import { startFront } from '../../src/sandbox/front/start.js';
import { crossSiteRefusal } from '../../src/sandbox/request-guard.js';
import { overHttp } from './over-http.js';
import { sandbox } from './running.js';

const names = new Set(['meta1.example.com']);
const refusal = (headers: Record<string, string>, method = 'GET') => crossSiteRefusal(method, headers, names);
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
  ])('is refused by %j', (headers) => {
    expect(refusal(headers)).toContain('the sandbox');
  });

  it('may ask by OPTIONS, which does nothing, but not by another host', () => {
    expect(refusal({ host, origin: 'http://evil.test' }, 'OPTIONS')).toBeUndefined();
    expect(refusal({ host: 'evil.test' }, 'OPTIONS')).toContain('evil.test');
  });

  it('makes no user and reads none, at a meta node and at Kapacitor', async () => {
    const read = () => Promise.resolve({ error: 'no such file or directory' });
    const clock = { now: () => Date.now(), sleep: () => Promise.resolve() };
    const { url, kapacitorUrl } = await sandbox(
      { leaderName: 'meta1.example.com' },
      { front: (meta, guard) => startFront({}, meta, { read, clock }, guard) },
    );
    const body = { action: 'create', user: { name: 'evil', password: 'x' } };
    const login = '?u=admin&p=changeit';
    const page = { Origin: 'http://evil.test', 'Content-Type': 'text/plain' };
    const made = await overHttp(url, `POST /user${login}`, { body, headers: page });
    expect(made).toMatchObject({ status: 403, headers: { connection: 'close' } });
    expect(made.body).toBe('{"error":"the sandbox takes no requests from web pages of other sites"}');
    const rebound = { Host: 'evil.test' };
    expect((await overHttp(url, `GET /user${login}`, { headers: rebound })).status).toBe(403);
    const target = `POST /kapacitor/v1/users${login}`;
    const ghost = { name: 'ghost', password: 'x', type: 'admin' };
    expect((await overHttp(kapacitorUrl ?? '', target, { body: ghost, headers: page })).status).toBe(403);
    expect((await overHttp(kapacitorUrl ?? '', `GET /kapacitor/v1/users${login}`, { headers: rebound })).status).toBe(
      403,
    );
    expect((await overHttp(url, 'GET /user?name=evil')).status).toBe(404);
    const named = { Host: 'meta1.example.com:8091' };
    expect((await overHttp(url, `GET /user${login}`, { headers: named })).status).toBe(200);
    expect((await overHttp(kapacitorUrl ?? '', 'GET /kapacitor/v1/users/ghost', { as: 'admin:changeit' })).status).toBe(
      404,
    );
  });
});
