import { describe, expect, it } from 'vitest';
import { cluster, runAlone, type Small } from './cluster.js';

const some: Small = {
  users: { johndoe: {}, janedoe: {} },
  roles: {
    kapacitor: { permissions: { '': ['KapacitorAPI'], telegraf: ['ReadData'] }, users: ['johndoe'] },
    empty: {},
  },
};

describe('role create', () => {
  it('makes roles, with permissions and members in one go', async () => {
    const { run, role } = await cluster(some);
    const ran = await run([
      'role',
      'create',
      'a',
      'b',
      '--grant',
      'ReadData',
      '--db',
      'x',
      '--user',
      'johndoe,janedoe',
    ]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout.split('\n')).toHaveLength(7);
    for (const name of ['a', 'b']) {
      expect(await role(name)).toEqual({
        name,
        permissions: new Map([['x', ['ReadData']]]),
        users: ['johndoe', 'janedoe'],
      });
    }
  });

  it('names the members whose user records lack what it grants', async () => {
    const { run } = await cluster(some);
    const ran = await run(['role', 'create', 'a', '--grant', 'KapacitorAPI', '--user', 'johndoe']);
    expect(ran.stderr).toContain('kapadmin user grant johndoe KapacitorAPI');
  });

  it('refuses one that exists with 6, and a missing user with 5, before any write', async () => {
    const { run, role } = await cluster(some);
    expect(await run(['role', 'create', 'empty', '--grant', 'ReadData'])).toMatchObject({ code: 6, stdout: '' });
    expect((await role('empty'))?.permissions.size).toBe(0);
    const missing = await run(['role', 'create', 'a', '--user', 'nobody']);
    expect(missing).toMatchObject({ code: 5, stdout: '' });
    expect(await role('a')).toBeUndefined();
  });

  it('leaves one that exists where that is asked for, and gives it what it lacks', async () => {
    const { run, role } = await cluster(some);
    const ran = await run(['role', 'create', 'empty', '--if-not-exists', '--grant', 'Monitor']);
    expect(ran).toMatchObject({
      code: 0,
      stdout: 'granted Monitor to role empty\n',
      stderr: 'role empty already exists\n',
    });
    expect((await role('empty'))?.permissions.get('')).toEqual(['Monitor']);
  });

  it.each([
    ['an empty name', [''], 'the name of a role must not be empty'],
    ['control characters', ['a\nb'], '"a\\x0ab"'],
    ['an unknown permission', ['a', '--grant', 'Monitr'], 'Did you mean "Monitor"?'],
    ['--db without --grant', ['a', '--db', 'x'], '--db requires --grant'],
  ])('refuses %s and sends nothing', async (_, words, text) => {
    const ran = await runAlone(['role', 'create', ...words]);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(text);
  });
});

describe('role grant and revoke', () => {
  it('change the permissions', async () => {
    const { run, role } = await cluster(some);
    expect((await run(['role', 'grant', 'empty', 'ReadData', 'WriteData', '--db', 'x'])).code).toBe(0);
    expect((await role('empty'))?.permissions).toEqual(new Map([['x', ['ReadData', 'WriteData']]]));
    expect((await run(['role', 'revoke', 'empty', 'ReadData', '--db', 'x'])).stdout).toBe(
      'revoked ReadData on x from role empty\n',
    );
    expect((await role('empty'))?.permissions).toEqual(new Map([['x', ['WriteData']]]));
  });

  it('note what is so already, and exit 5 for a missing role', async () => {
    const { run } = await cluster(some);
    expect((await run(['role', 'grant', 'kapacitor', 'KapacitorAPI'])).stderr).toContain(
      'role kapacitor already has KapacitorAPI\n',
    );
    expect((await run(['role', 'revoke', 'kapacitor', 'Monitor'])).stderr).toBe(
      'role kapacitor does not have Monitor\n',
    );
    expect((await run(['role', 'grant', 'nope', 'Monitor'])).code).toBe(5);
    expect((await run(['role', 'revoke', 'nope', 'Monitor'])).code).toBe(5);
  });
});

describe('role add-users and remove-users', () => {
  it('change the members', async () => {
    const { run, role } = await cluster(some);
    const added = await run(['role', 'add-users', 'kapacitor', 'johndoe', 'janedoe', 'janedoe']);
    expect(added).toMatchObject({ code: 0, stdout: 'added janedoe to role kapacitor\n' });
    expect(added.stderr).toContain('role kapacitor already has johndoe as a member\n');
    expect((await role('kapacitor'))?.users).toEqual(['johndoe', 'janedoe']);
    const removed = await run(['role', 'remove-users', 'kapacitor', 'johndoe', 'admin']);
    expect(removed).toMatchObject({ code: 0, stdout: 'removed johndoe from role kapacitor\n' });
    expect(removed.stderr).toBe('role kapacitor does not have admin as a member\n');
    expect((await role('kapacitor'))?.users).toEqual(['janedoe']);
  });

  it('verdict 12: remove-users of a user that does not exist is exit 5, with --if-exists 0', async () => {
    const { run, role } = await cluster(some);
    const refused = await run(['role', 'remove-users', 'kapacitor', 'johndoe', 'nobody']);
    expect(refused).toMatchObject({ code: 5, stdout: '' });
    expect(refused.stderr).toContain('error: cannot remove users from role kapacitor: user "nobody" not found\n');
    expect((await role('kapacitor'))?.users).toEqual(['johndoe']);
    const fine = await run(['role', 'remove-users', 'kapacitor', 'johndoe', 'nobody', '--if-exists']);
    expect(fine).toEqual({
      code: 0,
      stdout: 'removed johndoe from role kapacitor\n',
      stderr: 'user not found: nobody\n',
    });
    expect(await run(['role', 'remove-users', 'kapacitor', 'nobody', '--if-exists'])).toMatchObject({ code: 0 });
  });

  it('verdict 14: an error is reported once', async () => {
    const { run } = await cluster(some);
    const ran = await run(['role', 'add-users', 'kapacitor', 'johndoe', 'nobody']);
    expect(ran.code).toBe(5);
    expect(`${ran.stdout}${ran.stderr}`.match(/not found/g)).toHaveLength(1);
    const several = await run(['user', 'delete', 'a', 'b', 'janedoe', '--yes']);
    expect(several).toMatchObject({ code: 7, stdout: 'deleted user janedoe\n' });
    expect(several.stderr.match(/user "a" not found/g)).toHaveLength(1);
    const many = await run(['user', 'delete', 'a', 'b', 'c', 'd', 'johndoe', '--yes']);
    expect(`${many.stdout}${many.stderr}`.match(/user "a" not found/g)).toHaveLength(1);
    expect(many.stderr).toContain('error: 1 change done, 4 failed; each is listed in the output\n');
  });

  it('exit 5 for a missing role or user, before any write', async () => {
    const { run, role } = await cluster(some);
    expect((await run(['role', 'add-users', 'nope', 'johndoe'])).code).toBe(5);
    expect((await run(['role', 'remove-users', 'nope', 'johndoe'])).code).toBe(5);
    const ran = await run(['role', 'add-users', 'kapacitor', 'janedoe', 'nobody']);
    expect(ran).toMatchObject({ code: 5, stdout: '' });
    expect(ran.stderr).toContain('user "nobody" not found');
    expect((await role('kapacitor'))?.users).toEqual(['johndoe']);
  });
});

describe('role delete', () => {
  it('deletes, needs --yes without a terminal, and knows missing ones', async () => {
    const { run, role } = await cluster(some);
    expect((await runAlone(['role', 'delete', 'a'])).code).toBe(2);
    expect((await run(['role', 'delete', 'nope', '--yes'])).code).toBe(5);
    expect((await run(['role', 'delete', 'nope', '--yes', '--if-exists'])).code).toBe(0);
    expect((await run(['role', 'delete', 'empty', 'nope', '--yes'])).code).toBe(7);
    expect(await role('empty')).toBeUndefined();
    expect((await run(['role', 'delete', 'kapacitor', '--yes'])).stdout).toBe('deleted role kapacitor\n');
  });
});

describe('role rename', () => {
  it('keeps permissions and members', async () => {
    const { run, role } = await cluster(some);
    const before = await role('kapacitor');
    const ran = await run(['role', 'rename', 'kapacitor', '__proto__', '--wait', '0s']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toBe(
      [
        'created role "__proto__"',
        'granted KapacitorAPI, ReadData on telegraf to role "__proto__"',
        'added johndoe to role "__proto__"',
        'deleted role kapacitor',
        '',
      ]
        .join('\n')
        .replaceAll('"', ''),
    );
    expect(await role('__proto__')).toEqual({ ...before, name: '__proto__' });
    expect(await role('kapacitor')).toBeUndefined();
    expect((await run(['role', 'rename', 'empty', 'void'])).stdout).toBe('created role void\ndeleted role empty\n');
  });

  it('exits 5 for a missing role, 6 for a name that is taken, 2 for the same or an empty name', async () => {
    const { run, role } = await cluster(some);
    expect((await run(['role', 'rename', 'nope', 'new'])).code).toBe(5);
    const taken = await run(['role', 'rename', 'kapacitor', 'empty']);
    expect(taken).toMatchObject({ code: 6, stdout: '' });
    expect((await role('empty'))?.permissions.size).toBe(0);
    expect((await runAlone(['role', 'rename', 'a', 'a'])).code).toBe(2);
    expect((await runAlone(['role', 'rename', 'a', ''])).code).toBe(2);
  });

  it('keeps the old role when no read shows the new one', async () => {
    const { run, role, urls } = await cluster(some, { nodes: 2, lag: 2_000 });
    const env = { KAPADMIN_META_URL: urls[1] ?? '' };
    const ran = await run(['role', 'rename', 'kapacitor', 'new', '--wait', '100ms', '-o', 'json'], { env });
    expect(ran.code).toBe(7);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      changes: [{}, {}, {}, { action: 'delete', name: 'kapacitor', status: 'not-started' }],
    });
    expect(await role('kapacitor')).toBeDefined();
    expect(await role('new')).toBeDefined();
  });

  it('shows all steps in a dry run', async () => {
    const { run, role } = await cluster(some);
    const ran = await run(['role', 'rename', 'kapacitor', 'new', '--dry-run']);
    expect(ran.stdout).toMatch(/^would create role new\nwould grant .*\nwould add .*\nwould delete role kapacitor\n$/);
    expect(await role('new')).toBeUndefined();
  });
});

describe('role show and list', () => {
  it('show permissions and members', async () => {
    const { run } = await cluster(some);
    const shown = await run(['role', 'show', 'kapacitor']);
    expect(shown.stdout).toBe(
      'role   kapacitor\nusers  johndoe\n\nPERMISSION    DATABASE\nKapacitorAPI  all\nReadData      telegraf\n',
    );
    expect(shown.stderr).toContain('kapadmin user grant johndoe KapacitorAPI');
    const json = await run(['role', 'list', '-o', 'json']);
    expect(JSON.parse(json.stdout)).toEqual([
      { name: 'empty', permissions: {}, users: [] },
      { name: 'kapacitor', permissions: { '': ['KapacitorAPI'], telegraf: ['ReadData'] }, users: ['johndoe'] },
    ]);
    expect((await run(['role', 'list', '-o', 'name'])).stdout).toBe('empty\nkapacitor\n');
    expect((await run(['role', 'list', '-o', 'csv'])).stdout).toBe(
      'name,permissions,users\r\nempty,,\r\nkapacitor,"KapacitorAPI, ReadData (telegraf)",johndoe\r\n',
    );
  });

  it('say that there is none', async () => {
    const { run } = await cluster();
    expect((await run(['role', 'list'])).stdout).toBe('no roles\n');
    expect((await run(['role', 'list', '-o', 'json'])).stdout).toBe('[]\n');
    expect((await run(['role', 'show', 'nope'])).code).toBe(5);
  });
});
