import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../.tools/fresh.mjs';
import type { Sandbox } from '../../src/sandbox/options.js';
import { kapadmin, start } from '../flows/harness.js';
import { makeFolder } from '../folder.js';
import { echoes } from './echoes.js';
import { foundIn, secrets } from './secrets.js';
import { kapacitorConf } from './sources.js';
import { makeSandbox, startFakeCluster } from './fake-cluster.js';

const { own, meta } = secrets;
const account = { KAPADMIN_META_USERNAME: 'admin', KAPADMIN_META_PASSWORD: meta.value, PW: own.value };
const loud = ['--debug', '--show-request'];

let sandbox: Sandbox;
beforeAll(async () => void (sandbox = await makeSandbox()));
afterAll(() => sandbox.close());

describe('the built program shows no secret that a server repeats', () => {
  it.each([
    [['user', 'passwd', 'joe', '--password-stdin', ...loud], '401, as it came'],
    [['user', 'create', 'new', '--password-env', 'PW', ...loud, '-o', 'json'], '400, JSON of Go in JSON'],
    [
      ['auth', 'test', '--user', 'joe', '--password-env', 'PW', '--kapacitor-conf', 'k.conf', '--no-env', ...loud],
      'no HTTP',
    ],
    [
      ['doctor', '--kapacitor-conf', 'k.conf', '--no-env', '--bundle', 'bundle', '--out', 'out', ...loud],
      '503, a page',
    ],
  ])('%j (%s)', async (words, name) => {
    const echo = echoes.find((one) => one.name === name);
    const cluster = await startFakeCluster(sandbox, echo, words[0] === 'user' ? 'POST' : undefined);
    const home = makeFolder({ 'k.conf': kapacitorConf(cluster.url) });
    const url = words[0] === 'auth' ? ['--url', `${cluster.url}/kapacitor/v1/tasks`, '--live'] : [];
    const env = { ...account, KAPADMIN_META_URL: cluster.url, KAPADMIN_RETRIES: '0' };
    const ended = await kapadmin([...words, ...url], { home, env, stdin: own.value });
    expect(cluster.echoed(), ended.stderr).toBeGreaterThan(0);
    await cluster.close();
    const files = readdirSync(home).filter((name) => name !== 'k.conf');
    const all = [ended.stdout, ended.stderr, ...files.map((name) => readFileSync(path.join(home, name), 'utf8'))];
    expect(foundIn(all.join('\n')), all.join('\n')).toEqual([]);
  });
});

describe('the program starts no other', () => {
  it('while it waits for an answer', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const env = { ...account, KAPADMIN_META_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    const running = await start(['user', 'passwd', 'joe', '--password-env', 'PW', '--show-request'], { env });
    await running.waitFor('curl', 'stderr');
    expect(readFileSync(`/proc/${running.pid}/task/${running.pid}/children`, 'utf8')).toBe('');
    const told = readFileSync(`/proc/${running.pid}/cmdline`, 'utf8');
    expect(foundIn(told)).toEqual([]);
    running.signal('SIGTERM');
    expect((await running.ended).code).toBe(143);
    server.closeAllConnections();
    server.close();
  });

  it('for it does not have what starts programs', () => {
    const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' });
    const texts = sources
      .filter((name) => name.endsWith('.ts'))
      .map((name) => [name, readFileSync(path.join(root, 'src', name), 'utf8')]);
    expect(texts.length).toBeGreaterThan(100);
    expect(
      texts.filter(([, text = '']) => /child_process|node:cluster|worker_threads/.test(text)).map(([name]) => name),
    ).toEqual([]);
  });
});
