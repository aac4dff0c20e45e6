import { describe, expect, it } from 'vitest';
import { probeRoles } from '../../src/doctor/probe-role-copy.js';
import type { DoctorContext } from '../../src/doctor/nodes.js';
import { run } from '../../src/cli/run.js';
import type { MetaClient } from '../../src/meta/client-types.js';
import { createMetaClient } from '../../src/meta/client.js';
import { Secret } from '../../src/model/secret.js';
import { roleSentence } from '../../src/model/roles-in-user-records.js';
import { probeNamePattern } from '../../src/diagnostics/doctor/checks/users-and-roles.js';
import { makeTestContext } from '../context.js';
import { sandbox } from '../sandbox/running.js';
import { meddling, type Meddle } from '../cli/proxy.js';
import { environment, look, person } from './doctor.js';

const words = ['--probe', '--yes'];
const shown = 'role-rights-hidden';

/** Names of all users and roles. */
async function names(urls: readonly string[]): Promise<readonly string[]> {
  const credentials = { kind: 'basic', username: 'admin', password: new Secret('changeit') } as const;
  const client = createMetaClient({ nodes: urls, credentials, readLeader: true });
  try {
    return [...(await client.users()), ...(await client.roles())].map(({ name }) => name);
  } finally {
    await client.close();
  }
}

describe('doctor --probe', () => {
  it.each([
    ['shows', true],
    ['does not show', false],
  ])('finds out that a cluster %s the permissions of roles, and leaves nothing', async (_, mergeRolePermissions) => {
    const running = await sandbox({ mergeRolePermissions, nodes: 3, lag: 200 });
    const { code, ids, told } = await look(running.urls, { words });
    expect(code).toBe(0);
    expect(ids).toEqual(mergeRolePermissions ? [] : [shown]);
    const line = `${roleSentence('yes')} The user record of a temporary user included the permission of its role.`;
    const fact = `The user record of a temporary user lacked the permission of its role. ${roleSentence('no')}`;
    expect(told.findings.map((one) => one.fact)).toEqual(mergeRolePermissions ? [] : [fact]);
    expect(told.ok.includes(line)).toBe(mergeRolePermissions);
    expect(await names(running.urls)).toEqual(['admin']);
  });

  it('writes nothing without a yes, and nothing in a dry run', async () => {
    const running = await sandbox();
    const env = environment(running.urls);
    const refused = makeTestContext({ env });
    expect(await run(['doctor', '--probe', '--show-request'], refused)).toBe(2);
    expect(refused.stderr()).toBe(
      'error: --probe writes to the cluster and requires --yes without a terminal\nNo changes were made.\n',
    );
    const dry = makeTestContext({ env });
    expect(await run(['doctor', '--no-env', '--probe', '--dry-run', '--show-request'], dry)).toBe(0);
    expect(dry.stderr()).not.toContain('POST');
    expect(dry.stderr()).toContain('curl');
  });

  it('verdict 26: where LDAP refuses the probe user, nothing was made and nothing is left', async () => {
    const { urls } = await sandbox({ ldap: true });
    const { code, ids, told } = await look(urls, { words });
    expect({ code, ids }).toEqual({ code: 0, ids: ['ldap-on'] });
    const why = told.unchecked.find(({ id }) => id === shown)?.why;
    expect(why).toContain('disallowed when ldap is enabled');
    expect(why).toContain(roleSentence('unknown'));
    expect(await names(urls)).toEqual(['admin']);
  });

  it('verdict 26: what LDAP does not let be removed is left, and the fix says what it waits for', async () => {
    const seed = { users: [person('kapadmin-probe-0123456789ab')], roles: [] };
    const { told } = await look((await sandbox({ ldap: true, seed })).urls, { words });
    expect(told.findings.find(({ id }) => id === 'probe-left')?.fixes).toEqual([
      { what: 'To remove it, once LDAP is disabled', command: 'kapadmin doctor --probe --yes' },
    ]);
  });

  const accepted = { status: 200, answer: '' };
  /** A role whose name is asked for, with these contents. */
  const answersRole =
    (contents: object): Meddle =>
    ({ method, path }) => {
      if (!path.startsWith('/role')) return undefined;
      if (method === 'POST') return accepted;
      const name = new URL(path, 'http://x').searchParams.get('name');
      const roles = name === null || Object.keys(contents).length === 0 ? [] : [{ name, ...contents }];
      return { status: 200, answer: JSON.stringify({ roles }) };
    };
  const full = { '': ['ViewChronograf'] };

  it.each([
    ['has no role', {}, 'the temporary role is missing when it is read back'],
    [
      'has a role without the permission',
      { users: ['x'] },
      'the temporary role has no permission when it is read back',
    ],
    ['has a role without the member', { permissions: full }, 'the temporary role has no member when it is read back'],
  ])(
    'verdict 27: a cluster that ignores role changes and %s: not known, and nothing remembered',
    async (_, given, why) => {
      const running = await sandbox();
      const url = await meddling(running.url, answersRole(given));
      const { ids, told, stderr } = await look([url], { words });
      expect(ids).not.toContain(shown);
      expect(told.unknown).toContainEqual({
        what: 'whether user records include role permissions',
        why: `${why}. ${roleSentence('unknown')}`,
      });
      expect(JSON.stringify(told)).not.toContain('Roles work');
      expect(stderr).not.toContain('emembered');
    },
  );

  it('removes what an earlier run left behind, and nothing else that looks like it', async () => {
    const left = 'kapadmin-probe-0123456789ab';
    const users = [person(left), person('kapadmin-probe-mine')];
    const roles = [{ name: left, permissions: new Map(), users: [left] }];
    const running = await sandbox({ seed: { users, roles } });
    const before = await look(running.urls);
    expect(before.told.findings).toMatchObject([
      { id: 'probe-left', fixes: [{ command: 'kapadmin doctor --probe --yes' }] },
    ]);
    expect((await look(running.urls, { words })).ids).toEqual([shown]);
    expect(await names(running.urls)).toEqual(['admin', 'kapadmin-probe-mine']);
  });

  it.each([2, 3, 4, 5])('removes what it made when it is stopped after %i writes, and says so', async (count) => {
    const running = await sandbox();
    const context = makeTestContext({ env: environment(running.urls) });
    let posts = 0;
    const io = {
      ...context.io,
      err: (text: string) => {
        context.io.err(text);
        if (text.includes('POST') && ++posts === count) context.interrupt();
      },
    };
    const code = await run(['doctor', '--no-env', ...words, '--debug'], { ...context, io });
    expect(code).toBe(130);
    expect(context.stderr()).toContain('error: stopped by SIGINT; the temporary user and role were removed\n');
    expect(await names(running.urls)).toEqual(['admin']);
  });

  it('attack new-bug-in-write: a bug in the middle leaves nothing either, and the error says so', async () => {
    const { urls } = await sandbox();
    const credentials = { kind: 'basic', username: 'admin', password: new Secret('changeit') } as const;
    const client = createMetaClient({ nodes: urls, credentials });
    const faulty: MetaClient = {
      ...client,
      writeRole: async (write, options) => {
        if (write.action === 'add-users') throw new TypeError('no such thing');
        return client.writeRole(write, options);
      },
    };
    const probe = probeRoles(faulty, { context: makeTestContext() } as Pick<DoctorContext, 'context'> as DoctorContext);
    await expect(probe).rejects.toMatchObject({
      kind: 'bug',
      message:
        'cannot finish the probe (the temporary user and role were removed): this is a bug in kapadmin: no such thing',
    });
    await client.close();
    expect(await names(urls)).toEqual(['admin']);
  });

  it('says what it could not remove; the next run removes it', async () => {
    const running = await sandbox();
    const context = makeTestContext({ env: environment(running.urls) });
    let posts = 0;
    const io = {
      ...context.io,
      err: (text: string) => {
        context.io.err(text);
        if (text.includes('POST') && ++posts === 5) void running.kill(0);
      },
    };
    const dead = await run(['doctor', '--no-env', '-o', 'json', '--retries', '0', ...words, '--debug'], {
      ...context,
      io,
    });
    expect(dead).toBe(1);
    const told = JSON.parse(context.stdout()) as { findings: { id: string; fact: string }[] };
    const found = told.findings.find(({ id }) => id === 'probe-left');
    expect(found?.fact.slice(0, -1)).toMatch(probeNamePattern);
    await running.revive(0);
    expect(await names(running.urls)).toContain(found?.fact.slice(0, -1));
    await look(running.urls, { words });
    expect(await names(running.urls)).toEqual(['admin']);
  });
});
