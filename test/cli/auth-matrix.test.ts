import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { define, type MatrixOptions } from '../../src/commands/auth/matrix.js';
import { makeFolder } from '../folder.js';
import { evilNames } from '../access-matrix/evil.js';
import { cluster, runAlone, type Small, type TestCluster } from './cluster.js';
import { optionsOf } from './words.js';

const small: Small = {
  users: {
    ann: { '': ['KapacitorAPI'] },
    bob: { telegraf: ['WriteData'] },
    cid: { '': ['Nope'] },
    dan: {},
  },
  roles: { ops: { permissions: { '': ['KapacitorConfigAPI'] }, users: ['dan'] } },
};

interface MatrixJson {
  readonly made: string;
  readonly users: readonly { readonly name: string; readonly row: number }[];
  readonly reasons: readonly { readonly why: string }[];
  readonly rows: readonly {
    readonly endpoints: readonly number[];
    readonly writes: {
      readonly others: number;
      readonly own: readonly { readonly database: number; readonly reason: number }[];
    };
  }[];
}

async function meant(words: readonly string[]): Promise<MatrixOptions | undefined> {
  return optionsOf(define, words);
}

describe('the words of auth matrix', () => {
  it('mean options', async () => {
    expect(await meant([])).toEqual({});
    expect(await meant(['--user', 'a*', '--user', 'b', '--endpoint', '/config', '--method', 'get'])).toEqual({
      user: ['a*', 'b'],
      endpoint: ['/config'],
      method: ['get'],
    });
    expect(await meant(['--db', 'x', '--db', '-y', '--role', 'ops', '--only', 'denied'])).toEqual({
      db: ['x', '-y'],
      role: 'ops',
      only: 'denied',
    });
    expect(await meant(['--diff', 'f', '--exit-code'])).toEqual({
      diff: 'f',
      exitCode: true,
    });
    await expect(meant(['--only', 'some'])).rejects.toThrow('allowed, denied');
  });

  it.each([
    [['--endpoint', '/taks'], 'no endpoint starts with "/taks"'],
    [['--method', 'FETCH'], 'unknown method "FETCH"'],
    [['--db', ''], '--db is empty'],
    [['--exit-code'], '--exit-code requires --diff'],
    [['--diff', 'f', '--only', 'allowed'], '--diff cannot be combined with --only'],
    [['--diff', 'f', '-o', 'html'], '--diff does not support HTML'],
    [['--diff', '/nowhere'], 'cannot read /nowhere: no such file'],
    [['-o', 'sarif'], 'this command has no output "sarif"'],
  ])('%j are refused before anything is asked', async (words, message) => {
    const ended = await runAlone(['auth', 'matrix', ...words]);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(message);
  });
});

/** A matrix of the small cluster, saved, and what is run after it. */
async function saved(words: readonly string[] = []): Promise<TestCluster & { readonly old: string }> {
  const node = await cluster(small);
  const old = path.join(makeFolder(), 'old.json');
  expect(await node.run(['auth', 'matrix', '-o', 'json', '--out', old, ...words])).toMatchObject({
    code: 0,
    stderr: '',
  });
  return { ...node, old };
}

describe('auth matrix', () => {
  it('says who may do what, and why', async () => {
    const { run, urls } = await cluster(small);
    const words = ['--endpoint', '/config/SECTION', '--method', 'POST', '--db', 'telegraf'];
    const { code, stdout, stderr } = await run(['auth', 'matrix', '--user', '???', ...words, '-o', 'json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const json = JSON.parse(stdout) as MatrixJson;
    expect(Date.parse(json.made)).toBeGreaterThan(Date.parse('2020-01-01'));
    expect(json).toMatchObject({
      version: 1,
      cluster: urls,
      filters: {
        users: ['???'],
        endpoints: ['/config/SECTION'],
        methods: ['POST'],
        databases: ['telegraf'],
        only: null,
        role: null,
      },
      databases: ['telegraf'],
      otherDatabases: false,
    });
    const cells = json.users.map(({ name, row }) => {
      const { endpoints = [], writes } = json.rows[row] ?? {};
      const write = writes?.own.find((one) => one.database === 0)?.reason ?? writes?.others;
      return [name, ...[endpoints[0], write].map((place) => json.reasons[place ?? -1]?.why)];
    });
    const unknown = 'Kapacitor rejects every login of this user: it does not know the permission Nope';
    expect(cells).toEqual([
      ['ann', 'no privilege on /api/config', 'no privilege covers it'],
      ['bob', 'no privilege covers it', 'write on database "telegraf"'],
      ['cid', unknown, unknown],
      ['dan', 'no privilege covers it', 'no privilege covers it'],
    ]);
    expect(json.reasons).toContainEqual({
      allowed: false,
      rule: 'no-entry',
      why: 'no privilege covers it',
      entry: null,
      mask: null,
      permissions: [],
      roles: ['ops'],
      fixes: [{ action: 'grant', permissions: ['KapacitorConfigAPI'], scope: '' }],
    });
  });

  it('lists the names of those who may', async () => {
    const { run } = await cluster(small);
    const words = ['auth', 'matrix', '--endpoint', '/tasks', '--only', 'allowed', '-o', 'name'];
    expect(await run(words)).toMatchObject({ code: 0, stdout: 'admin\nann\n' });
  });

  it('takes the members of a role, and knows which roles there are', async () => {
    const { run } = await cluster(small);
    expect((await run(['auth', 'matrix', '--role', 'ops', '-o', 'name'])).stdout).toBe('dan\n');
    const ended = await run(['auth', 'matrix', '--role', 'opps']);
    expect(ended).toMatchObject({ code: 5, stdout: '' });
    expect(ended.stderr).toContain('role "opps" not found');
  });

  it.each(['html', 'markdown', 'csv', 'yaml'])('writes %s to a file that only its owner reads', async (format) => {
    const { run } = await cluster({ users: Object.fromEntries(evilNames.map((name) => [name, {}])) });
    const file = path.join(makeFolder(), 'access');
    expect(await run(['auth', 'matrix', '-o', format, '--out', file])).toMatchObject({ code: 0, stdout: '' });
    const text = readFileSync(file, 'utf8');
    expect(text.includes('<script>alert(1)')).toBe(format === 'csv' || format === 'yaml');
  });

  it.each(['table', 'markdown', 'csv', 'json', 'html'])(
    'verdict 5: has writes by database alone, as %s, as can-i allows none without one',
    async (format) => {
      const { run } = await cluster(small);
      const { code, stdout } = await run([
        'auth',
        'matrix',
        '-o',
        format,
        '--endpoint',
        '/write',
        '--endpoint',
        '/ping',
      ]);
      expect(code).toBe(0);
      expect(stdout).toContain('telegraf');
      expect(stdout).not.toMatch(/POST (\/kapacitor\/v1)?\/write|"path": ?"(\/kapacitor\/v1)?\/write"/);
      expect((await run(['auth', 'can-i', 'bob', 'POST', '/write'])).code).toBe(1);
      expect((await run(['auth', 'can-i', 'bob', 'POST', '/write?db=telegraf'])).code).toBe(0);
    },
  );

  it('sends no write', async () => {
    const { run } = await cluster(small);
    const { stderr } = await run(['auth', 'matrix', '--show-request']);
    expect(stderr).toContain('/user');
    expect(stderr).not.toMatch(/POST|--data/);
  });
});

describe('auth matrix --diff', () => {
  it('says who gained and who lost what', async () => {
    const { run, old } = await saved();
    await run(['user', 'grant', 'dan', 'KapacitorConfigAPI']);
    await run(['user', 'revoke', 'bob', 'WriteData', '--db', 'telegraf']);
    await run(['user', 'grant', 'ann', 'WriteData', '--db', 'new']);
    const { code, stdout } = await run(['auth', 'matrix', '--diff', old]);
    expect(code).toBe(0);
    const lines = stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '));
    expect(lines).toEqual([
      'USER | CHANGE | WHAT | DECIDED BY',
      'ann | gained | write new | WriteData: write on database "new"',
      'bob | lost | GET /ping, write telegraf | no privilege covers it',
      'dan | gained | /config, GET /ping | KapacitorConfigAPI: all privileges on /api/config, KapacitorConfigAPI: all privileges on /api/ping',
      '',
    ]);
    expect((await run(['auth', 'matrix', '--diff', old, '-o', 'name'])).stdout).toBe('ann\nbob\ndan\n');
  });

  it('ends with 1 only where asked to, and something changed', async () => {
    const { run, old } = await saved();
    const words = ['auth', 'matrix', '--diff', old, '--exit-code'];
    const same = await run(words);
    expect(same).toMatchObject({ code: 0, stderr: '' });
    expect(same.stdout).toMatch(/^no changes since \d{4}-/);
    await run(['user', 'delete', 'ann', '--yes']);
    expect((await run(words.slice(0, -1))).code).toBe(0);
    expect((await run(words)).code).toBe(1);
  });

  it('prints each changed cell as JSON and CSV', async () => {
    const { run, old } = await saved();
    await run(['user', 'delete', 'bob', '--yes']);
    const words = ['auth', 'matrix', '--diff', old, '--endpoint', '/write', '-o'];
    const json = JSON.parse((await run([...words, 'json'])).stdout);
    const cell = {
      method: 'POST',
      path: '/kapacitor/v1/write',
      before: 'WriteData: write on database "telegraf"',
      now: null,
    };
    expect(json.changes).toEqual([
      {
        user: 'bob',
        state: 'gone',
        gained: [],
        lost: [{ ...cell, database: 'telegraf' }],
      },
    ]);
    expect((await run([...words, 'csv'])).stdout).toContain(
      'bob,gone,lost,POST,/kapacitor/v1/write,telegraf,"WriteData: write on database ""telegraf""",\r\n',
    );
    expect((await run([...words, 'markdown'])).stdout).toContain('| bob | lost (user gone) |');
  });

  it('warns of what it could not compare', async () => {
    const { run, old } = await saved(['--db', 'telegraf']);
    const json = readFileSync(old, 'utf8').replace('"databases": [\n      "telegraf"\n    ]', '"databases": []');
    writeFileSync(old, json);
    const { code, stderr } = await run(['auth', 'matrix', '--diff', old]);
    expect(code).toBe(0);
    expect(stderr).toBe(
      'warning: columns that only one of the two matrices has were not compared: writes to other databases\n',
    );
  });

  it('refuses a matrix of other filters', async () => {
    const { run, old } = await saved(['--user', 'a*']);
    const ended = await run(['auth', 'matrix', '--diff', old]);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('the old matrix was made with different filters');
    expect((await run(['auth', 'matrix', '--diff', old, '--user', 'a*'])).code).toBe(0);
  });
});
