import { compareSync } from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.js';
import { makeTestContext } from '../context.js';
import { makeFolder } from '../folder.js';
import { cluster, runAlone, type TestCluster } from './cluster.js';
import { meddling } from './proxy.js';

const all = { '': ['CreateUserAndRole'] };

const file = `users:
  johndoe:
    password: { env: JOHN_PASSWORD }
    permissions: { "": [KapacitorAPI], telegraf: [ReadData] }
    roles: [kapacitor]
roles:
  kapacitor:
    permissions: { "": [KapacitorAPI, KapacitorConfigAPI] }
    members: [janedoe]
options: { manage: listed, materializeRoles: false }
`;

async function fits({ user }: TestCluster, name: string, password: string): Promise<boolean> {
  return compareSync(password, (await user(name))?.hash?.reveal() ?? '');
}

describe('apply', () => {
  it('makes the cluster as the file wants it, and has nothing to do the second time', async () => {
    const there = await cluster({ users: { janedoe: { db: ['ReadData'] } } });
    const cwd = makeFolder({ 'users.yaml': file });
    const env = { JOHN_PASSWORD: 'pa55word' };
    const { code, stdout, stderr } = await there.run(['apply', 'users.yaml'], { cwd, env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`created user johndoe
granted KapacitorAPI, ReadData on telegraf to user johndoe
created role kapacitor
granted KapacitorAPI, KapacitorConfigAPI to role kapacitor
added janedoe, johndoe to role kapacitor
`);
    expect(await fits(there, 'johndoe', 'pa55word')).toBe(true);
    expect((await there.user('janedoe'))?.permissions).toEqual(new Map([['db', ['ReadData']]]));
    expect((await there.role('kapacitor'))?.users.toSorted()).toEqual(['janedoe', 'johndoe']);
    expect(await there.run(['apply', 'users.yaml'], { cwd })).toEqual({
      code: 0,
      stdout: 'No changes. The cluster matches the state files.\n',
      stderr: '',
    });
    expect((await there.run(['plan', 'users.yaml'], { cwd })).code).toBe(0);
  });

  it('verdict 39: leaves a permission alone that a role gives too, where it may be copied from there', async () => {
    const { run: line, user } = await cluster(
      { users: { a: { '': ['ReadData'] } }, roles: { r: { permissions: { '': ['ReadData'] }, users: ['a'] } } },
      { mergeRolePermissions: true },
    );
    const cwd = makeFolder({ 'users.yaml': 'users: { a: { roles: [r] } }', 'out.yaml': 'users: { a: {} }' });
    const ran = await line(['plan', 'users.yaml', '--prune'], { cwd });
    expect(ran).toMatchObject({ code: 0, stdout: 'No changes. The cluster matches the state files.\n' });
    expect((await line(['apply', 'out.yaml', '--prune', '--yes'], { cwd })).code).toBe(0);
    expect((await user('a'))?.permissions).toEqual(new Map());
    expect((await line(['plan', 'out.yaml', '--prune'], { cwd })).code).toBe(0);
  });

  it('reports each change in JSON', async () => {
    const { run } = await cluster({ users: { a: {} } });
    const cwd = makeFolder({ 'users.yaml': 'users: { a: { permissions: { db: [ReadData] } } }' });
    const { code, stdout } = await run(['apply', 'users.yaml', '-o', 'json'], { cwd });
    expect({ code, data: JSON.parse(stdout) as unknown }).toEqual({
      code: 0,
      data: {
        changes: [
          { on: 'user', name: 'a', action: 'add-permissions', permissions: { db: ['ReadData'] }, status: 'done' },
        ],
        undo: null,
        passwordsOut: null,
      },
    });
  });

  it('sends nothing with --dry-run', async () => {
    const { run, user } = await cluster();
    const cwd = makeFolder({ 'users.yaml': 'users: { a: { password: { env: P } } }' });
    const { code, stdout, stderr } = await run(['apply', 'users.yaml', '--dry-run'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Dry run: no changes were made.\n' });
    expect(stdout).toContain('  + a\n');
    expect(await user('a')).toBeUndefined();
  });

  it('reads all secrets before it sends anything, and names all that are missing', async () => {
    const { run, user } = await cluster();
    const cwd = makeFolder({
      'users.yaml': `users:
  a: { password: { env: A } }
  b: { password: { env: B } }
  c: { password: { file: none } }
  d: { password: { file: empty } }
`,
      empty: '\n',
    });
    const { code, stderr } = await run(['apply', 'users.yaml'], { cwd, env: { A: 'pa55word' } });
    expect(code).toBe(2);
    expect(stderr).toContain('user b: environment variable B is not set\n');
    expect(stderr).toMatch(/user c: .*none.*no such file/);
    expect(stderr).toMatch(/user d: the password file .*\/empty is empty\n/);
    expect(stderr).toContain('No changes were made.');
    expect(await user('a')).toBeUndefined();
  });

  it('warns of passwords that bcrypt cuts, where the meta node takes them', async () => {
    const { run } = await cluster({}, { longPasswords: true });
    const cwd = makeFolder({ 'users.yaml': 'users: { a: { password: { env: A } } }' });
    const { code, stderr } = await run(['apply', 'users.yaml'], { cwd, env: { A: 'x'.repeat(73) } });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'warning: 1 password is longer than 72 bytes; bcrypt uses only the first 72\n',
    });
  });

  it('goes on where a change fails, names it, exits 7, and finishes the second time', async () => {
    const there = await cluster();
    let refuses = true;
    const url = await meddling(there.urls[0] ?? '', ({ body }) =>
      refuses && body.includes('"create"') && body.includes('"b"')
        ? { status: 400, answer: '{"error":"not today"}' }
        : undefined,
    );
    const cwd = makeFolder({
      'users.yaml': `users:
  a: { password: { env: P }, permissions: { "": [ReadData] } }
  b: { password: { env: P }, permissions: { "": [ReadData] } }
roles: { r: { members: [a, b] } }
`,
    });
    const options = { cwd, env: { P: 'pa55word', KAPADMIN_META_URL: url } };
    const { code, stdout, stderr } = await there.run(['apply', 'users.yaml'], options);
    expect(code).toBe(7);
    expect(stdout).toBe(`created user a
granted ReadData to user a
created role r
not started: grant ReadData to user b (user b was not created)
`);
    expect(stderr).toContain(
      `error: 3 changes done, 2 failed, 1 not started: cannot create user "b": POST ${url}/user: 400 not today; ` +
        'cannot add a, b to role r in full: user b was not created\n',
    );
    refuses = false;
    expect((await there.run(['apply', 'users.yaml'], options)).code).toBe(0);
    expect((await there.role('r'))?.users).toEqual(['a', 'b']);
  });

  it('with --fail-fast stops at the first failure', async () => {
    const there = await cluster({ users: { a: {}, b: {}, c: {} } });
    const url = await meddling(there.urls[0] ?? '', ({ body }) =>
      body.includes('"b"') ? { status: 400, answer: '{"error":"not today"}' } : undefined,
    );
    const users = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, { permissions: { '': ['ReadData'] } }]));
    const line = ['apply', '-', '--fail-fast', '--concurrency', '1', '-o', 'json'];
    const ran = await there.run(line, { stdin: JSON.stringify({ users }), env: { KAPADMIN_META_URL: url } });
    expect(ran.code).toBe(7);
    const { changes } = JSON.parse(ran.stdout) as { changes: { name: string; status: string }[] };
    expect(changes.map(({ name, status }) => `${name} ${status}`)).toEqual(['a done', 'b failed', 'c not-started']);
  });

  it('takes away only what is confirmed', async () => {
    const there = await cluster({ users: { a: { '': ['ReadData', 'WriteData'] } } });
    const cwd = makeFolder({ 'users.yaml': 'users: { a: { permissions: { "": [ReadData] } } }' });
    const line = ['apply', 'users.yaml', '--prune'];
    const refused = await there.run(line, { cwd });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('1 removal requires --yes without a terminal');
    expect((await there.user('a'))?.permissions.get('')).toHaveLength(2);
    const { code, stdout } = await there.run([...line, '--yes'], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'revoked WriteData from user a\n' });
    expect((await there.user('a'))?.permissions.get('')).toEqual(['ReadData']);
  });

  it('never removes the account of the connection without --allow-lockout', async () => {
    const there = await cluster({ users: { boss: all } });
    const cwd = makeFolder({
      'users.yaml': 'users: { boss: { permissions: { "": [CreateUserAndRole] } } }\noptions: { manage: all }',
    });
    const line = ['apply', 'users.yaml', '--prune', '--yes'];
    const { code, stderr } = await there.run(line, { cwd });
    expect(code).toBe(0);
    expect(stderr).toContain('skipped a removal that would lock out admin, the account of this connection');
    expect(await there.user('admin')).toBeDefined();
    const told = await there.run([...line, '--allow-lockout'], { cwd });
    expect(told.stdout).toBe('deleted user admin\n');
  });

  it('refuses counts of concurrent writes that are not numbers', async () => {
    const cwd = makeFolder({ 'users.yaml': '' });
    for (const count of ['0', '257', 'x', '1.5', '-1']) {
      expect((await runAlone(['apply', 'users.yaml', '--concurrency', count], { cwd })).code).toBe(2);
    }
  });
});

describe('apply, interrupted', () => {
  it('says what was done and what not, exits 130, and finishes the second time', async () => {
    const there = await cluster(
      {},
      { faults: { plan: { reset: 0, unavailable: 0, truncate: 0, garbage: 0, delay: 20 }, seed: 1 } },
    );
    const names = Array.from({ length: 60 }, (_, i) => `u${i}`);
    const cwd = makeFolder({
      'users.json': JSON.stringify({
        users: Object.fromEntries(names.map((name) => [name, { password: { env: 'P' } }])),
      }),
    });
    const env = {
      KAPADMIN_META_URL: there.urls.join(','),
      KAPADMIN_META_USERNAME: 'admin',
      KAPADMIN_META_PASSWORD: 'changeit',
      P: 'pa55word',
    };
    const context = makeTestContext({ cwd, env });
    const running = run(['apply', 'users.json', '--concurrency', '2', '-o', 'json'], context);
    while ((await there.client.users()).length < 5) await new Promise((resolve) => setTimeout(resolve, 10));
    context.interrupt('SIGINT');
    expect(await running).toBe(130);
    const { changes } = JSON.parse(context.stdout()) as { changes: { name: string; status: string }[] };
    const done = changes.filter(({ status }) => status === 'done').map(({ name }) => name);
    const there1 = (await there.client.users()).map(({ name }) => name);
    expect(done.length).toBeGreaterThan(0);
    expect(done.length).toBeLessThan(60);
    expect(new Set(there1)).toEqual(new Set([...done, 'admin']));
    expect(JSON.parse(context.stderr())).toMatchObject({ error: { code: 'interrupted' } });
    expect((await there.run(['apply', 'users.json'], { cwd, env: { P: 'pa55word' } })).code).toBe(0);
    expect(await there.client.users()).toHaveLength(61);
  });
});
