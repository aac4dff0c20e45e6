import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StopSignal } from '../../src/context.js';
import { run } from '../../src/cli/run.js';
import { makeTestContext } from '../context.js';
import { runLine } from '../run.js';
import { admin, sign, usersIn } from '../sandbox/meta-node/ask.js';
import { failure, overHttp, type Got } from '../sandbox/meta-node/over-http.js';

interface Running {
  readonly urls: readonly string[];
  readonly line: string;
  readonly ask: (line: string, sent?: Parameters<typeof overHttp>[2]) => Promise<Got>;
  elect(): void;
  end(signal?: StopSignal): Promise<{ code: number; stdout: string; stderr: string }>;
}

const quick = ['--port', '0', '--bcrypt-cost', '4'];
const open: Running[] = [];
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kapadmin-test-'));
});

afterEach(async () => {
  for (const running of open.splice(0)) await running.end();
  await rm(folder, { recursive: true });
});

/** Starts the command in this process and waits for its first line. */
async function start(...words: string[]): Promise<Running> {
  let act = (): void => {};
  const context = { ...makeTestContext(), onUserSignal: (given: () => void) => (act = given) };
  const ended = run(['sandbox', ...quick, '-o', 'json', ...words], context);
  for (let i = 0; i < 1000 && !context.stdout().includes('\n'); i++) await sleep(5);
  const line = context.stdout();
  const urls = (JSON.parse(line) as { meta: string[] }).meta;
  const running: Running = {
    urls,
    line,
    ask: (asked, sent) => overHttp(urls[0] ?? '', asked, sent),
    elect: () => act(),
    async end(signal) {
      context.interrupt(signal);
      return { code: await ended, stdout: context.stdout(), stderr: context.stderr() };
    },
  };
  open.push(running);
  return running;
}

describe('kapadmin sandbox', () => {
  it('writes one line when it is ready, answers then, and ends cleanly with the code of the signal', async () => {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      const { urls, line, ask, end } = await start();
      const { kapacitor } = JSON.parse(line) as { kapacitor: string };
      expect(kapacitor).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(line).toBe(`{"meta":["${urls[0]}"],"kapacitor":"${kapacitor}","username":"admin"}\n`);
      expect((await ask('GET /user')).status).toBe(200);
      const ended = await end(signal);
      expect(ended).toEqual({ code, stdout: line, stderr: 'Sandbox stopped; its state was discarded.\n' });
      expect(await failure(ask('GET /ping'))).toBe('ECONNREFUSED');
    }
  });

  it('shows what to try next, and no password', async () => {
    const context = makeTestContext();
    const ended = run(['sandbox', ...quick], context);
    for (let i = 0; i < 1000 && !context.stdout().includes('Ctrl-C'); i++) await sleep(5);
    expect(context.stdout()).toMatch(
      /^Meta node: http:\/\/127\.0\.0\.1:\d+ \(account admin\)\nKapacitor: http:\/\/127\.0\.0\.1:\d+\n\nIn another terminal, try \(kapadmin prompts for the password; /,
    );
    expect(context.stdout()).toMatch(/ {2}export KAPADMIN_META_URL=http\S+ KAPADMIN_META_USERNAME=admin\n/);
    expect(context.stdout()).not.toContain('changeit');
    context.interrupt();
    expect(await ended).toBe(130);
  });

  it('keeps its state in a file and says where', async () => {
    const data = path.join(folder, 'data');
    const first = await start('--data', data);
    await first.ask('POST /user', { ...admin, body: { action: 'create', user: { name: 'jane', password: 'x' } } });
    expect((await first.end()).stderr).toBe(`Sandbox stopped; its state was saved in ${data}.\n`);
    const second = await start('--data', data);
    expect((await second.ask('GET /user?name=jane')).status).toBe(200);
  });

  it('takes users and its account from a seed', async () => {
    const seed = path.join(folder, 'seed.yaml');
    await writeFile(seed, 'meta: { credentials: { username: boss, password: pw }, users: [{ name: jane, hash: x }] }');
    const { line, ask } = await start('--seed', seed);
    expect(line).toContain('"username":"boss"');
    const users = usersIn((await ask('GET /user', { as: 'boss:pw' })).body);
    expect(users.map(({ name }) => name)).toEqual(['boss', 'jane']);
  });

  it('starts a cluster whose leader changes on a signal, under a name of its own', async () => {
    const { urls, ask, elect } = await start('--nodes', '3', '--leader-name', 'meta.invalid', '--lag', '1h');
    expect(urls).toHaveLength(3);
    const create = { ...admin, body: { action: 'create', user: { name: 'jane', password: 'x' } } };
    expect((await ask('POST /user', create)).status).toBe(200);
    expect((await overHttp(urls[2] ?? '', 'GET /user?name=jane')).status).toBe(404);
    elect();
    expect((await ask('POST /user', create)).headers.location).toBe(
      `http://meta.invalid:${(urls[1] ?? '').split(':')[2]}/user`,
    );
  });

  it('starts a cluster that loses its leader', async () => {
    const { urls } = await start('--nodes', '3', '--kill-every', '20ms');
    const down = async (): Promise<boolean> => {
      const all = await Promise.all(urls.map((node) => failure(overHttp(node, 'GET /ping'))));
      return all.includes('ECONNREFUSED');
    };
    let isDown = false;
    for (let i = 0; i < 500 && !isDown; i++) isDown = await down();
    expect(isDown).toBe(true);
  });

  it('behaves as its other flags say', async () => {
    expect((await (await start('--no-auth')).ask('GET /user', {})).status).toBe(200);
    expect((await (await start('--ldap')).ask('GET /user')).body).toContain('"hash":""');
    expect((await (await start('--fault', '503=1')).ask('GET /user')).status).toBe(503);
    const empty = await start('--no-admin');
    expect(empty.line).toContain('"username":null');
    expect((await empty.ask('GET /user')).body).toBe('{"error":"must create admin user first"}');
    const secure = await start('--tls');
    expect(JSON.parse(secure.line)).toEqual({
      meta: [expect.stringMatching(/^https:/)],
      kapacitor: expect.stringMatching(/^http:/),
      username: 'admin',
      ca: expect.stringMatching(/\/ca\.pem$/),
    });
  });

  it('merges roles into users and takes all on create where configured so', async () => {
    const { ask } = await start('--merge-role-permissions', '--create-takes-all');
    const permissions = { '': ['Monitor'] };
    await ask('POST /role', {
      ...admin,
      body: { action: 'create', role: { name: 'r', permissions, users: ['admin'] } },
    });
    const create = { action: 'create', user: { name: 'jane', hash: 'x', permissions: { db: ['ReadData'] } } };
    await ask('POST /user', { ...admin, body: create });
    await ask('POST /role', { ...admin, body: { action: 'add-users', role: { name: 'r', users: ['jane'] } } });
    const [jane] = usersIn((await ask('GET /user?name=jane')).body);
    expect(jane?.permissions).toEqual({ '': ['Monitor'], db: ['ReadData'] });
  });

  it('takes bearer tokens signed with the secrets in files', async () => {
    const [shared, internal] = [path.join(folder, 'shared'), path.join(folder, 'internal')];
    await writeFile(shared, 'common\n');
    await writeFile(internal, 'inner\n');
    const { ask } = await start('--shared-secret-file', shared, '--internal-shared-secret-file', internal);
    const exp = Math.floor(Date.now() / 1000) + 300;
    for (const [username, secret, status] of [
      ['admin', 'common', 200],
      ['', 'inner', 200],
      ['', 'common', 401],
    ] as const) {
      const headers = { authorization: `Bearer ${sign({ username, exp }, secret)}` };
      expect((await ask('GET /user', { headers })).status).toBe(status);
    }
  });

  it.each([
    [['--port', '65536'], '--port must be a whole number from 0 to 65535, not "65536"'],
    [['--port', 'x'], '--port must be a whole number'],
    [['--nodes', '0'], '--nodes must be a whole number from 1 to 9'],
    [['--bcrypt-cost', '3'], '--bcrypt-cost must be a whole number from 4 to 16'],
    [['--lag', '5'], '--lag: "5" is not a duration'],
    [['--elect-every', '0'], '--elect-every must be at least 1ms'],
    [['--kill-every', '0ms'], '--kill-every must be at least 1ms'],
    [['--fault', 'rest=1'], 'Did you mean "reset"?'],
    [['--fault-seed', '-1'], '--fault-seed must be a whole number'],
    [['--leader-name', 'a b'], '--leader-name: "a b" is not a host name'],
    [['--seed', '/nowhere/seed'], '/nowhere/seed: no such file'],
    [['--data', '/nowhere/data'], '/nowhere/data: no such file'],
    [['--shared-secret-file', '/nowhere/secret'], '--shared-secret-file'],
    [['more'], 'too many arguments'],
  ])('refuses %j with exit 2', async (words, message) => {
    const { code, stdout, stderr } = await runLine(['sandbox', ...quick, ...words]);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('says with exit 2 that its port is taken', async () => {
    const { urls } = await start();
    const port = (urls[0] ?? '').split(':')[2] ?? '';
    const { code, stderr } = await runLine(['sandbox', '--bcrypt-cost', '4', '--port', port]);
    expect(stderr).toBe(`error: cannot listen on 127.0.0.1:${port}: the port is in use\n--port 0 picks a free one.\n`);
    expect(code).toBe(2);
  });
});
