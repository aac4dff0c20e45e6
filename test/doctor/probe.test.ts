import { describe, expect, it } from 'vitest';
import { run } from '../../src/main.js';
import { createMetaClient } from '../../src/meta/client.js';
import { Secret } from '../../src/model/secret.js';
import { probeName } from '../../src/report/doctor/roles.js';
import { makeTestContext } from '../context.js';
import { sandbox } from '../sandbox/running.js';
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
    const line = 'roles count for Kapacitor: the document of a temporary user showed the permission of its role';
    expect(told.well.includes(line)).toBe(mergeRolePermissions);
    expect(await names(running.urls)).toEqual(['admin']);
  });

  it('writes nothing without a yes, and nothing in a dry run', async () => {
    const running = await sandbox();
    const env = environment(running.urls);
    const refused = makeTestContext({ env });
    expect(await run(['doctor', '--probe', '--show-request'], refused)).toBe(2);
    expect(refused.stderr()).toBe(
      'error: --probe writes to the cluster and needs --yes where there is no terminal to ask\nNothing was sent.\n',
    );
    const dry = makeTestContext({ env });
    expect(await run(['doctor', '--no-env', '--probe', '--dry-run', '--show-request'], dry)).toBe(0);
    expect(dry.stderr()).not.toContain('POST');
    expect(dry.stderr()).toContain('curl');
  });

  it('says what refuses it', async () => {
    const { told } = await look((await sandbox({ ldap: true })).urls, { words });
    expect(told.unchecked.find(({ id }) => id === shown)?.why).toContain('disallowed when ldap is enabled');
  });

  it('removes what an earlier run left behind, and nothing else that looks like it', async () => {
    const left = 'kapadmin-probe-0123456789ab';
    const users = [person(left), person('kapadmin-probe-mine')];
    const roles = [{ name: left, permissions: new Map(), users: [left] }];
    const running = await sandbox({ seed: { users, roles } });
    const before = await look(running.urls);
    expect(before.told.findings).toMatchObject([
      { id: 'probe-left', mends: [{ command: 'kapadmin doctor --probe --yes' }] },
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
    expect(context.stderr()).toContain('error: stopped; the temporary user and role were removed\n');
    expect(await names(running.urls)).toEqual(['admin']);
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
    expect(found?.fact.slice(0, -1)).toMatch(probeName);
    await running.revive(0);
    expect(await names(running.urls)).toContain(found?.fact.slice(0, -1));
    await look(running.urls, { words });
    expect(await names(running.urls)).toEqual(['admin']);
  });
});
