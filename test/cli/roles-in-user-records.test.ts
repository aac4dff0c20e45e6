import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { roleSentence } from '../../src/model/roles-in-user-records.js';
import { makeFolder } from '../folder.js';
import { runLine } from '../run.js';
import { cluster } from './cluster.js';

const twice = {
  users: { johndoe: { '': ['KapacitorAPI'] }, janedoe: {} },
  roles: { kapacitor: { permissions: { '': ['KapacitorAPI'] }, users: ['johndoe'] } },
};

/** A home with one profile for this node. */
function homeWith(url: string): { home: string; config: string } {
  const home = makeFolder();
  const config = path.join(home, '.config', 'kapadmin', 'config.yaml');
  mkdirSync(path.dirname(config), { recursive: true });
  writeFileSync(
    config,
    `# mine\ndefault: lab\nprofiles:\n  lab:\n    url: ${url} # the lab\n    username: admin\n    password: changeit\n`,
    { mode: 0o600 },
  );
  return { home, config };
}

describe('verdict 39: doctor --probe', () => {
  it.each([
    ['no', false],
    ['yes', true],
  ])('remembers %s in the profile', async (fact, mergeRolePermissions) => {
    const { urls } = await cluster({}, { mergeRolePermissions });
    const { home, config } = homeWith(urls[0] ?? '');
    const { stderr } = await runLine(['doctor', '--probe', '--yes', '--no-env'], { home });
    expect(stderr).toContain(`Saved in profile lab (${config}): rolesInUserRecords: ${fact}\n`);
    expect(readFileSync(config, 'utf8')).toContain(
      `# mine\ndefault: lab\nprofiles:\n  lab:\n    url: ${urls[0]} # the lab\n    username: admin\n    password: changeit\n` +
        `    rolesInUserRecords: "${fact}"\n`,
    );
    const again = await runLine(['doctor', '--probe', '--yes', '--no-env'], { home });
    expect(again.stderr).not.toContain('Remembered');
  });

  it('remembers nothing where a flag names the node instead of the profile', async () => {
    const { urls } = await cluster({});
    const { home, config } = homeWith('http://127.0.0.1:9');
    const words = ['doctor', '--probe', '--yes', '--no-env', '--meta-url', urls[0] ?? ''];
    expect((await runLine(words, { home })).stderr).toContain('The result is not saved: ');
    expect(readFileSync(config, 'utf8')).not.toContain('rolesInUserRecords');
  });
});

describe('verdict 39: doctor without a probe', () => {
  it.each(['yes', 'no'] as const)('goes by what the profile remembers: %s', async (fact) => {
    const { urls } = await cluster({}, { mergeRolePermissions: fact === 'yes' });
    const { home, config } = homeWith(urls[0] ?? '');
    writeFileSync(config, `${readFileSync(config, 'utf8')}    rolesInUserRecords: ${fact}\n`);
    const { stdout } = await runLine(['doctor', '--no-env'], { home });
    expect(stdout).toContain(roleSentence(fact));
    expect(stdout).toContain('Found by an earlier doctor --probe and stored in the profile.');
  });

  it('says that it is unknown where records show nothing, and that a record proves no', async () => {
    const { urls } = await cluster({});
    const { home } = homeWith(urls[0] ?? '');
    const { stdout } = await runLine(['doctor', '--no-env'], { home });
    expect(stdout).toContain('unknown (no user record shows it; kapadmin doctor --probe tests it');
    const proven = await cluster(twice);
    await proven.run(['role', 'add-users', 'kapacitor', 'janedoe']);
    const again = await proven.run(['doctor', '--no-env']);
    expect(again.stdout).toContain(
      `Role kapacitor grants KapacitorAPI, and the user record of its member janedoe lacks it. ${roleSentence('no')}`,
    );
    expect(again.stdout).not.toContain('never asks');
  });
});

describe('verdict 39: what is said of role permissions', () => {
  it('a role grant names the members that lack it, once, with the command that grants it', async () => {
    const { run } = await cluster(twice);
    const alone = await run(['role', 'grant', 'kapacitor', 'Monitor']);
    expect(alone.stderr).toBe('');
    expect((await run(['role', 'add-users', 'kapacitor', 'janedoe'])).stderr).toBe(
      'Kapacitor reads only the user record. This cluster does not copy role permissions into it. ' +
        'Grant KapacitorAPI to the member of the role: ' +
        'kapadmin user grant janedoe KapacitorAPI\n',
    );
    expect((await run(['role', 'show', 'kapacitor'])).stderr).toContain('kapadmin user grant janedoe KapacitorAPI');
    const both = await run(['role', 'grant', 'kapacitor', 'KapacitorConfigAPI']);
    expect(both.stderr).toContain(
      'Grant KapacitorAPI and KapacitorConfigAPI to the members of the role: ' +
        'kapadmin user grant janedoe KapacitorAPI KapacitorConfigAPI; ' +
        'kapadmin user grant johndoe KapacitorConfigAPI\n',
    );
    expect(both.stderr.match(/Kapacitor reads/g)).toHaveLength(1);
  });

  it('a role grant says nothing where the cluster copies it, or nobody is a member', async () => {
    const { run } = await cluster(twice, { mergeRolePermissions: true });
    expect((await run(['role', 'add-users', 'kapacitor', 'janedoe'])).stderr).toBe('');
    expect((await run(['role', 'grant', 'kapacitor', 'KapacitorConfigAPI'])).stderr).toBe('');
    expect((await run(['role', 'create', 'empty', '--grant', 'KapacitorAPI'])).stderr).toBe('');
    expect((await run(['user', 'create', 'new', '--generate', '--role', 'kapacitor'])).stderr).not.toContain('record');
  });

  it.each([false, true])('user show does not call direct what a role gives too (merged: %s)', async (merged) => {
    const { run } = await cluster(twice, { mergeRolePermissions: merged });
    const { stdout, stderr } = await run(['user', 'show', 'johndoe']);
    expect(stdout).toMatch(/^KapacitorAPI +all +user record, role kapacitor +seen$/m);
    expect(stderr).toContain(
      'The user record includes KapacitorAPI, and role kapacitor grants it too. ' +
        'Whether johndoe keeps it without the role is unknown; to find out: kapadmin doctor --probe',
    );
    const json = JSON.parse((await run(['user', 'show', 'johndoe', '-o', 'json'])).stdout);
    expect(json.effective).toEqual([
      {
        permission: 'KapacitorAPI',
        scope: '',
        inUserRecord: true,
        direct: 'unknown',
        roles: ['kapacitor'],
        kapacitor: 'seen',
      },
    ]);
  });

  it('user show calls it direct where the profile knows that the cluster does not copy', async () => {
    const { urls } = await cluster(twice);
    const { home, config } = homeWith(urls[0] ?? '');
    writeFileSync(config, `${readFileSync(config, 'utf8')}    rolesInUserRecords: no\n`);
    const { stdout, stderr } = await runLine(['user', 'show', 'johndoe'], { home });
    expect(stdout).toMatch(/^KapacitorAPI +all +direct, role kapacitor +seen$/m);
    expect(stderr).toBe('');
  });
});

describe('what a change of a role says of the caches of Kapacitor', () => {
  const members = {
    users: { johndoe: {}, janedoe: {} },
    roles: { kapacitor: { permissions: { '': ['KapacitorAPI'] }, users: ['johndoe'] } },
  };
  const johns =
    'Takes effect in Kapacitor when its cached entry for johndoe expires (up to cache-expiration), ' +
    'or at once with: kapadmin auth flush johndoe --kapacitor URL\n';

  it.each([
    [['role', 'grant', 'kapacitor', 'KapacitorConfigAPI'], johns],
    [['role', 'grant', 'kapacitor', 'ReadData'], ''],
    [['role', 'revoke', 'kapacitor', 'KapacitorAPI'], johns],
    [['role', 'add-users', 'kapacitor', 'janedoe'], johns.replaceAll('johndoe', 'janedoe')],
    [['role', 'remove-users', 'kapacitor', 'johndoe'], johns],
    [['role', 'delete', 'kapacitor', '--yes'], johns],
  ])('%j', async (words, note) => {
    for (const fact of ['yes', 'no', 'unknown'] as const) {
      const { urls } = await cluster(members, { mergeRolePermissions: fact === 'yes' });
      const { home, config } = homeWith(urls[0] ?? '');
      writeFileSync(config, `${readFileSync(config, 'utf8')}    rolesInUserRecords: ${fact}\n`);
      const { code, stderr } = await runLine(words, { home });
      expect(code).toBe(0);
      if (fact === 'yes') expect(stderr).toBe(note);
      else expect(stderr).not.toContain('auth flush');
    }
  });
});
