import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { overHttp } from '../sandbox/meta-node/over-http.js';
import { deadUrl, serve, type Handler, type TestServer } from '../meta/server.js';
import { runLine, type Ran } from '../run.js';
import { conf, kapacitorOf, loginCluster } from './login.js';
import { flushSchema } from '../../src/output/schemas.js';
import { schemaFaults } from '../output/views/schemas.js';

const account = ['--kapacitor-user', 'johndoe', '--password-env', 'PW', '--no-env'];
const env = { PW: 'pw-johndoe' };
const tasks = 'GET /kapacitor/v1/tasks';
const ghost = { name: 'ghost', password: 'boo', type: 'admin' };

function flush(names: readonly string[], urls: readonly string[], words: readonly string[] = account): Promise<Ran> {
  return runLine(['auth', 'flush', ...urls.flatMap((url) => ['--kapacitor', url]), ...words, ...names], { env });
}

async function both() {
  const made = await loginCluster();
  const kapacitor = await kapacitorOf(made, conf(made.urls[0] ?? ''));
  const ask = async (as: string, line: string, body?: object) =>
    (await overHttp(kapacitor, line, { as, ...(body === undefined ? {} : { body }) })).status;
  return { ...made, kapacitor, ask };
}

const json = (status: number, body: object) => (response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const absent = json(404, { error: 'no user exists', message: 'no user exists' });

/** A Kapacitor that gives these responses, by method. */
function fake(get: (response: ServerResponse) => void, remove = json(500, {})): Promise<TestServer> {
  const handler: Handler = ({ method }, response) => (method === 'GET' ? get(response) : remove(response));
  return serve(handler);
}

const methods = ({ seen }: TestServer): readonly string[] => seen.map(({ method, url }) => `${method} ${url}`);

interface Printed {
  readonly results: readonly { readonly kapacitor: string; readonly user: string; readonly status: string }[];
  readonly expiry: { readonly userUntil: string; readonly passwordUntil: string; readonly basis: string } | null;
}

describe('auth flush', () => {
  it('makes a revoke, a grant and a new password count at the next login', async () => {
    const { kapacitor, ask, run } = await both();
    const admina = 'admina:pw-admina';
    expect(await ask(admina, tasks)).toBe(403);
    await run(['user', 'grant', 'admina', 'KapacitorAPI']);
    expect(await ask(admina, tasks)).toBe(403);
    expect(await flush(['admina'], [kapacitor])).toEqual({
      code: 0,
      stdout: `flushed admina from the caches of Kapacitor at ${kapacitor}\n`,
      stderr: '',
    });
    expect(await ask(admina, tasks)).toBe(200);
    await run(['user', 'revoke', 'admina', 'KapacitorAPI']);
    expect(await ask(admina, tasks)).toBe(200);
    await flush(['admina'], [kapacitor]);
    expect(await ask(admina, tasks)).toBe(403);
    await run(['user', 'passwd', 'admina', '--password', 'new']);
    expect(await ask(admina, tasks)).toBe(403);
    await flush(['admina'], [kapacitor]);
    expect([await ask(admina, tasks), await ask('admina:new', tasks)]).toEqual([401, 403]);
  });

  it("refuses a user of Kapacitor's own store, unless --delete-local", async () => {
    const { kapacitor, ask } = await both();
    expect(await ask('johndoe:pw-johndoe', 'POST /kapacitor/v1/users', ghost)).toBe(200);
    const refused = await flush(['ghost'], [kapacitor]);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toContain("it is a user of Kapacitor's own store, which would be deleted\n");
    expect(await ask('ghost:boo', tasks)).toBe(200);
    const unsure = await flush(['ghost'], [kapacitor], [...account, '--delete-local']);
    expect(unsure).toMatchObject({ code: 2, stdout: '' });
    const dry = await flush(['ghost'], [kapacitor], [...account, '--delete-local', '--dry-run']);
    expect(dry.stdout).toBe(
      `would flush ghost from the caches of Kapacitor at ${kapacitor}, and delete it from Kapacitor's own store\n`,
    );
    expect(await ask('ghost:boo', tasks)).toBe(200);
    const done = await flush(['ghost'], [kapacitor], [...account, '--delete-local', '--yes']);
    expect(done.stdout).toBe(
      `flushed ghost from the caches of Kapacitor at ${kapacitor}, and deleted it from Kapacitor's own store\n`,
    );
    expect(await ask('ghost:boo', tasks)).toBe(401);
  });

  it.each(['..', '.', 'a//b', '/a', 'a/../b', 'a/.', '', '\ud800'])(
    'refuses %j before anything is sent',
    async (name) => {
      const server = await fake(absent);
      const { code, stderr } = await flush(['ok', name], [server.url]);
      expect([code, server.seen]).toEqual([2, []]);
      expect(stderr).toContain('Kapacitor redirects /kapacitor/v1/users/NAME to another path for such a name');
    },
  );

  it.each(['a/b', 'a/', 'Doe\\, John', 'é?u=x&p=y#%2e', '...', 'a\u0001'])('flushes %j', async (name) => {
    const { kapacitor } = await both();
    const ran = await flush([name, '-o', 'json'], [kapacitor]);
    expect(ran).toMatchObject({ code: 0 });
    expect((JSON.parse(ran.stdout) as Printed).results[0]?.user).toBe(name.replace('\\,', ','));
    expect(schemaFaults(flushSchema(), JSON.parse(ran.stdout))).toBe('');
  });

  it.each([
    ['another 404', json(404, { error: 'Not Found' }), 8],
    ['a page', (response: ServerResponse) => void response.end('<html>no user exists</html>'), 8],
    ['another user', json(200, { name: 'other' }), 8],
    ['a redirect', (response: ServerResponse) => void response.writeHead(307, { location: '/x' }).end(), 8],
    ['401', json(401, { error: 'authorization failed' }), 4],
    ['403', json(403, { error: 'user johndoe does not have "read" privilege' }), 4],
    ['an error', json(500, { error: 'no user exists' }), 8],
    ['half a response', (response: ServerResponse) => void response.socket?.end('HTTP/1.1 404 N'), 3],
    ['no HTTP', (response: ServerResponse) => void response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n'), 8],
  ])('deletes nothing where the check is %s, not even with --delete-local', async (_, get, code) => {
    const server = await fake(get);
    const ran = await flush(['janedoe', 'joe'], [server.url], [...account, '--delete-local', '--yes']);
    expect(ran.code).toBe(code);
    expect(methods(server).filter((line) => !line.startsWith('GET '))).toEqual([]);
    expect(ran.stderr).toContain('error: ');
  });

  it('asks no more where the account is refused', async () => {
    const server = await fake(json(403, { error: 'no' }));
    const { stdout, stderr } = await flush(['a', 'b'], [server.url]);
    expect(methods(server)).toEqual(['GET /kapacitor/v1/users/a']);
    expect(stdout).toContain(`not flushed: a at ${server.url}\nnot started: b at ${server.url}\n`);
    expect(stderr).toContain('The account needs KapacitorAPI: kapadmin user grant johndoe KapacitorAPI');
  });

  it.each([
    ['is cut off', (response: ServerResponse) => void response.socket?.destroy(), 7, 'unknown'],
    ['is 500', json(500, { error: 'failed to delete user' }), 7, 'unknown'],
    ['is 403', json(403, { error: 'no' }), 4, 'failed'],
    ['is 200', json(200, {}), 8, 'failed'],
  ])('tells what is known where the response to DELETE %s', async (_, remove, code, status) => {
    const server = await fake(absent, remove);
    const ran = await flush(['janedoe', '-o', 'json'], [server.url]);
    expect(ran.code).toBe(code);
    expect((JSON.parse(ran.stdout) as Printed).results).toMatchObject([{ user: 'janedoe', status }]);
  });

  it('reports each Kapacitor, and until when what was not flushed is cached', async () => {
    const { kapacitor, urls } = await both();
    const dead = await deadUrl();
    const folder = makeFolder({ 'kapacitor.conf': conf(urls[0] ?? '') });
    const words = [...account, '--kapacitor-conf', `${folder}/kapacitor.conf`];
    const start = Date.now();
    const ran = await flush(['johndoe', 'janedoe', '-o', 'json'], [dead, kapacitor, kapacitor], words);
    expect(ran.code).toBe(7);
    expect(ran.stderr).toContain('"2 of 4 not flushed; cannot flush johndoe at http://127.0.0.1:');
    expect(schemaFaults(flushSchema(), JSON.parse(ran.stdout))).toBe('');
    const { results, expiry } = JSON.parse(ran.stdout) as Printed;
    expect(results.map(({ kapacitor: at, user, status }) => [at, user, status])).toEqual([
      [dead, 'johndoe', 'failed'],
      [dead, 'janedoe', 'not-started'],
      [kapacitor, 'johndoe', 'flushed'],
      [kapacitor, 'janedoe', 'flushed'],
    ]);
    const minutes = (time = ''): number => Math.round((Date.parse(time) - start) / 60_000);
    expect([minutes(expiry?.userUntil), minutes(expiry?.passwordUntil)]).toEqual([5, 65]);
    expect(expiry?.basis).toBe(`cache-expiration 5m, ${folder}/kapacitor.conf`);
    const text = await flush(['johndoe'], [dead]);
    expect(text.stdout).toMatch(
      /^not flushed: .*\nIts cached entry expires by 2.*Z; .* \(cache-expiration 10m, assumed\)\.\n$/,
    );
    expect(text.code).toBe(3);
  });

  it.each([
    [['--kapacitor', 'http://x', 'joe'], 'no account for Kapacitor given'],
    [['joe'], 'no Kapacitor given'],
    [['--kapacitor', 'http://x/kapacitor', ...account, 'joe'], '--kapacitor: the URL has a path'],
    [['--kapacitor', 'x', ...account, 'joe'], '--kapacitor: not an http or https URL'],
    [['--kapacitor', 'http://a:b@x', ...account, 'joe'], 'cannot combine the credentials in --kapacitor'],
    [['--kapacitor', 'http://x', '--kapacitor-user', 'joe', 'joe'], 'no password given'],
    [['--kapacitor', 'https://x', ...account, '--kapacitor-ca', 'none', 'joe'], '--kapacitor-ca'],
  ])('%j is wrong usage: %s', async (words, told) => {
    const { code, stderr } = await runLine(['auth', 'flush', ...words], { env });
    expect([code, stderr]).toEqual([2, expect.stringContaining(told)]);
  });

  it('sends the account of a URL only there, and no account of the connection', async () => {
    const [first, second] = [await fake(absent, (response) => void response.writeHead(204).end()), await fake(absent)];
    const own = first.url.replace('//', '//admin:changeit@');
    const words = ['auth', 'flush', 'joe', '--kapacitor', own, '--kapacitor', second.url, '--no-env'];
    const meta = { KAPADMIN_META_URL: first.url, KAPADMIN_META_USERNAME: 'meta', KAPADMIN_META_PASSWORD: 'secret' };
    expect((await runLine(words, { env: meta })).code).toBe(2);
    const ran = await runLine(words.filter((word) => word !== second.url).slice(0, 5), { env: meta });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('the password in --kapacitor is visible');
    const sent = first.seen.map(({ headers }) => headers.authorization);
    expect(new Set(sent)).toEqual(new Set([`Basic ${Buffer.from('admin:changeit').toString('base64')}`]));
    expect(second.seen).toEqual([]);
  });

  it('names what was done and what not when it is stopped', async () => {
    let hang: () => void = () => undefined;
    const hanging = new Promise<void>((resolve) => (hang = resolve));
    const server = await serve(({ method, url }, response) => {
      if (method === 'GET') absent(response);
      else if (url.endsWith('/a')) response.writeHead(204).end();
      else hang();
    });
    const { makeTestContext } = await import('../context.js');
    const { run } = await import('../../src/cli/run.js');
    const context = makeTestContext({ env });
    const words = ['auth', 'flush', 'a', 'b', 'c', '--kapacitor', server.url, ...account];
    const ended = run(words, context);
    await hanging;
    context.interrupt();
    expect(await ended).toBe(130);
    expect(context.stdout()).toContain(
      `flushed a from the caches of Kapacitor at ${server.url}\nresult unknown: b at ${server.url}\nnot started: c at ${server.url}\n`,
    );
  });
});
