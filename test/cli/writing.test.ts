import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { run } from '../../src/cli/run.js';
import { makeTestContext } from '../context.js';
import { runLine } from '../run.js';
import { cluster } from './cluster.js';

const none = { reset: 0, unavailable: 0, truncate: 0, garbage: 0, delay: 0 };

describe('a command that writes', () => {
  it('waits until a read shows it', async () => {
    const { run: line, urls } = await cluster({}, { nodes: 2, lag: 300 });
    const env = { KAPADMIN_META_URL: urls[1] ?? '' };
    const made = await line(['user', 'create', 'johndoe', '--generate', '-q'], { env });
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect((await line(['user', 'show', 'johndoe'], { env })).code).toBe(0);
  });

  it('verdict 15: names what no read has shown when its wait is over, with exit 7', async () => {
    const { run: line, urls } = await cluster({}, { nodes: 2, lag: 5_000 });
    const words = ['user', 'create', 'johndoe', '--generate', '-q', '--grant', 'ReadData', '--wait', '100ms'];
    const ran = await line(words, { env: { KAPADMIN_META_URL: urls[1] ?? '' } });
    expect(ran.code).toBe(7);
    expect(ran.stderr).toBe(
      'error: 2 changes with unknown result: create user johndoe: accepted, but not visible after 100ms; ' +
        'grant ReadData to user johndoe: accepted, but not visible after 100ms\n' +
        'To see the result: kapadmin user show johndoe. If the change is missing, run the command again.\n',
    );
  });

  it.each([
    ['0', 1],
    ['1', 2],
  ])(
    'with --retries %s sends a write that is never answered %i times',
    async (retries, sends) => {
      let posts = 0;
      const server = createServer((request, response) => {
        if (request.method === 'POST') posts += 1;
        else response.end(JSON.stringify({ users: [{ name: 'ann', permissions: {} }], roles: [] }));
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      onTestFinished(() => {
        server.closeAllConnections();
        server.close();
      });
      const { port } = server.address() as AddressInfo;
      const words = ['user', 'grant', 'ann', 'Monitor', '--timeout', '1500ms', '--retries', retries];
      const ran = await runLine(words, { env: { KAPADMIN_META_URL: `http://127.0.0.1:${port}` } });
      expect(posts).toBe(sends);
      expect(ran.code).toBe(7);
      expect(ran.stderr).toContain('no complete response within the timeout');
    },
    30_000,
  );

  it('does what it says through connections that break, and never meets itself', async () => {
    for (let seed = 1; seed <= 3; seed++) {
      const { run: line, user } = await cluster({}, { faults: { plan: { ...none, reset: 0.3 }, seed } });
      const words = ['user', 'create', 'johndoe', '--generate', '--grant', 'ReadData', '--retries', '20'];
      const ran = await line(words);
      expect(ran.stderr).toContain('created user johndoe\ngranted ReadData to user johndoe\n');
      expect(ran.code).toBe(0);
      const read = async (): Promise<unknown> => (await user('johndoe').catch(read)) ?? undefined;
      expect(await read()).toMatchObject({ permissions: new Map([['', ['ReadData']]]) });
    }
  });

  it('gets over a leader that is lost', async () => {
    const node = await cluster({}, { nodes: 3, electEvery: 150, electionTime: 100 });
    for (let i = 0; i < 10; i++) {
      const made = await node.run(['user', 'create', `user${i}`, '--generate', '-q', '--grant', 'Monitor']);
      expect(made).toMatchObject({ code: 0, stderr: '' });
    }
  });

  it('is refused what its account may not do', async () => {
    const { run: line } = await cluster({ users: { ann: {} } });
    const env = { KAPADMIN_META_USERNAME: 'ann', KAPADMIN_META_PASSWORD: 'pw-ann' };
    expect(await line(['user', 'delete', 'ann', '--yes'], { env })).toMatchObject({ code: 4, stdout: '' });
  });

  it('reports what was done if a part failed, and exits 7', async () => {
    const { run: line } = await cluster({ users: { ann: {} } });
    const part = await line(['user', 'delete', 'ann', 'nobody', '--yes', '-o', 'json']);
    expect(part.code).toBe(7);
    expect(JSON.parse(part.stdout)).toMatchObject({
      changes: [
        { name: 'ann', status: 'done' },
        { name: 'nobody', status: 'failed', error: { code: 'user-not-found' } },
      ],
    });
    expect(JSON.parse(part.stderr)).toMatchObject({ error: { code: 'partly-done' } });
  });

  it('gives its account when it is interrupted', async () => {
    const { client } = await cluster({}, { faults: { plan: { ...none, delay: 150 }, seed: 1 } });
    const context = makeTestContext({
      env: {
        KAPADMIN_META_URL: client.nodes.join(','),
        KAPADMIN_META_USERNAME: 'admin',
        KAPADMIN_META_PASSWORD: 'changeit',
        FORCE_COLOR: '0',
      },
      stdin: 'Pa5sw0Rd',
    });
    const ended = run(
      ['user', 'create', 'johndoe', '--grant', 'ReadData', '--password-stdin', '--show-request'],
      context,
    );
    while (!context.stderr().includes('POST')) await context.clock.sleep(5);
    context.interrupt('SIGTERM');
    expect(await ended).toBe(143);
    expect(context.stdout()).toBe('created user johndoe\nnot started: grant ReadData to user johndoe\n');
    expect(context.stderr()).toContain(
      'error: stopped by SIGTERM: 1 change done, 1 not started: grant ReadData to user johndoe',
    );
  });

  it('stops at once while it only reads', async () => {
    const { client } = await cluster({}, { faults: { plan: { ...none, delay: 5_000 }, seed: 1 } });
    const context = makeTestContext({ env: { KAPADMIN_META_URL: client.nodes.join(',') } });
    const ended = run(['user', 'create', 'johndoe', '--generate', '--show-request'], context);
    while (!context.stderr().includes('curl')) await context.clock.sleep(5);
    context.interrupt();
    expect(await ended).toBe(130);
    expect(context.stdout()).toBe('');
  });

  it('passes on what LDAP refuses', async () => {
    const { run: line } = await cluster({}, { ldap: true });
    const ran = await line(['user', 'create', 'johndoe', '--generate']);
    expect(ran).toMatchObject({ code: 8, stdout: '' });
    expect(ran.stderr).toContain('creating users is disallowed when ldap is enabled\n');
  });

  it('whose part of the work is in force prints a generated password all the same', async () => {
    const { run: line } = await cluster({ users: { b: {} } });
    const ran = await line(['user', 'create', 'a', 'b', '--generate']);
    expect(ran.code).toBe(7);
    expect(ran.stdout).toMatch(/^NAME {2}PASSWORD\na {5}\w{24}\n$/);
  });
});
