import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { cluster, type Small } from './cluster.js';

const manage = { '': ['CreateUserAndRole'] };
const others: Small = { users: { johndoe: {}, janedoe: {} } };
const refused = 'No changes were made. To do it anyway, add --allow-lockout.\n';

describe('verdict 4: a change that would lock out the account of the connection, or all managers', () => {
  it.each([
    ['user revoke', ['user', 'revoke', 'admin', 'CreateUserAndRole']],
    ['user delete', ['user', 'delete', 'admin', '--yes']],
    ['user delete of several', ['user', 'delete', 'johndoe', 'admin', '--yes']],
    ['a dry run', ['user', 'delete', 'admin', '--yes', '--dry-run']],
  ])('is refused: %s', async (_, words) => {
    const { run, user } = await cluster(others);
    const ran = await run(words);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('admin is the account of this connection and would lose CreateUserAndRole\n');
    expect(ran.stderr).toContain(refused);
    expect(await user('admin')).toBeDefined();
    expect(await user('johndoe')).toBeDefined();
  });

  it.each([
    ['role revoke', ['role', 'revoke', 'admins', 'CreateUserAndRole']],
    ['role delete', ['role', 'delete', 'admins', '--yes']],
    ['role remove-users', ['role', 'remove-users', 'admins', 'chief']],
  ])('is refused of the role that lets the account manage: %s', async (_, words) => {
    const { run, role } = await cluster({
      users: { chief: {}, deputy: manage },
      roles: { admins: { permissions: { '': ['CreateUserAndRole', 'Monitor'] }, users: ['chief'] } },
    });
    const env = { KAPADMIN_META_USERNAME: 'chief', KAPADMIN_META_PASSWORD: 'pw-chief' };
    const ran = await run(words, { env });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('chief is the account of this connection');
    expect((await role('admins'))?.users).toEqual(['chief']);
    expect((await run([...words, '--allow-lockout'], { env })).code).toBe(0);
  });

  it('is refused where the last manager would go, whoever asks', async () => {
    const { run, user } = await cluster({ users: { chief: manage } }, { auth: false, admin: null });
    const env = { KAPADMIN_META_USERNAME: '', KAPADMIN_META_PASSWORD: '' };
    const ran = await run(['user', 'delete', 'chief', '--yes'], { env });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('chief is the last user with CreateUserAndRole');
    expect(await user('chief')).toBeDefined();
  });

  it('is never allowed by a plan file', async () => {
    const { run, user } = await cluster({ users: { boss: manage } });
    const cwd = makeFolder({
      'users.yaml': 'users: { boss: { permissions: { "": [CreateUserAndRole] } } }\noptions: { manage: all }',
    });
    const planned = await run(['plan', 'users.yaml', '--prune', '--allow-lockout', '--out', 'plan.json'], { cwd });
    expect(planned.stdout).toContain('  - admin\n');
    const ran = await run(['apply', 'plan.json', '--yes'], { cwd });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(refused);
    expect(await user('admin')).toBeDefined();
    expect(await run(['apply', 'plan.json', '--yes', '--allow-lockout'], { cwd })).toMatchObject({
      code: 0,
      stdout: 'deleted user admin\n',
    });
  });

  it('costs nothing where nobody who can manage is concerned', async () => {
    const { run } = await cluster(others);
    const ran = await run(['user', 'delete', 'johndoe', '--yes', '--show-request']);
    expect(ran.code).toBe(0);
    expect(ran.stderr).not.toMatch(/^curl -u.*\/user$/m);
  });
});
