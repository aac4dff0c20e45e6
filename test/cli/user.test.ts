import { describe, expect, it } from 'vitest';
import { cluster, runAlone, type Small } from './cluster.js';

const some: Small = {
  users: { johndoe: { '': ['KapacitorAPI'], telegraf: ['ReadData'] }, janedoe: {} },
  roles: { kapacitor: { permissions: { '': ['KapacitorAPI', 'KapacitorConfigAPI'] }, users: ['johndoe', 'janedoe'] } },
};

describe('user grant', () => {
  it('gives permissions, for all databases or for some', async () => {
    const { run, user } = await cluster(some);
    const ran = await run([
      'user',
      'grant',
      'janedoe',
      'ReadData',
      'WriteData',
      '--db',
      'telegraf',
      '--db',
      '__proto__',
    ]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect((await run(['user', 'grant', 'janedoe', 'Monitor', 'Monitor'])).stdout).toBe(
      'granted Monitor to user janedoe\n',
    );
    expect((await user('janedoe'))?.permissions).toEqual(
      new Map([
        ['telegraf', ['ReadData', 'WriteData']],
        ['__proto__', ['ReadData', 'WriteData']],
        ['', ['Monitor']],
      ]),
    );
  });

  it('says when Kapacitor will see a right of its own', async () => {
    const { run } = await cluster(some);
    const ran = await run(['user', 'grant', 'janedoe', 'KapacitorAPI']);
    expect(ran.stderr).toBe(
      'Takes effect in Kapacitor when its cached entry for janedoe expires (up to cache-expiration), ' +
        'or at once with: kapadmin auth flush janedoe --kapacitor URL\n',
    );
    expect((await run(['user', 'grant', 'janedoe', 'KapacitorConfigAPI', '-q'])).stderr).toBe('');
  });

  it('warns of a Kapacitor right for one database', async () => {
    const { run } = await cluster(some);
    const ran = await run(['user', 'grant', 'janedoe', 'KapacitorAPI', 'ReadData', '--db', 'telegraf']);
    expect(ran.stderr).toContain('warning: KapacitorAPI cannot be limited to a database; this grants the whole API');
  });

  it('skips what is there, and notes it', async () => {
    const { run } = await cluster(some);
    const part = await run(['user', 'grant', 'johndoe', 'KapacitorAPI', 'Monitor', '-o', 'json']);
    expect(part.stderr).toContain('user johndoe already has KapacitorAPI\n');
    expect(JSON.parse(part.stdout)).toMatchObject({
      changes: [
        { permissions: { '': ['Monitor'] }, status: 'done' },
        { permissions: { '': ['KapacitorAPI'] }, status: 'unchanged' },
      ],
    });
    const all = await run(['user', 'grant', 'johndoe', 'KapacitorAPI', '--show-request']);
    expect(all).toMatchObject({ code: 0, stdout: '' });
    expect(all.stderr).not.toContain('POST');
  });

  it('of a permission that only a role gives is sent', async () => {
    const { run, user } = await cluster(some);
    expect((await run(['user', 'grant', 'janedoe', 'KapacitorAPI'])).stdout).toBe(
      'granted KapacitorAPI to user janedoe\n',
    );
    expect((await user('janedoe'))?.permissions.get('')).toEqual(['KapacitorAPI']);
  });

  it('to a user that is missing exits 5', async () => {
    const { run } = await cluster(some);
    const ran = await run(['user', 'grant', 'nobody', 'KapacitorAPI', '-o', 'json']);
    expect(ran).toMatchObject({ code: 5, stdout: '' });
    expect(JSON.parse(ran.stderr)).toMatchObject({ error: { code: 'user-not-found' } });
  });

  it('refuses an unknown permission before anything is sent, and sends it when forced', async () => {
    const refused = await runAlone(['user', 'grant', 'johndoe', 'ManageContnuousQuery']);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('Did you mean "ManageContinuousQuery"?');
    const { run, user } = await cluster(some);
    const forced = await run(['user', 'grant', 'janedoe', 'FutureRight', '--force']);
    expect(forced.code).toBe(0);
    expect(forced.stderr).toContain(
      'Kapacitor does not know FutureRight: it rejects every login of a user that has an unknown permission',
    );
    expect((await user('janedoe'))?.permissions.get('')).toEqual(['FutureRight']);
    const shown = await run(['user', 'show', 'janedoe']);
    expect(shown.stderr).toContain('it rejects every login of janedoe');
    expect((await run(['user', 'revoke', 'janedoe', 'FutureRight'])).code).toBe(2);
    expect((await run(['user', 'revoke', 'janedoe', 'FutureRight', '--force'])).code).toBe(0);
    expect((await user('janedoe'))?.permissions.size).toBe(0);
  });
});

describe('user revoke', () => {
  it('takes permissions, and reports what the user keeps', async () => {
    const { run, user } = await cluster(some);
    const ran = await run(['user', 'revoke', 'johndoe', 'KapacitorAPI']);
    expect(ran).toMatchObject({ code: 0, stdout: 'revoked KapacitorAPI from user johndoe\n' });
    expect(ran.stderr).toContain(
      'johndoe no longer has KapacitorAPI in Kapacitor: role kapacitor still grants it, but this cluster does not copy',
    );
    expect(await user('johndoe')).toMatchObject({ permissions: new Map([['telegraf', ['ReadData']]]) });
  });

  it('reports that a right for one database is kept by one for all', async () => {
    const { run } = await cluster({ users: { ann: { '': ['ReadData'], telegraf: ['ReadData'] } } });
    const ran = await run(['user', 'revoke', 'ann', 'ReadData', '--db', 'telegraf']);
    expect(ran.stderr).toContain(
      'ann still has ReadData on all databases; revoke it too: kapadmin user revoke ann ReadData\n',
    );
  });

  it('of what does not exist changes nothing', async () => {
    const { run } = await cluster(some);
    const ran = await run(['user', 'revoke', 'janedoe', 'ReadData']);
    expect(ran).toEqual({ code: 0, stdout: '', stderr: 'user janedoe does not have ReadData\n' });
    expect((await run(['user', 'revoke', 'nobody', 'ReadData'])).code).toBe(5);
  });

  it('verdict 39: does not say "revoked" of what the record still shows, since a role gives it too', async () => {
    const { run } = await cluster(some, { mergeRolePermissions: true });
    const ran = await run(['user', 'revoke', 'johndoe', 'KapacitorAPI', '--wait', '60s']);
    expect(ran).toMatchObject({ code: 7, stdout: '' });
    expect(ran.stderr).toContain(
      'error: revoke KapacitorAPI from user johndoe: accepted, but the user record still includes it, perhaps because a role grants it too\n' +
        'To see which role grants it: kapadmin user show johndoe\n',
    );
    expect(ran.stderr).toContain(
      'warning: johndoe still has KapacitorAPI through role kapacitor. The user record includes it, so Kapacitor sees it. ' +
        'To remove it: kapadmin role remove-users kapacitor johndoe\n',
    );
  });

  it('verdict 3: names what still gives it, other databases included', async () => {
    const { run } = await cluster({ users: { eve: { '': ['KapacitorAPI'], telegraf: ['KapacitorAPI'] } } });
    const ran = await run(['user', 'revoke', 'eve', 'KapacitorAPI']);
    expect(ran).toMatchObject({ code: 0, stdout: 'revoked KapacitorAPI from user eve\n' });
    expect(ran.stderr).toContain(
      'warning: eve still has KapacitorAPI on database telegraf, which grants the whole API; ' +
        'revoke it too: kapadmin user revoke eve KapacitorAPI --db telegraf\n',
    );
  });

  it('verdict 3: says whether what a role keeps counts for Kapacitor', async () => {
    const { run } = await cluster(some);
    const ran = await run(['user', 'revoke', 'johndoe', 'KapacitorAPI']);
    expect(ran.stderr).toContain(
      'warning: johndoe no longer has KapacitorAPI in Kapacitor: role kapacitor still grants it, ' +
        'but this cluster does not copy role permissions into user records. ' +
        'To remove it: kapadmin role remove-users kapacitor johndoe\n',
    );
  });
});

describe('user delete', () => {
  it('deletes several', async () => {
    const { run, user } = await cluster(some);
    const ran = await run(['user', 'delete', 'johndoe', 'janedoe', '--yes']);
    expect(ran).toMatchObject({ code: 0, stdout: 'deleted user johndoe\ndeleted user janedoe\n' });
    expect(ran.stderr).toContain(
      'Kapacitor may accept logins of johndoe until the cached entry expires (up to cache-expiration). ' +
        'To end this at once: kapadmin auth flush johndoe --kapacitor URL\n',
    );
    expect(await user('johndoe')).toBeUndefined();
  });

  it('needs --yes without a terminal, before anything is sent', async () => {
    const ran = await runAlone(['user', 'delete', 'a', 'b']);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('deleting users a, b requires --yes');
  });

  it('of a missing one exits 5, of some missing ones 7, and 0 with --if-exists', async () => {
    const { run, user } = await cluster(some);
    expect(await run(['user', 'delete', 'nobody', '--yes'])).toMatchObject({ code: 5, stdout: '' });
    expect((await run(['user', 'delete', 'nobody', 'none', '--yes'])).code).toBe(5);
    const part = await run(['user', 'delete', 'nobody', 'janedoe', '--yes']);
    expect(part.code).toBe(7);
    expect(part.stdout).toContain('deleted user janedoe\n');
    expect(part.stderr).toContain('cannot delete user nobody: user "nobody" not found');
    expect(await user('janedoe')).toBeUndefined();
    const fine = await run(['user', 'delete', 'nobody', 'johndoe', '--yes', '--if-exists']);
    expect(fine).toMatchObject({ code: 0, stdout: 'deleted user johndoe\n' });
    expect(fine.stderr).toContain('user nobody not found\n');
  });

  it('sends nothing in a dry run, and needs no --yes for it', async () => {
    const { run, user } = await cluster(some);
    const ran = await run(['user', 'delete', 'johndoe', '--dry-run']);
    expect(ran).toMatchObject({ code: 0, stdout: 'would delete user johndoe\n' });
    expect(await user('johndoe')).toBeDefined();
  });
});

describe('the account of the connection', () => {
  it('may be deleted with --allow-lockout', async () => {
    const { run } = await cluster({ users: { boss: { '': ['CreateUserAndRole'] } } });
    const ran = await run(['user', 'delete', 'admin', '--yes', '--allow-lockout']);
    expect(ran).toMatchObject({ code: 0, stdout: 'deleted user admin\n' });
    expect(ran.stderr).toContain('This account can no longer read users; the change was not verified.');
  });

  it('may lose CreateUserAndRole with --allow-lockout', async () => {
    const { run } = await cluster(some);
    const ran = await run(['user', 'revoke', 'admin', 'CreateUserAndRole', '--allow-lockout']);
    expect(ran).toMatchObject({ code: 0, stdout: 'revoked CreateUserAndRole from user admin\n' });
    expect((await run(['user', 'list'])).code).toBe(4);
  });
});

describe('user passwd', () => {
  it('changes the password, and reports what Kapacitor makes of it', async () => {
    const { run, client } = await cluster(some);
    const ran = await run(['user', 'passwd', 'johndoe', '--password-stdin'], { stdin: 'new one' });
    expect(ran).toMatchObject({ code: 0, stdout: 'changed the password of user johndoe\n' });
    expect(ran.stderr).toContain(
      'may accept the old password for up to 1h plus its cache-expiration (1h10m by default)',
    );
    const { Secret } = await import('../../src/model/secret.js');
    const question = { name: 'johndoe', permission: 'NoPermissions', resource: '' };
    expect(await client.authorized({ ...question, password: new Secret('new one') })).toBe(true);
    expect(await client.authorized({ ...question, password: new Secret('pw-johndoe') })).toBe(false);
  });

  it('of the account of the connection is verified with the new one', async () => {
    const { run } = await cluster(some);
    const ran = await run(['user', 'passwd', 'admin', '--password-stdin'], { stdin: 'new' });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain(
      'admin is the account of this connection: use its new password from now on; update KAPADMIN_META_PASSWORD, which has the old one',
    );
    expect(ran.stderr).not.toContain('not seen');
    expect((await run(['user', 'list'])).code).toBe(4);
    expect((await run(['user', 'list'], { env: { KAPADMIN_META_PASSWORD: 'new' } })).code).toBe(0);
  });

  it('prints a generated one', async () => {
    const { run } = await cluster(some);
    expect((await run(['user', 'passwd', 'johndoe', '--generate'])).stdout).toMatch(/^\w{24}\n$/);
    const json = await run(['user', 'passwd', 'johndoe', '--generate', '-o', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ name: 'johndoe' });
  });

  it('of a missing user exits 5, without a source 2', async () => {
    const { run } = await cluster(some);
    expect(await run(['user', 'passwd', 'nobody', '--generate'])).toMatchObject({ code: 5, stdout: '' });
    expect(await runAlone(['user', 'passwd', 'johndoe'])).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('user show', () => {
  it('gives each permission its origin, and what Kapacitor sees of it', async () => {
    const { run } = await cluster(some);
    const { stdout } = await run(['user', 'show', 'johndoe']);
    expect(stdout).toBe(
      [
        'user           johndoe',
        'password hash  bcrypt',
        'roles          kapacitor',
        '',
        'PERMISSION          DATABASE  FROM                    KAPACITOR',
        'KapacitorAPI        all       direct, role kapacitor  seen',
        'KapacitorConfigAPI  all       role kapacitor          not seen: only through a role',
        'ReadData            telegraf  direct                  seen',
        '',
      ].join('\n'),
    );
    const yaml = await run(['user', 'show', 'janedoe', '-o', 'yaml']);
    expect(yaml.stdout).toContain('kapacitor: not-seen');
  });

  it('never shows a hash', async () => {
    const { run, user } = await cluster(some);
    const hash = (await user('johndoe'))?.hash?.reveal() ?? '';
    for (const output of ['table', 'json', 'yaml']) {
      expect((await run(['user', 'show', 'johndoe', '-o', output])).stdout).not.toContain(hash.slice(0, 29));
      expect((await run(['user', 'list', '-o', output])).stdout).not.toContain(hash.slice(0, 29));
    }
  });

  it('of a missing user exits 5', async () => {
    const { run } = await cluster();
    const ran = await run(['user', 'show', 'a\u001bb']);
    expect(ran).toMatchObject({ code: 5, stdout: '' });
    expect(ran.stderr).toBe('error: user "a\\x1bb" not found\nTo list all: kapadmin user list\n');
  });
});

describe('user list', () => {
  it('lists names, permissions and roles in every format', async () => {
    const { run } = await cluster({ ...some, users: { ...some.users, 'x, "y"': {} } });
    const names = await run(['user', 'list', '-o', 'name', '--role', 'kapacitor']);
    expect(names.stdout).toBe('janedoe\njohndoe\n');
    const table = await run(['user', 'list', '--role', 'kapacitor']);
    expect(table.stdout).toBe(
      [
        'NAME     PERMISSIONS                        ROLES',
        'janedoe                                     kapacitor',
        'johndoe  KapacitorAPI, ReadData (telegraf)  kapacitor',
        '',
      ].join('\n'),
    );
    const csv = await run(['user', 'list', '-o', 'csv']);
    expect(csv.stdout).toContain('"x, ""y""",,\r\n');
    const json = await run(['user', 'list', '-o', 'json', '--permission', 'KapacitorConfigAPI', '--via-role']);
    expect((JSON.parse(json.stdout) as { name: string }[]).map(({ name }) => name)).toEqual([
      'admin',
      'janedoe',
      'johndoe',
    ]);
  });

  it('asks for roles only where they are shown', async () => {
    const { run } = await cluster(some);
    expect((await run(['user', 'list', '-o', 'name', '--show-request'])).stderr).not.toContain('/role');
    expect((await run(['user', 'list', '--show-request'])).stderr).toContain('/role');
  });

  it('is an empty list where nobody matches, and an error for a role that is missing', async () => {
    const { run } = await cluster(some);
    expect(
      await run(['user', 'list', '--permission', 'ReadData', '--db', 'x', '--role', 'kapacitor', '-o', 'json']),
    ).toEqual({
      code: 0,
      stdout: '[]\n',
      stderr: '',
    });
    expect((await run(['user', 'list', '--role', 'nope'])).code).toBe(5);
    expect((await runAlone(['user', 'list', '--permission', 'Nope'])).code).toBe(2);
  });
});
