import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { endpointCells } from '../../src/access-matrix/user-record-access.js';
import { makeFolder } from '../folder.js';
import { cluster, runAlone, type Small } from './cluster.js';

interface Entry {
  readonly user: string;
  readonly endpoint?: string;
  readonly database?: string;
  readonly privilege: string;
}
type Access = Readonly<Record<'gained' | 'lost' | 'unknown' | 'unchanged', readonly Entry[]>>;

const small: Small = {
  users: {
    ann: { '': ['KapacitorAPI'] },
    bob: { '': ['WriteData'], telegraf: ['ReadData', 'WriteData'] },
    cid: { telegraf: ['WriteData'] },
    dan: {},
  },
  roles: {
    ops: { permissions: { '': ['KapacitorAPI'] }, users: ['dan'] },
    readers: { permissions: { telegraf: ['ReadData'] }, users: ['ann', 'cid'] },
  },
};

const files = {
  'state.yaml': `users:
  ann: { permissions: { "": [KapacitorConfigAPI] }, roles: [readers] }
  bob: { permissions: { "": [WriteData], telegraf: [ReadData] } }
  eve: { password: { env: PW }, permissions: { "": [KapacitorAPI], metrics: [WriteData] } }
roles:
  ops: { permissions: { "": [KapacitorConfigAPI] }, members: [dan, ann] }
options: { absent: { users: [cid] } }
`,
};

/** The privileges of endpoints that the matrix gained or lost, in the form of an access change. */
function cellsOf(stdout: string, side: 'gained' | 'lost'): string[] {
  interface Cell {
    readonly method: string;
    readonly path: string;
    readonly database: string | null;
  }
  const { changes } = JSON.parse(stdout) as {
    changes: readonly ({ readonly user: string } & Record<'gained' | 'lost', Cell[]>)[];
  };
  const needs: Readonly<Record<string, string>> = {
    GET: 'read',
    HEAD: 'none',
    POST: 'write',
    PATCH: 'write',
    PUT: 'write',
    DELETE: 'delete',
  };
  const all = changes.flatMap((change) =>
    change[side].map(({ method, path: at, database }) => {
      const group = at.replace('/kapacitor/v1/', '/').replace('/kapacitor/', '/').split('/')[1] ?? '';
      const where = database === null || database === '' ? '' : `?db=${database}`;
      return `${change.user} ${needs[method]}:/${group}${where}`;
    }),
  );
  return [...new Set(all)].sort();
}

/** What was told of endpoints; a gain or loss of writes to every database is one of each that has no entry of its own. */
function toldOf(access: Access, side: keyof Access): string[] {
  const list = access[side].flatMap(({ user, endpoint, privilege }) =>
    endpoint === undefined ? [] : [`${user} ${privilege}:${endpoint}`],
  );
  return list.sort();
}

describe('plan --access', () => {
  it.each([false, true])(
    'tells what the matrix shows after apply (a cluster that copies role permissions: %s)',
    async (mergeRolePermissions) => {
      const { run } = await cluster(small, { mergeRolePermissions });
      const cwd = makeFolder(files);
      const env = { PW: 'pw' };
      const planned = await run(['plan', 'state.yaml', '--prune', '--access', '-o', 'json'], { cwd, env });
      expect(planned.code).toBe(1);
      const access = JSON.parse(planned.stdout) as Access;
      await run(['auth', 'matrix', '-o', 'json', '--out', 'before.json'], { cwd });
      const applied = await run(['apply', 'state.yaml', '--prune', '--yes'], { cwd, env });
      expect(applied.code, applied.stderr).toBe(0);
      const { stdout } = await run(['auth', 'matrix', '--diff', 'before.json', '-o', 'json'], { cwd });
      const open = new Set(toldOf(access, 'unknown'));
      expect(mergeRolePermissions ? open.size > 0 : open.size === 0).toBe(true);
      for (const side of ['gained', 'lost'] as const) {
        const told = toldOf(access, side);
        expect(told.length).toBeGreaterThan(0);
        // The matrix names each database, and the plan only those that fare otherwise than all others.
        const real = cellsOf(stdout, side).filter((cell) => !open.has(cell));
        const isCovered = (cell: string): boolean =>
          told.includes(cell) || (cell.includes('?db=') && told.includes(cell.replace(/\?db=.*/, '')));
        expect(real.filter((cell) => !isCovered(cell))).toEqual([]);
        expect(told.filter((cell) => !real.includes(cell))).toEqual([]);
      }
    },
  );

  it('exits 1 only for a gain that --fail-on-gain names', async () => {
    const { run } = await cluster({ users: { ann: {} } });
    const cwd = makeFolder({ 'a.yaml': 'users: { ann: { permissions: { "": [KapacitorConfigAPI, ReadData] } } }' });
    const plan = (...words: string[]) => run(['plan', 'a.yaml', '-o', 'json', ...words], { cwd });
    expect((await plan('--access')).code).toBe(1);
    expect(await plan('--fail-on-gain', 'write:/tasks')).toMatchObject({ code: 0, stderr: '' });
    const failed = await plan('--access', '--fail-on-gain', 'write:/tasks,write:/config', '--fail-on-gain', 'ReadData');
    expect(failed.code).toBe(1);
    expect(failed.stderr).toBe(
      'warning: --fail-on-gain write:/config: gained by ann\nwarning: --fail-on-gain ReadData: gained by ann\n',
    );
    expect((await run(['plan', '-f', 'a.yaml', '--access'], { cwd })).stdout).toMatch(/^ann +gained +\/config/m);
  });

  it('takes what may be gained for a gain, and says how to find out', async () => {
    const { run } = await cluster({ users: { ann: {} }, roles: { ops: { users: ['ann'] } } });
    const cwd = makeFolder({ 'a.yaml': 'roles: { ops: { permissions: { "": [KapacitorConfigAPI] } } }' });
    const ended = await run(['plan', 'a.yaml', '--fail-on-gain', 'write:/config'], { cwd });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('may be gained by ann; to settle it: kapadmin doctor --probe');
    expect(ended.stdout).toMatch(/^ann +may be gained +\/config +role ops$/m);
  });

  it.each([
    [['--fail-on-gain', 'writ:/config'], 'unknown privilege "writ"'],
    [['--access', '--lint'], '--access cannot be combined with --lint'],
    [['--access', '--check-passwords'], '--access cannot be combined with --check-passwords'],
  ])('refuses %j before anything is sent', async (words, message) => {
    const cwd = makeFolder({ 'a.yaml': 'users: {}' });
    const ended = await runAlone(['plan', 'a.yaml', ...words], { cwd });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(message);
  });

  it('writes a comment to a file, and other results of plan as Markdown too', async () => {
    const { run } = await cluster({ users: { ann: {} } });
    const cwd = makeFolder({ 'a.yaml': 'users: { ann: { permissions: { telegraf: [KapacitorAPI] } } }' });
    await run(['plan', 'a.yaml', '--access', '-o', 'markdown', '--out', 'comment.md'], { cwd });
    expect(readFileSync(path.join(cwd, 'comment.md'), 'utf8')).toMatch(/^\*\*Access: 1 user gains\.\*\*\n\n\| user \|/);
    expect((await run(['plan', 'a.yaml', '-o', 'markdown'], { cwd })).stdout).toBe(
      '```diff\nusers\n  ~ ann\n      + KapacitorAPI on telegraf\nPlan: change 1 user.\n```\n',
    );
    const lint = await run(['plan', 'a.yaml', '--lint', '-o', 'markdown'], { cwd });
    expect(lint.stdout).toContain('| file | severity | problem | rule |\n');
    expect(lint.stdout).toContain('kapacitor-right-under-database');
  });

  it('knows each endpoint by its group', () => {
    expect(endpointCells.map(({ endpoint, privilege }) => `${privilege}:${endpoint}`)).toEqual(
      expect.arrayContaining(['read:/tasks', 'write:/config', 'delete:/users', 'write:/write', 'none:/ping']),
    );
  });
});

const access = `users:
  ann: { permissions: { "": [KapacitorAPI] } }
  bob: {}
roles:
  ops: { permissions: { "": [KapacitorAPI] }, members: [bob] }
`;

describe('--state', () => {
  it.each([
    [['auth', 'can-i', 'ann', 'GET', '/kapacitor/v1/tasks'], 0, /^yes$/],
    [['auth', 'can-i', 'bob', 'GET', '/kapacitor/v1/tasks'], 1, /^no$/],
    [['auth', 'can-i', 'bob', '--list'], 0, /^bob +GET +\/kapacitor\/v1\/tasks +no/m],
    [['auth', 'who-can', 'GET', '/kapacitor/v1/tasks', '-o', 'name'], 0, /^ann$/],
    [['auth', 'matrix', '-o', 'csv', '--endpoint', '/tasks', '--method', 'GET'], 0, /^bob,ops,,role/m],
    [['user', 'list', '--permission', 'KapacitorAPI', '-o', 'name'], 0, /^ann$/],
    [['user', 'list', '--permission', 'KapacitorAPI', '--via-role', '-o', 'name'], 0, /^ann\nbob$/],
  ])('%j needs no connection', async (words, code, says) => {
    const cwd = makeFolder({ 'a.yaml': access });
    const env = { KAPADMIN_META_USERNAME: 'nobody', KAPADMIN_META_PASSWORD_FILE: 'not-there' };
    const ended = await runAlone([...words, '--state', 'a.yaml'], { cwd, env });
    expect({ code: ended.code, stderr: ended.stderr.replace(/^A role gives more to bob.*\n/, '') }).toEqual({
      code,
      stderr: '',
    });
    expect(ended.stdout.trimEnd()).toMatch(says);
  });

  it('takes several files, folders and standard input, and grants role permissions where the files say so', async () => {
    const cwd = makeFolder({
      'access/a.yaml': 'users: { ann: {}, bob: {} }',
      'b.yaml': 'roles: { ops: { permissions: { "": [KapacitorAPI] } } }',
    });
    const stdin = 'users: { cid: { roles: [ops] } }\noptions: { materializeRoles: true }';
    const words = ['auth', 'who-can', 'GET', '/kapacitor/v1/tasks', '-o', 'name', '--state', 'access', 'b.yaml', '-'];
    expect(await runAlone(words, { cwd, stdin })).toEqual({ code: 0, stdout: 'cid\n', stderr: '' });
  });

  it('compares a cluster as it was with the files', async () => {
    const { run } = await cluster({ users: { ann: {}, bob: {} } });
    const cwd = makeFolder({ 'a.yaml': access });
    await run(['auth', 'matrix', '--user', '???', '-o', 'json', '--out', 'before.json'], { cwd });
    const words = ['auth', 'matrix', '--user', '???', '--diff', 'before.json', '--state', 'a.yaml'];
    expect((await runAlone(words, { cwd })).stdout).toMatch(/^ann +gained +\/tasks/m);
  });

  it.each([
    ['users: { ann: { permission: {} } }', 'permission'],
    ['users: { ann: { roles: [nobody] } }', 'a.yaml:1:25: role "nobody" not found in the state files'],
    ['roles: { ops: { members: [ann] } }', 'user "ann" not found in the state files'],
  ])('names what is wrong with the files: %s', async (text, message) => {
    const cwd = makeFolder({ 'a.yaml': text });
    const ended = await runAlone(['auth', 'matrix', '--state', 'a.yaml'], { cwd });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(message);
  });

  it('has nobody but those of the files', async () => {
    const cwd = makeFolder({ 'a.yaml': access });
    const ended = await runAlone(['auth', 'can-i', 'anne', 'GET', '/kapacitor/v1/tasks', '--state', 'a.yaml'], { cwd });
    expect(ended).toMatchObject({
      code: 5,
      stderr: 'error: user "anne" not found in the files of --state\nDid you mean "ann"?\n',
    });
  });
});
