import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.js';
import { makeTestContext, type TestOptions } from '../context.js';
import { makeTypist } from '../typist.js';
import { cluster, runAlone, type TestCluster } from './cluster.js';

const small = {
  users: { ann: { '': ['ReadData'] }, joe: { '': ['ReadData', 'KapacitorAPI'], telegraf: ['WriteData'] } },
  roles: { readers: { permissions: { '': ['ReadData'] }, users: ['ann'] }, empty: {} },
};

type Lines = Parameters<ReturnType<typeof makeTypist>['play']>[1];

/** Runs a command line at a terminal, where someone answers. */
async function answering({ urls }: TestCluster, argv: readonly string[], lines: Lines, options: TestOptions = {}) {
  const { stdin, play } = makeTypist();
  const env = {
    TERM: 'xterm',
    KAPADMIN_META_URL: urls.join(','),
    KAPADMIN_META_USERNAME: 'admin',
    KAPADMIN_META_PASSWORD: 'changeit',
  };
  const context = makeTestContext({ stdin, terminal: true, columns: 80, env, ...options });
  const ended = run(argv, context);
  await play(context, lines);
  return { code: await ended, stdout: context.stdout(), stderr: context.stderr() };
}

describe('an argument that is left out, without a terminal,', () => {
  it.each([
    ['user create', "missing required argument 'user'", 'Usage: kapadmin user create [options] <user...>'],
    ['user create --generate', "missing required argument 'user'", ''],
    ['user show', "missing required argument 'user'", 'Usage: kapadmin user show [options] <user>'],
    ['user delete --yes', "missing required argument 'user'", ''],
    ['user passwd', "missing required argument 'user'", ''],
    ['user grant', "missing required arguments 'user' and 'permission'", 'Add permissions or --preset.'],
    ['user grant joe', "missing required argument 'permission'", 'Add permissions or --preset.'],
    ['user grant --preset kapacitor-admin', "missing required argument 'user'", ''],
    ['user revoke', "missing required arguments 'user' and 'permission'", ''],
    ['user revoke joe', "missing required argument 'permission'", ''],
    ['role create', "missing required argument 'role'", ''],
    ['role show', "missing required argument 'role'", ''],
    ['role delete --yes', "missing required argument 'role'", ''],
    ['role rename', "missing required arguments 'old' and 'new'", ''],
    ['role rename kapa', "missing required argument 'new'", ''],
    ['role grant', "missing required arguments 'role' and 'permission'", ''],
    ['role revoke r', "missing required argument 'permission'", ''],
    ['role add-users', "missing required arguments 'role' and 'user'", ''],
    ['role remove-users r', "missing required argument 'user'", ''],
    ['bootstrap', "missing required argument 'user'", 'Usage: kapadmin bootstrap [options] <user>'],
  ])('is named: %s', async (words, message, hint) => {
    for (const terminal of [false, { stdin: true }, { stderr: true, stdout: true }]) {
      const { code, stdout, stderr } = await runAlone(words.split(' '), { terminal });
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(message);
      expect(stderr).toContain(hint);
    }
  });

  it('is one JSON object with -o json', async () => {
    const { code, stderr } = await runAlone(['user', 'revoke', '-o', 'json']);
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'usage',
        message: "missing required arguments 'user' and 'permission'",
        hint: 'Usage: kapadmin user revoke [options] <user> <permission...>',
      },
    });
  });

  it('shows in help as one that is needed', async () => {
    const { stdout } = await runAlone(['user', 'passwd', '--help']);
    expect(stdout).toContain('Usage: kapadmin user passwd [options] <user>');
  });
});

describe('a name that is left out', () => {
  it('is asked for, and the password after it', async () => {
    const there = await cluster(small);
    const ended = await answering(
      there,
      ['user', 'create'],
      [
        ['Name of the new user', 'bob\r'],
        ['Password of the new user bob', 'xqz-1\r'],
        ['Confirm password', 'xqz-1\r'],
      ],
    );
    expect(ended).toMatchObject({ code: 0, stdout: 'created user bob\n' });
    expect(ended.stderr).not.toContain('xqz');
    expect(await there.user('bob')).toBeDefined();
  });

  it('is asked for again where it will not do', async () => {
    const there = await cluster(small);
    const { code, stdout } = await answering(
      there,
      ['role', 'create'],
      [
        ['Name of the new role', '\r'],
        ['must not be empty', ' \r'],
        ['must not be empty', '\u0015a\u0085b\r'],
        ['must not contain control characters', '\u0015writers\r'],
      ],
    );
    expect([code, stdout]).toEqual([0, 'created role writers\n']);
  });

  it('of one who does not exist is reported as ever', async () => {
    const { code, stderr } = await answering(
      await cluster(small),
      ['user', 'show'],
      [
        ['Name of the user', '\r'],
        ['A name is required.', 'nobody\r'],
      ],
    );
    expect(code).toBe(5);
    expect(stderr).toContain('user "nobody" not found');
  });

  it('is asked for twice by rename', async () => {
    const there = await cluster(small);
    const { code } = await answering(
      there,
      ['role', 'rename'],
      [
        ['Name of the role', 'readers\r'],
        ['Name of the new role', 'watchers\r'],
      ],
    );
    expect(code).toBe(0);
    expect(await there.role('watchers')).toMatchObject({ users: ['ann'] });
  });

  it('is asked for in a dry run too, and nothing is written', async () => {
    const there = await cluster(small);
    const { code } = await answering(there, ['role', 'delete', '--dry-run'], [['Name of the role', 'readers\r']]);
    expect(code).toBe(0);
    expect(await there.role('readers')).toBeDefined();
  });
});

describe('permissions that are left out', () => {
  it("to grant are those that the user has not, Kapacitor's first, each with what it allows", async () => {
    const there = await cluster(small);
    const ended = await answering(
      there,
      ['user', 'grant', 'joe'],
      [
        [/◯ ViewAdmin/, '\u001b[A'],
        [/◯ KapacitorConfigAPI/, '21\r'],
      ],
    );
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('Permissions to grant to user joe for all databases (15 more below)');
    expect(ended.stderr.indexOf('◯ KapacitorConfigAPI')).toBeLessThan(ended.stderr.indexOf('◯ ViewAdmin'));
    expect(ended.stderr).toMatch(/◯ ViewAdmin +see the admin pages/);
    expect(ended.stderr).toMatch(/KapacitorConfigAPI +Kapacitor: read and change the configuration/);
    expect(ended.stderr).not.toMatch(/◯ (ReadData|KapacitorAPI|NoPermissions)\b/);
    const held = (await there.user('joe'))?.permissions.get('') ?? [];
    expect(held.toSorted()).toEqual(['KapacitorAPI', 'KapacitorConfigAPI', 'ReadData', 'ViewAdmin']);
  });

  it('fit the width of the terminal', async () => {
    const lines: Lines = [[/◯ ViewAdmin/, '1\r']];
    const { stderr } = await answering(await cluster(small), ['user', 'grant', 'joe'], lines, { columns: 40 });
    const rows = stripVTControlCharacters(stderr)
      .split('\n')
      .filter((line) => /◯/.test(line));
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter((line) => line.length > 40)).toEqual([]);
    expect(stderr).toContain('…');
  });

  it('to revoke are those that the user has there', async () => {
    const there = await cluster(small);
    const ended = await answering(
      there,
      ['user', 'revoke'],
      [
        ['Name of the user', 'joe\r'],
        [/◯ KapacitorAPI/, '\r'],
        ['At least one choice must be selected', '2\r'],
      ],
    );
    expect(ended).toMatchObject({ code: 0, stdout: 'revoked KapacitorAPI from user joe\n' });
    expect(ended.stderr).not.toMatch(/WriteData|CopyShard/);
  });

  it('to revoke for a database are those for it', async () => {
    const lines: Lines = [[/◯ WriteData/, '1\r']];
    const { stdout } = await answering(await cluster(small), ['user', 'revoke', 'joe', '--db', 'telegraf'], lines);
    expect(stdout).toBe('revoked WriteData on telegraf from user joe\n');
  });

  it.each([
    [['user', 'revoke', 'ann', '--db', 'telegraf'], 2, 'kapadmin user revoke ann\n'],
    [['role', 'revoke', 'empty'], 2, 'role empty has no permission for all databases'],
    [['user', 'revoke', 'nobody'], 5, 'user "nobody" not found'],
    [['role', 'grant', 'nothing'], 5, 'role "nothing" not found'],
    [['role', 'add-users', 'nothing'], 5, 'role "nothing" not found'],
    [['role', 'remove-users', 'empty'], 2, 'role empty has no members'],
  ])('are not asked for where there are none: %s', async (argv, code, says) => {
    const ended = await answering(await cluster(small), argv, []);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(says);
  });

  it('are not asked for beside a preset', async () => {
    const { code } = await answering(await cluster(small), ['user', 'grant', 'ann', '--preset', 'kapacitor-admin'], []);
    expect(code).toBe(0);
  });
});

describe('members that are left out', () => {
  it('are chosen of the users that are none', async () => {
    const there = await cluster(small);
    const ended = await answering(there, ['role', 'add-users', 'readers'], [[/◯ joe +KapacitorAPI/, '2\r']]);
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('Users to add to role readers');
    expect(ended.stderr).not.toMatch(/◯ ann/);
    expect((await there.role('readers'))?.users).toEqual(['ann', 'joe']);
  });

  it('are chosen of the members', async () => {
    const there = await cluster(small);
    const ended = await answering(there, ['role', 'remove-users', 'readers'], [[/◯ ann/, '1\r']]);
    expect(ended.code).toBe(0);
    expect((await there.role('readers'))?.users).toEqual([]);
  });

  it('are typed where there are too many to read', async () => {
    const names = Array.from({ length: 201 }, (_, i) => `user${i}`);
    const users = Object.fromEntries(names.map((name) => [name, {}]));
    const there = await cluster({ users, roles: { all: {} } }, { bcryptCost: 4 });
    const { code } = await answering(there, ['role', 'add-users', 'all'], [['Name of the user', 'user7\r']]);
    expect(code).toBe(0);
    expect((await there.role('all'))?.users).toEqual(['user7']);
  });
});

describe('a command that is stopped at a question', () => {
  it.each([
    ['Ctrl-D', '\u0004'],
    ['Ctrl-C where what is typed is hidden', '\u0003'],
  ])('ends with 130 and says that nothing was sent: %s', async (_, key) => {
    const there = await cluster(small);
    const ended = await answering(
      there,
      ['user', 'passwd'],
      [
        ['Name of the user', 'ann\r'],
        ['New password of user ann', `xqz${key}`],
      ],
    );
    expect(ended.code).toBe(130);
    expect(stripVTControlCharacters(ended.stderr)).toMatch(/\nerror: cancelled: no changes were made\n$/);
    expect(ended.stderr).not.toMatch(/xqz|\n {4}at /);
  });
});

describe('verdict 4: --allow-lockout on a terminal', () => {
  const words = ['user', 'revoke', 'admin', 'CreateUserAndRole', '--allow-lockout'];

  it('goes on when the word is typed', async () => {
    const there = await cluster(small);
    const { code, stdout, stderr } = await answering(there, words, [['Type "lockout"', 'lockout\r']]);
    expect([code, stdout]).toEqual([0, 'revoked CreateUserAndRole from user admin\n']);
    expect(stderr).toContain('admin is the account of this connection and would lose CreateUserAndRole');
  });

  it('sends nothing when another is', async () => {
    const there = await cluster(small);
    const { code, stdout } = await answering(there, words, [['Type "lockout"', 'yes\r']]);
    expect([code, stdout]).toEqual([2, '']);
    expect((await there.user('admin'))?.permissions.get('')).toContain('CreateUserAndRole');
  });
});
