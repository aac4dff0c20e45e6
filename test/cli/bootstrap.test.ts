import { describe, expect, it } from 'vitest';
import { permissions } from '../../src/model/permissions.js';
import { runLine } from '../run.js';
import { sandbox } from '../sandbox/running.js';
import { runAlone } from './cluster.js';

const all = permissions.map((row) => row.name).filter((name) => name !== 'NoPermissions');
const words = ['bootstrap', 'root', '--password-stdin'];
const piped = { stdin: 'Pa5sw0Rd' };

function at(url: string, account: Readonly<Record<string, string>> = {}) {
  return { ...piped, env: { KAPADMIN_META_URL: url, ...account } };
}

describe('bootstrap', () => {
  it('makes the first user with every permission, and checks that others must log in', async () => {
    const { url } = await sandbox({ admin: null });
    const ran = await runLine(words, at(url));
    expect(ran).toEqual({
      code: 0,
      stdout: 'created user root\ngranted all permissions to user root\n',
      stderr: 'Verified: anonymous access is disabled.\n',
    });
    const login = at(url, { KAPADMIN_META_USERNAME: 'root', KAPADMIN_META_PASSWORD: 'Pa5sw0Rd' });
    const shown = await runLine(['user', 'show', 'root', '-o', 'json'], login);
    const { permissions: granted } = JSON.parse(shown.stdout) as { permissions: Record<string, string[]> };
    expect(granted['']?.toSorted()).toEqual(all.toSorted());
  });

  it('needs no credentials, and does not send those of the connection', async () => {
    const { url } = await sandbox({ admin: null });
    const account = { KAPADMIN_META_USERNAME: 'other', KAPADMIN_META_PASSWORD: 'other' };
    const ran = await runLine([...words, '--show-request'], at(url, account));
    expect(ran.code).toBe(0);
    expect(ran.stderr).not.toContain('other');
    expect(ran.stderr).toMatch(/^curl -X POST -H.*"action":"create"/m);
    expect(ran.stderr).toMatch(/^curl -X POST -u 'root:\*\*\*'.*"action":"add-permissions"/m);
  });

  it('says what to set where everybody can read without credentials', async () => {
    const { url } = await sandbox({ admin: null, auth: false });
    const ran = await runLine([...words, '-o', 'json'], at(url));
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      anonymousRead: 'allowed',
      changes: [
        { action: 'create', status: 'done' },
        { action: 'add-permissions', status: 'done' },
      ],
    });
    expect(ran.stderr).toMatch(/^warning: anyone can read .* auth-enabled = true in the \[meta\] section/);
  });

  it('prints a generated password', async () => {
    const { url } = await sandbox({ admin: null });
    const ran = await runLine(['bootstrap', 'root', '--generate', '-o', 'json'], at(url));
    expect(JSON.parse(ran.stdout)).toEqual({ name: 'root', password: expect.stringMatching(/^\w{24}$/) as string });
  });

  it.each([[true], [false]])('refuses a cluster that has users (authentication: %s)', async (auth) => {
    const { url } = await sandbox({ auth });
    const ran = await runLine(words, at(url));
    expect(ran).toMatchObject({ code: 6, stdout: '' });
    expect(ran.stderr).toMatch(/^error: the cluster already has users: .*\n.*kapadmin user create/);
  });

  it('sends no write in a dry run', async () => {
    const { url } = await sandbox({ admin: null });
    const ran = await runLine([...words, '--dry-run'], at(url));
    expect(ran).toMatchObject({
      code: 0,
      stdout: 'would create user root\nwould grant all permissions to user root\n',
    });
    expect((await runLine(words, at(url))).code).toBe(0);
  });

  it('does not send the password to a leader that is not named', async () => {
    const { urls } = await sandbox({ admin: null, nodes: 3 });
    const ran = await runLine(words, at(urls[2] ?? ''));
    expect(ran).toMatchObject({ code: 3, stdout: '' });
    expect(ran.stderr).toContain(`add: --meta-url ${urls[0]}`);
  });

  it('works through followers that lag', async () => {
    const { urls } = await sandbox({ admin: null, nodes: 3, lag: 200 });
    const ran = await runLine(words, at(urls.toReversed().join(',')));
    expect(ran.stderr).toBe('Verified: anonymous access is disabled.\n');
    expect(ran.code).toBe(0);
  });

  it('gets over a connection that breaks after the user was created', async () => {
    for (let seed = 1; seed <= 3; seed++) {
      const plan = { reset: 0.3, unavailable: 0, truncate: 0, garbage: 0, delay: 0 };
      const { url } = await sandbox({ admin: null, faults: { plan, seed } });
      const ran = await runLine([...words, '--retries', '20'], at(url));
      expect(ran.stdout).toBe('created user root\ngranted all permissions to user root\n');
    }
  });

  it('refuses a bad name, no password, and a node that cannot be reached', async () => {
    expect((await runAlone(['bootstrap', '', '--generate'])).code).toBe(2);
    expect((await runAlone(['bootstrap', 'root'])).code).toBe(2);
    expect((await runAlone([...words, '--retries', '0'], piped)).code).toBe(3);
  });
});
