import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.js';
import { makeFolder } from '../folder.js';
import { sandbox } from '../sandbox/running.js';
import { runLine } from '../run.js';
import { environment, look, lookAt, person } from './doctor.js';

const pbkdf2 = 'pbkdf2-sha256$10000$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';

function role(name: string, permissions: readonly string[], users: readonly string[]) {
  return { name, permissions: new Map([['', permissions]]), users };
}

describe('doctor on access', () => {
  it('finds a cluster that anybody can read', async () => {
    const { code, told } = await lookAt({ auth: false, nodes: 2 });
    expect(code).toBe(1);
    expect(told.findings).toMatchObject([
      { id: 'anonymous-read', severity: 'error', fixes: [{ setting: 'auth-enabled = true' }] },
    ]);
    expect(told.findings[0]?.fact).toMatch(/returns 200 from 127\.0\.0\.1:\d+, 127\.0\.0\.1:\d+\.$/);
  });

  it('finds a cluster without a first user, and the command that makes it', async () => {
    const { ids, told } = await lookAt({ admin: null });
    expect(ids).toEqual(['no-users']);
    expect(told.findings[0]?.fixes[0]?.command).toBe('kapadmin bootstrap admin --generate');
  });

  it('says that its own account is refused, and that nothing is known of users then', async () => {
    const running = await sandbox();
    const { code, ids, told } = await look(running.urls, { env: { KAPADMIN_META_PASSWORD: 'wrong' } });
    expect({ code, ids }).toEqual({ code: 1, ids: ['account-refused'] });
    expect(told.unchecked.map(({ id }) => id)).toContain('hash-not-bcrypt');
    const nobody = await look(running.urls, { env: { KAPADMIN_META_USERNAME: '', KAPADMIN_META_PASSWORD: '' } });
    expect(nobody.told.findings[0]?.fixes[0]?.setting).toContain('--meta-username NAME');
  });

  it('distinguishes accounts that may read, may not read, and may change', async () => {
    const seed = { users: [person('reader', { '': ['Monitor'] })], roles: [] };
    const running = await sandbox({ seed });
    const env = { KAPADMIN_META_USERNAME: 'reader', KAPADMIN_META_PASSWORD: 'pw-reader' };
    const { told } = await look(running.urls, { env });
    expect(told.findings).toMatchObject([
      { id: 'account-rights', fixes: [{ command: 'kapadmin user grant reader CreateUserAndRole' }] },
    ]);
    const open = await sandbox({ seed, auth: false });
    expect((await look(open.urls, { env })).ids).toEqual(['account-cannot-write', 'anonymous-read']);
  });

  it('verdict 28: says that writes may be refused where they were not tried, and they succeed', async () => {
    const open = await sandbox({ seed: { users: [person('reader')], roles: [] }, auth: false });
    const env = { KAPADMIN_META_USERNAME: 'reader', KAPADMIN_META_PASSWORD: 'pw-reader' };
    const { told } = await look(open.urls, { env });
    expect(told.findings.find(({ id }) => id === 'account-cannot-write')).toMatchObject({
      severity: 'info',
      title: 'The account of this connection may not be able to change users',
      consequence: 'Commands that write may be rejected (exit code 4); this was not tested.',
    });
    const written = await runLine(['user', 'create', 'new', '--generate'], {
      env: environment(open.urls, env),
    });
    expect(written.code).toBe(0);
  });

  it('takes a bearer token of the shared secret, too', async () => {
    const running = await sandbox({ sharedSecret: new Secret('the shared secret') });
    const cwd = makeFolder({ secret: 'the shared secret' });
    const env = { KAPADMIN_META_PASSWORD: '', KAPADMIN_META_SECRET_FILE: 'secret' };
    const { ids, told } = await look(running.urls, { env, cwd });
    expect(ids).toEqual([]);
    expect(told.ok).toContain('users and roles can be read with the shared secret, which may also change them');
  });

  it('notes LDAP, and takes members of roles for users of LDAP', async () => {
    const seed = { users: [], roles: [role('r', ['ReadData'], ['from-ldap'])] };
    const { code, ids } = await lookAt({ ldap: true, seed });
    expect({ code, ids }).toEqual({ code: 0, ids: ['ldap-on'] });
  });
});

describe('doctor on users and roles', () => {
  it('finds each document that does not do for Kapacitor what it seems to', async () => {
    const users = [
      person('fips', {}, pbkdf2),
      person('typo', { '': ['ManageContnuousQuery', 'KapacitorAPI'] }),
      person('scoped', { telegraf: ['KapacitorAPI'] }),
      person('member'),
    ];
    const roles = [role('kapacitor', ['KapacitorAPI'], ['member', 'gone']), role('idle', ['ReadData'], [])];
    const { code, ids, told } = await lookAt({ seed: { users, roles } });
    expect(code).toBe(1);
    expect(ids).toEqual([
      'hash-not-bcrypt',
      'kapacitor-admin-makers',
      'permission-unknown',
      'right-only-by-role',
      'right-scoped',
      'role-empty',
      'role-member-missing',
      'role-rights-hidden',
    ]);
    const facts = new Map(told.findings.map(({ id, fact }) => [id, fact]));
    expect(facts.get('hash-not-bcrypt')).toBe('fips: PBKDF2.');
    expect(facts.get('permission-unknown')).toBe('typo has ManageContnuousQuery.');
    expect(facts.get('right-scoped')).toBe('scoped has KapacitorAPI on telegraf.');
    expect(facts.get('right-only-by-role')).toBe('member has KapacitorAPI through kapacitor.');
    expect(facts.get('role-member-missing')).toBe('gone does not exist.');
    expect(JSON.stringify(told)).not.toContain(pbkdf2.slice(14));
  });

  it('names who can create a Kapacitor administrator, and how many; explain knows why', async () => {
    const users = [
      person('ann', { '': ['KapacitorAPI'] }),
      person('bob', { '': ['KapacitorConfigAPI'] }),
      person('cid', { telegraf: ['KapacitorAPI'] }),
      person('dan', { '': ['KapacitorAPI', 'Nope'] }),
      person('eve', { '': ['KapacitorAPI', 'KapacitorConfigAPI'] }),
    ];
    const { told } = await lookAt({ seed: { users, roles: [] } });
    expect(told.findings.find(({ id }) => id === 'kapacitor-admin-makers')).toMatchObject({
      severity: 'info',
      fact: '2 users with KapacitorAPI: ann, cid.',
      fixes: [{ command: 'kapadmin user list --permission KapacitorAPI' }],
    });
    const { stdout } = await runLine(['explain', 'kapacitor-admin-makers']);
    expect(stdout).toContain('POST /kapacitor/v1/users');
  });

  it('needs no right directly where the cluster shows those of roles', async () => {
    const seed = { users: [person('member')], roles: [role('kapacitor', ['KapacitorConfigAPI'], ['member'])] };
    const { ids, told } = await lookAt({ seed, mergeRolePermissions: true });
    expect(ids).toEqual([]);
    expect(told.unknown.map(({ what }) => what)).toContain('whether user records include role permissions');
  });

  it('names users in its lines as they can be pasted, whatever they are called', async () => {
    const name = "__proto__ 'o\n";
    const { told } = await lookAt({ seed: { users: [person(name, { '': ['Nope'] })], roles: [] } });
    const [found] = told.findings;
    expect(found?.fact).toBe(`"${name}" has Nope.`);
    expect(found?.fixes[0]?.command).toBeUndefined();
  });
});
