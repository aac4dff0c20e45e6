import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { cluster } from './cluster.js';
import { meddling } from './proxy.js';

describe('export', () => {
  it('moves users with their hashes to an empty cluster', async () => {
    const from = await cluster({
      users: {
        a: { '': ['ReadData'], 'd b': ['WriteData'] },
        'ü: "x"\n': {},
        ['__proto__']: { ['__proto__']: ['ReadData'] },
      },
      roles: { r: { permissions: { '': ['KapacitorAPI'] }, users: ['a', '__proto__'] }, empty: {} },
    });
    const to = await cluster();
    const { code, stdout, stderr } = await from.run(['export', '--with-hashes']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const applied = await to.run(['apply', '-', '--force'], { stdin: stdout });
    expect(applied.code).toBe(2);
    const plain = stdout.replace(/ {2}"ü.*\n.*\n/, '');
    const moved = await to.run(['apply', '-'], { stdin: plain });
    expect({ code: moved.code, stderr: moved.stderr }).toEqual({ code: 0, stderr: '' });
    expect((await to.run(['plan', '-'], { stdin: plain })).code).toBe(0);
    expect((await to.run(['plan', '-', '--prune'], { stdin: plain })).code).toBe(0);
    for (const name of ['a', '__proto__']) {
      expect((await to.user(name))?.hash?.reveal()).toBe((await from.user(name))?.hash?.reveal());
    }
    expect((await to.run(['export'])).stdout).toBe((await from.run(['export'])).stdout.replace(/ {2}"ü.*\n/, ''));
  });

  it('is sorted YAML, and JSON where it is asked for', async () => {
    const { run } = await cluster({
      users: { b: { '': ['WriteData', 'ReadData'] }, a: {} },
      roles: { r: { users: ['b', 'a'] } },
    });
    const { stdout } = await run(['export']);
    expect(stdout).toContain(
      '  b:\n    permissions:\n      "": [ReadData, WriteData]\nroles:\n  r:\n    members:\n      - a\n      - b\n',
    );
    expect(stdout).not.toContain('hash');
    const json = await run(['export', '-o', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      users: { a: {}, b: { permissions: { '': ['ReadData', 'WriteData'] } } },
      roles: { r: { members: ['a', 'b'] } },
      options: { manage: 'listed', materializeRoles: false },
    });
    expect((await run(['plan', '-'], { stdin: json.stdout })).code).toBe(0);
  });

  it('shows hashes neither on a terminal nor in a file for all', async () => {
    const { run } = await cluster();
    expect((await run(['export', '--with-hashes'], { terminal: { stdout: true } })).code).toBe(2);
    expect((await run(['export', '--with-hashes'], { stdoutIsOpenToOthers: true })).code).toBe(2);
    const cwd = makeFolder();
    const out = path.join(cwd, 'state.yaml');
    expect((await run(['export', '--with-hashes', '--out', out], { terminal: true })).code).toBe(0);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(readFileSync(out, 'utf8')).toContain('hash: { value: "$2a$04$');
    expect(existsSync(path.join(cwd, 'other'))).toBe(false);
  });

  it('leaves out what no file can name, and says so', async () => {
    const { run } = await cluster({ users: { a: { '': ['Future'] } }, roles: { r: { users: ['ghost', 'a'] } } });
    const { code, stdout, stderr } = await run(['export']);
    expect(code).toBe(0);
    expect(stdout).not.toContain('ghost');
    expect(stderr).toContain('role members that do not exist as users were left out: ghost of role r');
    expect(stderr).toContain('apply needs --force for them: a (Future)');
    expect((await run(['plan', '-', '--force'], { stdin: stdout })).code).toBe(0);
  });
});

describe('a server that does not take hashes', () => {
  const stdin = 'users: { h: { hash: { value: "$2a$04$abcdefghijklmnopqrstuuU3pmYrZsDkq8ZtXHo8FnkbSJAr2eiuS" } } }';

  it('is reported plainly', async () => {
    const there = await cluster();
    const url = await meddling(there.urls[0] ?? '', ({ body }) =>
      body.includes('"hash"') ? { status: 400, answer: '{"error":"password required"}' } : undefined,
    );
    const { code, stdout, stderr } = await there.run(['apply', '-'], { stdin, env: { KAPADMIN_META_URL: url } });
    expect({ code, stdout }).toEqual({ code: 8, stdout: '' });
    expect(stderr).toContain(`error: cannot create user "h": POST ${url}/user: 400 password required\n`);
    expect(stderr).toContain('This server may not accept a password hash');
  });

  it('is found out when it says nothing', async () => {
    const there = await cluster();
    const url = await meddling(there.urls[0] ?? '', ({ body }) =>
      body.includes('"hash"') ? { body: body.replace(/"hash":"[^"]*"/, '"password":"made-up"') } : undefined,
    );
    const { code, stderr } = await there.run(['apply', '-'], { stdin, env: { KAPADMIN_META_URL: url } });
    expect(code).toBe(7);
    expect(stderr).toContain('the server did not store the given password hash of h');
  });

  it('with LDAP on refuses users in its own words', async () => {
    const { run } = await cluster({}, { ldap: true });
    const { code, stderr } = await run(['apply', '-'], { stdin });
    expect(code).toBe(8);
    expect(stderr).toContain('creating users is disallowed when ldap is enabled');
    expect(stderr).toContain('Users come from LDAP: grant the permissions to a role');
    expect(stderr).not.toContain('password hash');
  });
});

describe('verdict 39: an export', () => {
  it('leaves out of a user what a role gives too, and says so once', async () => {
    const { run } = await cluster(
      {
        users: { johndoe: { telegraf: ['ReadData'] } },
        roles: { kapacitor: { permissions: { '': ['KapacitorAPI'] }, users: ['johndoe'] } },
      },
      { mergeRolePermissions: true },
    );
    const { stdout, stderr } = await run(['export']);
    const left =
      '1 permission was left out of users: a role grants it too, and whether it is also granted directly is unknown.';
    expect(stderr).toBe(`warning: ${left} To find out: kapadmin doctor --probe\n`);
    expect(stdout).toContain(`# ${left}\n`);
    expect(stdout).toContain('  johndoe:\n    permissions:\n      telegraf: [ReadData]\n');
    expect((await run(['plan', '-', '--prune'], { stdin: stdout })).code).toBe(0);
  });

  it('warns a bounded number of times, whatever is odd about a cluster', async () => {
    const users = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`u${i}`, { '': ['Future'] }]));
    const { run } = await cluster({
      users,
      roles: { r: { users: Array.from({ length: 30 }, (_, i) => `ghost${i}`) } },
    });
    const { stderr } = await run(['export']);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
    expect(stderr).toContain(' and 25 more');
  });
});
