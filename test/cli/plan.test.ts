import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { cluster, runAlone } from './cluster.js';

const everything = { '': ['CreateUserAndRole'] };

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

describe('plan', () => {
  it('shows what would change, and exits 1', async () => {
    const { run } = await cluster({ users: { janedoe: { '': ['ReadData'] } } });
    const cwd = makeFolder({ 'users.yaml': file });
    const { code, stdout, stderr } = await run(['plan', 'users.yaml'], { cwd });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toBe(`users
  + johndoe
      + password from environment variable JOHN_PASSWORD
      + KapacitorAPI
      + ReadData on telegraf
roles
  + kapacitor
      + KapacitorAPI
      + KapacitorConfigAPI
      + members janedoe, johndoe
Plan: create 1 user, create 1 role.
`);
  });

  it('reads the files of -f beside those of its arguments, as apply does', async () => {
    const { run } = await cluster({ users: { janedoe: {} } });
    const user = (name: string): string => `users: { ${name}: { password: { env: PW }, permissions: {} } }\n`;
    const cwd = makeFolder({ 'a.yaml': user('ann'), 'b.yaml': user('bob'), 'c.yaml': user('cat') });
    const words = ['a.yaml', '-f', 'b.yaml', '--file', 'c.yaml'];
    const planned = await run(['plan', ...words, '-o', 'json'], { cwd, env: { PW: 'pw' } });
    expect(planned.stdout.match(/"name": "(?:ann|bob|cat)"/g)).toEqual(
      ['ann', 'bob', 'cat'].map((name) => `"name": "${name}"`),
    );
    expect((await run(['apply', ...words], { cwd, env: { PW: 'pw' } })).code).toBe(0);
    expect((await run(['plan', '-f', 'c.yaml'], { cwd, env: { PW: 'pw' } })).code).toBe(0);
  });

  it('is JSON, with references instead of secrets', async () => {
    const { run } = await cluster({ users: { janedoe: {} } });
    const cwd = makeFolder({ 'users.yaml': file });
    const { code, stdout } = await run(['plan', 'users.yaml', '-o', 'json'], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      changes: [
        { on: 'user', name: 'johndoe', action: 'create', password: { from: 'env', name: 'JOHN_PASSWORD' } },
        {
          on: 'user',
          name: 'johndoe',
          action: 'add-permissions',
          permissions: { '': ['KapacitorAPI'], telegraf: ['ReadData'] },
        },
        { on: 'role', name: 'kapacitor', action: 'create' },
        {
          on: 'role',
          name: 'kapacitor',
          action: 'add-permissions',
          permissions: { '': ['KapacitorAPI', 'KapacitorConfigAPI'] },
        },
        { on: 'role', name: 'kapacitor', action: 'add-users', users: ['janedoe', 'johndoe'] },
      ],
      protectedChanges: [],
      drift: null,
    });
  });

  it('says that there is nothing to do, and exits 0', async () => {
    const { run } = await cluster({ users: { a: { db: ['ReadData'] } } });
    const cwd = makeFolder({ 'users.yaml': 'users: { a: { permissions: { db: [ReadData] } } }' });
    expect(await run(['plan', 'users.yaml'], { cwd })).toEqual({
      code: 0,
      stdout: 'No changes. The cluster matches the state files.\n',
      stderr: '',
    });
  });

  it('takes folders, several files and standard input together', async () => {
    const { run } = await cluster();
    const cwd = makeFolder({
      'access/a.yaml': 'users: { a: { password: { env: P } } }',
      'access/b.json': '{"users":{"b":{"password":{"env":"P"}}}}',
      'access/notes.txt': 'no state',
      'access/.hidden.yaml': 'nonsense',
      'c.yml': 'users: { c: { password: { env: P } } }',
    });
    const stdin = 'roles: { r: { members: [a, b, c] } }';
    const { code, stdout } = await run(['plan', 'access', 'c.yml', '-', '-o', 'json'], { cwd, stdin });
    expect(code).toBe(1);
    const { changes } = JSON.parse(stdout) as { changes: { name: string; users?: string[] }[] };
    expect(changes.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'r', 'r']);
    expect(changes.at(-1)?.users).toEqual(['a', 'b', 'c']);
  });

  it('takes a pipe for a file', async () => {
    const { run } = await cluster({ users: { a: {} } });
    const pipe = path.join(makeFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const writing = writeFile(pipe, 'users: { a: { permissions: { "": [ReadData] } } }');
    const { code, stdout } = await run(['plan', pipe]);
    await writing;
    expect({ code, end: stdout.split('\n').at(-2) }).toEqual({ code: 1, end: 'Plan: change 1 user.' });
  });

  it('with --prune shows what goes, and keeps the account in use', async () => {
    const { run } = await cluster({
      users: { old: everything, a: { '': ['ReadData', 'WriteData'] } },
      roles: { gone: { users: ['a'] }, r: { users: ['a', 'old'] } },
    });
    const cwd = makeFolder({
      'users.yaml': 'users: { a: { permissions: { "": [ReadData] } } }\nroles: { r: {} }\noptions: { manage: all }\n',
    });
    const { code, stdout, stderr } = await run(['plan', 'users.yaml', '--prune'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toBe(`users
  ~ a
      - WriteData on all databases
  - old
roles
  - gone
  ~ r
      - member a
skipped: delete user admin: admin is the account of this connection (to do it anyway, add --allow-lockout)
Plan: change 1 user, delete 1 user, change 1 role, delete 1 role.
`);
    expect(stderr).toBe(
      'warning: users.yaml:3:12: skipped a removal that would lock out admin, the account of this connection (To do it anyway, add --allow-lockout)\n',
    );
    const allowed = await run(['plan', 'users.yaml', '--prune', '--allow-lockout'], { cwd });
    expect(allowed.stdout).toContain('  - admin\n');
  });

  it('warns of what the cluster shows first, and of twenty problems at most', async () => {
    const { run } = await cluster();
    const users = Array.from(
      { length: 30 },
      (_, i) => `  u${i}: { password: { generate: true }, permissions: { db: [KapacitorAPI] } }\n`,
    );
    const cwd = makeFolder({ 'users.yaml': `users:\n${users.join('')}  admin: { permissions: { "": [ReadData] } }\n` });
    const { stderr } = await run(['plan', 'users.yaml', '--prune', '-q'], { cwd });
    const warnings = stderr.split('\n').filter((line) => line.startsWith('warning: '));
    expect(warnings[0]).toContain('skipped a removal that would lock out admin');
    expect(warnings).toHaveLength(21);
    expect(warnings.at(-1)).toBe('warning: 11 more warnings are not shown. To list all: kapadmin plan --lint FILE...');
  });

  it('reports all that is wrong with the files at once, what only the cluster shows included', async () => {
    const { run } = await cluster({ users: { janedoe: {} } });
    const cwd = makeFolder({
      'users.yaml': `users:
  johndoe:
    permissions: { "": [KapacitorApi], db: [KapacitorAPI] }
    roles: [kapacitr]
roles:
  kapacitor: { members: [jandoe], colour: red }
`,
    });
    const { code, stdout, stderr } = await run(['plan', 'users.yaml'], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr)
      .toBe(`warning: users.yaml:3:45: KapacitorAPI cannot be limited to database "db": it applies to all of Kapacitor (Move it under "".)
error: 5 problems in the state files:
users.yaml:2:3: user "johndoe" is new and has no password (Set its password: { env: NAME }, { file: PATH } or { generate: true }.)
users.yaml:3:25: unknown permission "KapacitorApi" (Did you mean "KapacitorAPI"?)
users.yaml:4:13: role "kapacitr" not found in the state files or the cluster (Did you mean "kapacitor"?)
users.yaml:6:26: user "jandoe" not found in the state files or the cluster (Did you mean "janedoe"?)
users.yaml:6:35: role: unknown key "colour" (Known keys: permissions, presets, members)
No changes were made.
`);
  });

  it('reports what is wrong with the files also where no node answers', async () => {
    const cwd = makeFolder({ 'users.yaml': 'users: { a: { permisions: {} } }' });
    const { code, stderr } = await runAlone(['plan', 'users.yaml'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('users.yaml:1:15: user: unknown key "permisions" (Did you mean "permissions"?)');
  });

  it.each([
    ['a file that is not there', ['plan', 'none.yaml'], /cannot read .*none\.yaml: no such file/],
    ['a folder without files', ['plan', 'empty'], /no \.yaml, \.yml, \.json file in empty/],
    ['no file', ['plan'], /missing required argument 'file'/],
    ['a file that is no text', ['plan', 'binary.yaml'], /binary\.yaml is not valid UTF-8/],
  ])('refuses %s', async (_, argv, message) => {
    const cwd = makeFolder({ 'empty/notes.txt': '', 'binary.yaml': Uint8Array.of(0xff, 0xfe, 0) });
    const { code, stderr } = await runAlone(argv, { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('exits 3 where no node answers', async () => {
    const cwd = makeFolder({ 'users.yaml': 'users: {}' });
    expect((await runAlone(['plan', 'users.yaml', '--retries', '0'], { cwd })).code).toBe(3);
  });

  it('with --force takes unknown permissions, and warns', async () => {
    const { run } = await cluster({ users: { a: {} } });
    const cwd = makeFolder({ 'users.yaml': 'users: { a: { permissions: { "": [Future] } } }' });
    expect((await run(['plan', 'users.yaml'], { cwd })).code).toBe(2);
    const { code, stderr } = await run(['plan', 'users.yaml', '--force'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toBe(
      'warning: users.yaml:1:35: unknown permission "Future": Kapacitor rejects every login of a user that has an unknown permission\n',
    );
  });
});

describe('plan --check-passwords', () => {
  it('shows whose password is another one, and exits 1', async () => {
    const { run } = await cluster({ users: { a: {}, b: {}, c: {}, d: {} } });
    const cwd = makeFolder({
      'users.yaml': `users:
  a: { password: { env: A } }
  b: { password: { file: b-password } }
  c: { password: { generate: true } }
  d: {}
`,
      'b-password': 'pw-b\n',
    });
    const line = ['plan', 'users.yaml', '--check-passwords'];
    const { code, stdout } = await run(line, { cwd, env: { A: 'other' } });
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout:
        'the password of a differs from the state files\nthe password of c cannot be compared\n' +
        'No other changes. Add --set-passwords to set these passwords.\n',
    });
    writeFileSync(path.join(cwd, 'made'), '{"name":"c","password":"old"}\n{"name":"c","password":"pw-c"}\n');
    const same = await run([...line, '--passwords-out', 'made', '-o', 'json'], { cwd, env: { A: 'pw-a' } });
    expect(same.code).toBe(0);
    expect(JSON.parse(same.stdout)).toMatchObject({ drift: { differing: [], unknown: [] } });
    const set = await run([...line, '--set-passwords', '-o', 'json'], { cwd, env: { A: 'other' } });
    expect(JSON.parse(set.stdout)).toMatchObject({ changes: [{ action: 'change-password', name: 'a' }] });
  });

  it('reports a password that cannot be read', async () => {
    const { run } = await cluster({ users: { a: {} } });
    const cwd = makeFolder({ 'users.yaml': 'users: { a: { password: { env: NOWHERE } } }' });
    const { code, stdout, stderr } = await run(['plan', 'users.yaml', '--check-passwords'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('the password of a cannot be compared');
    expect(stderr).toContain('environment variable NOWHERE is not set');
  });
});

describe('plan --lint', () => {
  const lint = `users:
  root: { password: { env: P }, permissions: { "": [KapacitorAPI, DropDatabase] } }
  joe: { password: { env: P }, permissions: { "": [ReadData], db: [ReadData, KapacitorAPI] }, roles: [editors] }
roles:
  editors: { presets: [kapacitor-admin] }
  nothing: {}
`;

  it('gives advice on the files alone', async () => {
    const cwd = makeFolder({ 'users.yaml': lint });
    const { code, stdout } = await runAlone(['plan', '--lint', 'users.yaml'], { cwd });
    expect(code).toBe(1);
    expect(stdout)
      .toBe(`users.yaml:2:3: warning: user root has DropDatabase on all databases in addition to Kapacitor permissions [over-broad]
users.yaml:3:63: warning: user joe has ReadData on all databases and again on db [granted-twice]
users.yaml:3:78: warning: KapacitorAPI cannot be limited to database "db": it applies to all of Kapacitor (Move it under "".) [kapacitor-right-under-database]
users.yaml:5:3: warning: role editors grants KapacitorConfigAPI to joe; Kapacitor sees it only if the cluster copies role permissions into user records (Grant it to the users directly, or set options: { materializeRoles: true }.) [only-through-role]
users.yaml:6:3: warning: role nothing grants no permissions [empty-role]
users.yaml:6:3: warning: role nothing has no members [role-of-nobody]
`);
  });

  it('leaves out rules, and exits 0 when nothing is left', async () => {
    const cwd = makeFolder({ 'users.yaml': 'roles: { r: {} }' });
    const { code, stdout } = await runAlone(
      ['plan', '--lint', 'users.yaml', '--ignore', 'empty-role', '--ignore', 'role-of-nobody', '-o', 'json'],
      { cwd },
    );
    expect({ code, data: JSON.parse(stdout) as unknown }).toEqual({ code: 0, data: [] });
    expect((await runAlone(['plan', '--lint', 'users.yaml', '--ignore', 'empty-rol'], { cwd })).code).toBe(2);
  });

  it('reports errors of the files with the same keys, and exits 2', async () => {
    const cwd = makeFolder({ 'users.yaml': 'users: { a: { passwort: 1 } }' });
    const { code, stdout } = await runAlone(['plan', '--lint', 'users.yaml', '-o', 'json'], { cwd });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual([
      {
        file: 'users.yaml',
        line: 1,
        column: 15,
        severity: 'error',
        rule: 'unknown-key',
        message: 'user: unknown key "passwort"',
        hint: 'Did you mean "password"?',
      },
    ]);
  });
});

describe('a saved plan', () => {
  it('is for us alone and holds no secret', async () => {
    const { run } = await cluster({ users: { old: {} } });
    const hash = '$2a$04$abcdefghijklmnopqrstuuU3pmYrZsDkq8ZtXHo8FnkbSJAr2eiuS';
    const cwd = makeFolder({
      'users.yaml': `users:
  a: { password: { file: secret }, permissions: { "": [ReadData] } }
  b: { hash: { value: "${hash}" } }
  c: { password: { generate: true } }
options: { absent: { users: [old] } }
`,
      secret: 'pa55word-of-a',
    });
    const out = path.join(cwd, 'plan.json');
    const { code, stdout, stderr } = await run(['plan', 'users.yaml', '--prune', '--out', out], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain('  - old\n');
    expect(stderr).toContain(`The plan goes to ${out}. To apply it: kapadmin apply ${out}`);
    expect(stderr).toContain('--passwords-out');
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const text = readFileSync(out, 'utf8');
    for (const secret of [hash, hash.slice(7), 'pa55word-of-a']) expect(text).not.toContain(secret);
    expect(text).toContain(path.join(cwd, 'secret'));
  });

  it('is not made of hashes from standard input', async () => {
    const { run } = await cluster();
    const stdin = 'users: { b: { hash: { value: "$2a$04$abcdefghijklmnopqrstuuU3pmYrZsDkq8ZtXHo8FnkbSJAr2eiuS" } } }';
    const { code, stderr } = await run(['plan', '-', '--out', 'plan.json'], { stdin });
    expect(code).toBe(2);
    expect(stderr).toContain('its password hashes came from standard input');
  });
});
