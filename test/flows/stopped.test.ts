import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createMetaClient } from '../../src/meta/client.js';
import { Secret } from '../../src/model/secret.js';
import { parseFaults } from '../../src/sandbox/faults.js';
import { makeFolder } from '../folder.js';
import { registerSecret, start, withSandbox, type Ended, type SandboxUse } from './harness.js';
import { bin, cleanEnv, type Surroundings } from './harness/program.js';

const password = registerSecret('Pa5sw0Rd-of-those-who-wait');
const slow = { faults: { plan: parseFaults('delay=20ms'), seed: 1 } };
const users = Array.from({ length: 200 }, (_, i) => `user${i}`);
const state = JSON.stringify({
  users: Object.fromEntries(users.map((name) => [name, { password: { env: 'PASSWORD' } }])),
});

/** The names of the users that the cluster holds, but for its admin. */
async function usersOf({ urls, env }: SandboxUse): Promise<readonly string[]> {
  const account = new Secret(env['KAPADMIN_META_PASSWORD'] ?? '');
  const client = createMetaClient({
    nodes: urls,
    credentials: { kind: 'basic', username: 'admin', password: account },
  });
  const all = await client.users();
  await client.close();
  return all.map(({ name }) => name).filter((name) => name !== 'admin');
}

interface Told {
  readonly changes: readonly { readonly name: string; readonly status: string }[];
}

/** A node on which nobody is there, and that never answers a write. */
async function deafNode(): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    if (request.method === 'GET') response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

describe('the built program, stopped in the middle of its writes', () => {
  it.each([
    ['SIGINT', 130, 'interrupted'],
    ['SIGTERM', 143, 'terminated'],
    ['SIGHUP', 129, 'hung-up'],
  ] as const)('by %s says what was done and what not, and that is so', async (signal, exit, code) => {
    await withSandbox(slow, async (sandbox) => {
      const home = makeFolder({ 'state.json': state });
      const words = ['apply', 'state.json', '--concurrency', '2', '-o', 'json', '--show-request'];
      const running = await start(words, { home, env: { ...sandbox.env, PASSWORD: password } });
      await running.waitFor(/(?:POST(?:(?!POST)[^])*){8}/, 'stderr');
      running.signal(signal);
      const ended = await running.ended;
      expect(ended.code).toBe(exit);
      expect(JSON.parse(ended.stderr.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ error: { code } });
      const { changes } = JSON.parse(ended.stdout) as Told;
      const namesOf = (status: string) => changes.filter((each) => each.status === status).map(({ name }) => name);
      expect(namesOf('done').length).toBeGreaterThan(0);
      expect(namesOf('not-started').length).toBeGreaterThan(0);
      expect(changes).toHaveLength(users.length);
      expect((await usersOf(sandbox)).toSorted()).toEqual(namesOf('done').toSorted());
    });
  });

  it('by a second SIGHUP, of the terminal and of the shell, gives its account all the same', async () => {
    await withSandbox({ faults: { plan: parseFaults('delay=400ms'), seed: 1 } }, async ({ env }) => {
      const words = ['user', 'create', 'joe', '--password-env', 'PASSWORD', '--grant', 'ReadData', '--show-request'];
      const running = await start(words, { env: { ...env, PASSWORD: password } });
      await running.waitFor('POST', 'stderr');
      running.signal('SIGHUP');
      await delay(30);
      running.signal('SIGHUP');
      expect(await running.ended).toMatchObject({
        code: 129,
        stdout: 'created user joe\nnot started: grant ReadData to user joe\n',
      });
    });
  });

  it('a second time ends without waiting for what is under way', async () => {
    const node = await deafNode();
    const words = ['user', 'create', 'joe', '--password-env', 'PASSWORD', '--show-request'];
    const running = await start(words, { env: { KAPADMIN_META_URL: node.url, PASSWORD: password } });
    await running.waitFor('POST', 'stderr');
    running.signal('SIGINT');
    running.signal('SIGTERM');
    const { code, stdout, stderr } = await running.ended;
    node.close();
    expect([130, 143]).toContain(code);
    expect([stdout, stderr]).toEqual(['', expect.not.stringContaining('error')]);
  });
});

describe('the built program, while it computes a slow hash,', () => {
  it('says how long that takes, and is ended by Ctrl-C at once', async () => {
    const hash = `$2a$22$${'a'.repeat(53)}`;
    const node = createServer((_, response) => response.end(JSON.stringify({ users: [{ name: 'joe', hash }] })));
    await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
    const words = [
      'auth',
      'test',
      '--url',
      'http://k:9092/kapacitor/v1/tasks',
      '--user',
      'joe',
      '--password-env',
      'PASSWORD',
    ];
    const running = await start(words, { env: { KAPADMIN_META_URL: url, PASSWORD: password } });
    await running.waitFor(/bcrypt cost 22: .* takes about \S+\. .* Press Ctrl-C to cancel\./, 'stderr');
    running.signal('SIGINT');
    await expect(running.ended).rejects.toThrow('was ended by SIGINT');
    node.close();
  });
});

/** A limit on the size of files stands for a full disk: the same write fails, with another reason. */
async function withSmallFiles(args: readonly string[], { home = '', env }: Surroundings): Promise<Ended> {
  const words = ['-c', 'ulimit -f 4; exec "$0" "$@"', process.execPath, bin, ...args];
  return new Promise((resolve) => {
    const child = execFile('sh', words, { cwd: home, env: cleanEnv(home, env) }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

describe('the built program on a disk that is full', () => {
  it('leaves an output file as it was, and nothing beside it', async () => {
    const home = makeFolder({ list: 'before' });
    const args = ['permission', 'list', '-o', 'json', '--out', 'list'];
    const ended = await withSmallFiles(args, { home });
    expect([ended.code, ended.stdout]).toEqual([7, '']);
    expect(ended.stderr).toMatch(/"message":"done, but cannot write \S+\/list: the file is too large"/);
    expect(readFileSync(path.join(home, 'list'), 'utf8')).toBe('before');
    expect(readdirSync(home)).toEqual(['list']);
  });

  it('makes no user whose password it could not keep', async () => {
    await withSandbox({}, async (sandbox) => {
      const made = Object.fromEntries(users.map((name) => [name, { password: { generate: true } }]));
      const home = makeFolder({ 'state.json': JSON.stringify({ users: made }) });
      const args = ['apply', 'state.json', '--passwords-out', 'made', '-q'];
      const { code, stdout } = await withSmallFiles(args, { home, env: sandbox.env });
      expect(code).toBe(7);
      expect(stdout).toContain('cannot write');
      const kept = readFileSync(path.join(home, 'made'), 'utf8');
      const there = await usersOf(sandbox);
      expect(there.length).toBeGreaterThan(0);
      expect(there.filter((name) => !kept.includes(`{"name":"${name}","password":"`))).toEqual([]);
    });
  });
});
