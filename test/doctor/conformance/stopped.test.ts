import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/run.js';
import { createMetaClient } from '../../../src/meta/client.js';
import { Secret } from '../../../src/model/secret.js';
import { meddling } from '../../cli/proxy.js';
import { makeTestContext, type TestContext } from '../../context.js';
import { makeFolder } from '../../folder.js';
import { runLine } from '../../run.js';
import { sandbox } from '../../sandbox/running.js';
import { environment } from '../doctor.js';
import { aclServer } from './conformance.js';

const line = ['doctor', '--conformance', 'report.json', '--yes', '--wait', '0', '--retries', '0'];

/** Names of all users and roles but the admin. */
async function leftIn(urls: readonly string[]): Promise<readonly string[]> {
  const credentials = { kind: 'basic', username: 'admin', password: new Secret('changeit') } as const;
  const client = createMetaClient({ nodes: urls, credentials, readLeader: true });
  try {
    const all = [...(await client.users()), ...(await client.roles())];
    return all.map(({ name }) => name).filter((name) => name !== 'admin');
  } finally {
    await client.close();
  }
}

/** Calls `act` before each write passes on, with its number from 1. */
async function withWrites(target: string, act: (count: number, body: string) => void): Promise<string> {
  let count = 0;
  return meddling(target, ({ method, body }) => {
    if (method === 'POST') act(++count, body);
    return undefined;
  });
}

interface Stopped {
  readonly code: number;
  readonly context: TestContext;
  readonly cwd: string;
  readonly url: string;
}

/** A run in which something happens at one write. */
async function runTo(step: number, act: (context: TestContext) => void): Promise<Stopped> {
  const { url } = await sandbox();
  const held: { context?: TestContext } = {};
  const proxy = await withWrites(url, (count) => {
    if (count === step && held.context !== undefined) act(held.context);
  });
  const cwd = makeFolder();
  const context = (held.context = makeTestContext({ env: environment([proxy]), cwd }));
  return { code: await run(line, context), context, cwd, url };
}

/** Writes of a whole run, and those with which it cleans up. */
const writes = 25;
const deletes = 12;

describe('doctor --conformance, killed', () => {
  it('every name is printed, with the commands that remove it, before it is sent', async () => {
    const { url } = await sandbox();
    const held: { context?: TestContext } = {};
    const unnamed: string[] = [];
    const sent: string[] = [];
    const proxy = await withWrites(url, (_, body) => {
      sent.push(body);
      const names = body.match(/kapadmin-probe-[0-9a-f]{12}/g) ?? [];
      const printed = held.context?.stderr() ?? '';
      unnamed.push(...names.filter((name) => !printed.includes(name)));
    });
    const context = (held.context = makeTestContext({ env: environment([proxy]), cwd: makeFolder() }));
    expect(await run(line, context)).toBe(0);
    expect(unnamed).toEqual([]);
    expect(sent).toHaveLength(writes + deletes);
    expect(await leftIn([url])).toEqual([]);
    const commands = context.stderr().match(/^ {2}kapadmin .*$/gm) ?? [];
    const made = new Set(sent.flatMap((body) => body.match(/kapadmin-probe-[0-9a-f]{12}/g) ?? []));
    const users = sent.flatMap((body) => /"user":\{"name":"(kapadmin-probe-[0-9a-f]{12})"/.exec(body)?.[1] ?? []);
    expect(users.filter((name) => !commands[1]?.includes(name))).toEqual([]);
    expect([...made].every((name) => context.stderr().includes(name))).toBe(true);
  });

  it('the printed commands remove what a killed run left', async () => {
    const { url } = await sandbox();
    const held: { context?: TestContext; left?: readonly string[] } = {};
    const proxy = await meddling(url, ({ body }) =>
      body.includes('"action":"delete"') ? { status: 500, answer: '{"error":"gone"}' } : undefined,
    );
    const context = (held.context = makeTestContext({ env: environment([proxy]), cwd: makeFolder() }));
    // No delete passes: as if the process had ended before the first of them.
    expect(await run(line, context)).toBe(7);
    expect((await leftIn([url])).length).toBeGreaterThan(8);
    expect(context.stderr()).toContain('error: not everything could be removed; left: ');
    for (const printed of context.stderr().match(/^ {2}kapadmin .*$/gm) ?? []) {
      const words = printed.trim().split(' ').slice(1);
      expect(await runLine(words, { env: environment([url]) })).toMatchObject({ code: 0 });
    }
    expect(await leftIn([url])).toEqual([]);
  });
});

describe('doctor --conformance, interrupted', () => {
  it.each(Array.from({ length: writes + deletes }, (_, i) => i + 1))(
    'at write %i it leaves nothing, and writes no file',
    async (step) => {
      const { code, context, cwd, url } = await runTo(step, (one) => one.interrupt());
      expect(code).toBe(130);
      expect(context.stderr()).toContain('error: stopped by SIGINT; all temporary users and roles were removed\n');
      expect(await leftIn([url])).toEqual([]);
      expect(readdirSync(cwd)).toEqual([]);
    },
  );
});

describe('doctor --conformance, interrupted among restrictions and grants', () => {
  it.each([1, 2, 3, 4])('at write %i it leaves none of them', async (step) => {
    const acl = aclServer(step % 2 === 0 ? 'object' : 'array');
    const { url } = await sandbox();
    const held: { context?: TestContext } = {};
    let count = 0;
    const proxy = await meddling(url, (asked) => {
      if (asked.method === 'POST' && asked.path.includes('/acl/') && ++count === step) held.context?.interrupt();
      return acl.meddle(asked);
    });
    const context = (held.context = makeTestContext({ env: environment([proxy]), cwd: makeFolder() }));
    const code = await run(line, context);
    const left = [...(acl.stored['restrictions'] ?? []), ...(acl.stored['grants'] ?? [])].filter(
      ({ id }) => id !== '1',
    );
    expect([code, await leftIn([url])]).toEqual([130, []]);
    expect(left.filter(({ database }) => !context.stderr().includes((database as { value: string }).value))).toEqual(
      [],
    );
    expect(left).toEqual([]);
  });
});

describe('doctor --conformance, when the node dies', () => {
  it.each([1, 2, 9, 17, 25])('at write %i: what may be left is named', async (step) => {
    const running = await sandbox();
    let posts = 0;
    const proxy = await meddling(running.url, ({ method }) => {
      if (method === 'POST' && ++posts === step) void running.kill(0);
      return undefined;
    });
    const context = makeTestContext({ env: environment([proxy]), cwd: makeFolder() });
    const code = await run(line, context);
    expect([3, 7]).toContain(code);
    await running.revive(0);
    const error = context.stderr().split('error: ').at(-1) ?? '';
    const left = await leftIn(running.urls);
    expect(left.filter((name) => !error.includes(name))).toEqual([]);
    if (left.length > 0) expect(error).toMatch(/^Remove what is left: kapadmin /m);
  });
});

describe('doctor --conformance asks', () => {
  it('without a terminal it needs --yes, and a dry run sends no write', async () => {
    const { urls } = await sandbox();
    const env = environment(urls);
    const refused = await runLine(['doctor', '--conformance', 'r.json', '--show-request'], { env });
    expect(refused).toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        'error: --conformance writes to the cluster and requires --yes without a terminal\nNo changes were made.\n',
    });
    const cwd = makeFolder();
    const dry = await runLine(
      ['doctor', '--no-env', '--conformance', 'r.json', '--yes', '--dry-run', '--show-request'],
      { env, cwd },
    );
    expect([dry.code, dry.stderr.includes('POST'), readdirSync(cwd)]).toEqual([0, false, []]);
    expect(dry.stderr).toContain('Dry run: --conformance was skipped.');
  });

  it('an output that it does not have is refused before anything is sent', async () => {
    const ran = await runLine([...line, '-o', 'sarif', '--show-request'], {
      env: { KAPADMIN_META_URL: 'http://127.0.0.1:9' },
    });
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/^error: this command has no output "sarif"/)]);
  });

  it('an account that may not create users, and a cluster without users, end it', async () => {
    const seed = {
      users: [{ name: 'reader', password: new Secret('pw'), ldap: false, permissions: new Map() }],
      roles: [],
    };
    const { urls } = await sandbox({ seed });
    const env = { ...environment(urls), KAPADMIN_META_USERNAME: 'reader', KAPADMIN_META_PASSWORD: 'pw' };
    expect((await runLine(line, { env, cwd: makeFolder() })).code).toBe(4);
    const empty = await sandbox({ admin: null, auth: false });
    const none = await runLine(line, { env: { KAPADMIN_META_URL: empty.url }, cwd: makeFolder() });
    expect(none).toMatchObject({
      code: 8,
      stderr: expect.stringContaining('the cluster has no users: nothing was probed'),
    });
    const refusing = await meddling((await sandbox()).url, ({ method, path }) =>
      method === 'POST' && path === '/user'
        ? { status: 403, answer: '{"error":"user admin not authorized"}' }
        : undefined,
    );
    const refused = await runLine(line, { env: environment([refusing]), cwd: makeFolder() });
    expect(refused).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('error: cannot create a temporary user: 403, user <name> not authorized'),
    });
  });
});
