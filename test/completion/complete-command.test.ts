import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { runLine } from '../run.js';

const users = Array.from({ length: 100_000 }, (_, i) => ({ name: `user${i}`, hash: 'x'.repeat(60) }));
const body = { '/user': JSON.stringify({ users }), '/role': '{"roles":[]}' };
let asked = 0;
/** Milliseconds until it responds. */
let delay = 0;
const server = createServer((request, response) => {
  asked += 1;
  const text = request.url === '/role' ? body['/role'] : body['/user'];
  setTimeout(() => response.setHeader('content-type', 'application/json').end(text), delay);
});
let env: Record<string, string> = {};

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  env = { KAPADMIN_META_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
afterAll(() => server.close());

async function typed(home: string, ...words: string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await runLine(['__complete', '--', ...words], { home, env });
  expect([code, stderr]).toEqual([0, '']);
  return stdout.split('\n').filter((line) => line !== '');
}

/** Makes the cached names look older. */
function age(home: string, ms: number): void {
  const folder = path.join(home, '.cache/kapadmin');
  const file = path.join(folder, readdirSync(folder)[0] ?? '');
  const cached = JSON.parse(readFileSync(file, 'utf8')) as { at: number };
  writeFileSync(file, JSON.stringify({ ...cached, at: cached.at - ms }));
}

describe('verdict 20: names of a cluster of 100,000 users', () => {
  it('complete by their prefix, although the cluster takes a while the first time, and then from the cache', async () => {
    const home = makeFolder();
    delay = 600;
    expect(await typed(home, 'user', 'show', 'user9999')).toEqual([
      'user9999',
      ...Array.from({ length: 10 }, (_, i) => `user9999${i}`),
    ]);
    const before = asked;
    expect(await typed(home, 'user', 'show', 'user12345')).toEqual(['user12345']);
    expect(asked).toBe(before);
  });

  it('come from an older cache where the cluster is slow or down, and from none of another day', async () => {
    const home = makeFolder();
    delay = 0;
    await typed(home, 'user', 'show', 'user12345');
    age(home, 60_000);
    delay = 100_000;
    expect(await typed(home, 'user', 'show', 'user12345')).toEqual(['user12345']);
    server.closeAllConnections();
    age(home, 25 * 3_600_000);
    server.close();
    expect(await typed(home, 'user', 'show', 'user12345')).toEqual([]);
  });
});

describe('verdict 20: the path of an endpoint', () => {
  it('completes after the method', async () => {
    expect(await typed(makeFolder(), 'auth', 'can-i', 'joe', 'GET', '/kapacitor/v1/ta')).toContain(
      '/kapacitor/v1/tasks',
    );
    expect(await typed(makeFolder(), 'auth', 'who-can', 'GET', '/kapacitor/v1/ta')).toContain('/kapacitor/v1/tasks');
  });

  it('and --output= completes formats', async () => {
    expect(await typed(makeFolder(), 'user', 'list', '--output', '=')).toEqual([
      'table',
      'json',
      'yaml',
      'csv',
      'name',
    ]);
    expect(await typed(makeFolder(), 'user', 'list', '--output=j')).toEqual(['--output=json']);
  });
});
