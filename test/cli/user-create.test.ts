import * as bcrypt from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { cluster, runAlone } from './cluster.js';

const piped = { stdin: 'Pa5sw0Rd\n' };

describe('user create', () => {
  it('makes a user with the password of stdin, its line end dropped', async () => {
    const { run, user } = await cluster();
    const ran = await run(['user', 'create', 'johndoe', '--password-stdin'], piped);
    expect(ran).toEqual({ code: 0, stdout: 'created user johndoe\n', stderr: '' });
    const made = await user('johndoe');
    expect(bcrypt.compareSync('Pa5sw0Rd', made?.hash?.reveal() ?? '')).toBe(true);
    expect(made?.permissions.size).toBe(0);
  });

  it('takes the password from a file or a variable', async () => {
    const { run, user } = await cluster();
    const cwd = makeFolder({ pw: 'of a file\n' });
    expect((await run(['user', 'create', 'a', '--password-file', 'pw'], { cwd })).code).toBe(0);
    expect((await run(['user', 'create', 'b', '--password-env', 'PW'], { env: { PW: 'of env' } })).code).toBe(0);
    expect(bcrypt.compareSync('of a file', (await user('a'))?.hash?.reveal() ?? '')).toBe(true);
    expect(bcrypt.compareSync('of env', (await user('b'))?.hash?.reveal() ?? '')).toBe(true);
  });

  it('gives permissions and roles in one go', async () => {
    const { run, user, role } = await cluster({ roles: { kapacitor: { permissions: { '': ['KapacitorAPI'] } } } });
    const words = ['--grant', 'WriteData,ReadData', '--db', 'telegraf', '--role', 'kapacitor', '--password-stdin'];
    const ran = await run(['user', 'create', 'johndoe', ...words], piped);
    expect(ran.stdout).toBe(
      'created user johndoe\ngranted WriteData on telegraf, ReadData on telegraf to user johndoe\nadded johndoe to role kapacitor\n',
    );
    expect(ran.stderr).toContain('kapadmin user grant johndoe KapacitorAPI');
    expect(await user('johndoe')).toMatchObject({ permissions: new Map([['telegraf', ['WriteData', 'ReadData']]]) });
    expect((await role('kapacitor'))?.users).toEqual(['johndoe']);
  });

  it('prints its changes as JSON', async () => {
    const { run } = await cluster();
    const words = ['user', 'create', 'johndoe', '--grant', 'ReadData', '--password-stdin', '-o', 'json'];
    expect(JSON.parse((await run(words, piped)).stdout)).toEqual({
      dryRun: false,
      changes: [
        { on: 'user', name: 'johndoe', action: 'create', status: 'done' },
        { on: 'user', name: 'johndoe', action: 'add-permissions', permissions: { '': ['ReadData'] }, status: 'done' },
      ],
    });
  });

  it('prints a generated password alone, and what was done beside it', async () => {
    const { run, user } = await cluster();
    const ran = await run(['user', 'create', 'johndoe', '--generate', '--grant', 'ReadData']);
    expect(ran.stdout).toMatch(/^\w{24}\n$/);
    expect(ran.stderr).toBe('created user johndoe\ngranted ReadData to user johndoe\n');
    expect(bcrypt.compareSync(ran.stdout.trim(), (await user('johndoe'))?.hash?.reveal() ?? '')).toBe(true);
  });

  it('prints one generated password as an object, several as a list', async () => {
    const { run } = await cluster();
    const one = await run(['user', 'create', 'a', '--generate', '-o', 'json']);
    expect(JSON.parse(one.stdout)).toEqual({ name: 'a', password: expect.stringMatching(/^\w{24}$/) as string });
    const two = await run(['user', 'create', 'b', 'c', '--generate', '-o', 'json']);
    const list = JSON.parse(two.stdout) as { name: string; password: string }[];
    expect(list.map(({ name }) => name)).toEqual(['b', 'c']);
    expect(list[0]?.password).not.toBe(list[1]?.password);
    const table = await run(['user', 'create', 'd', 'e', '--generate']);
    expect(table.stdout).toMatch(/^NAME {2}PASSWORD\nd {5}\w{24}\ne {5}\w{24}\n$/);
  });

  it('refuses a user that exists before any write', async () => {
    const { run, user } = await cluster({ users: { johndoe: {} } });
    const before = (await user('johndoe'))?.hash?.reveal();
    const ran = await run(['user', 'create', 'johndoe', '--grant', 'ReadData', '--password-stdin'], piped);
    expect(ran).toMatchObject({ code: 6, stdout: '' });
    expect(ran.stderr).toMatch(/^error: cannot create user "johndoe": it already exists\n.*--if-not-exists/);
    expect((await user('johndoe'))?.hash?.reveal()).toBe(before);
    expect((await user('johndoe'))?.permissions.size).toBe(0);
  });

  it('leaves a user that exists where that is asked for, and gives it what it lacks', async () => {
    const { run, user } = await cluster({ users: { johndoe: { '': ['ReadData'] } } });
    const before = (await user('johndoe'))?.hash?.reveal();
    const words = ['user', 'create', 'johndoe', '--if-not-exists', '--grant', 'ReadData,WriteData', '--generate'];
    const ran = await run([...words, '-o', 'json']);
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.stdout)).toEqual({ name: 'johndoe', password: null });
    expect(ran.stderr).toContain('user johndoe already exists\n');
    expect(ran.stderr).toContain('user johndoe already has ReadData\n');
    expect((await user('johndoe'))?.hash?.reveal()).toBe(before);
    expect((await user('johndoe'))?.permissions.get('')).toEqual(['ReadData', 'WriteData']);
  });

  it('of several makes those that it can, and exits 7', async () => {
    const { run, user } = await cluster({ users: { b: {} } });
    const ran = await run(['user', 'create', 'a', 'b', '--generate', '--grant', 'ReadData', '-o', 'json']);
    expect(ran.code).toBe(7);
    expect(JSON.parse(ran.stdout)).toMatchObject([{ name: 'a' }, { name: 'b', password: null }]);
    expect(ran.stderr).toContain('cannot create user b: it already exists');
    expect((await user('b'))?.permissions.size).toBe(0);
  });

  it('refuses a role that is missing before any write', async () => {
    const { run, user } = await cluster();
    const ran = await run(['user', 'create', 'johndoe', '--role', 'nope', '--password-stdin'], piped);
    expect(ran).toMatchObject({ code: 5, stdout: '' });
    expect(ran.stderr).toContain(': role "nope" not found');
    expect(await user('johndoe')).toBeUndefined();
  });

  it('shows in a dry run what it would do, and sends no write', async () => {
    const { run, user } = await cluster();
    const words = ['user', 'create', 'johndoe', '--grant', 'ReadData', '--dry-run', '--show-request'];
    const ran = await run([...words, '--password-stdin'], piped);
    expect(ran.stdout).toBe('would create user johndoe\nwould grant ReadData to user johndoe\n');
    expect(ran.stderr).not.toContain('POST');
    expect(ran.stderr).toContain('Dry run: no changes were made.\n');
    expect(await user('johndoe')).toBeUndefined();
    const json = await run(['user', 'create', 'johndoe', '--dry-run', '--generate', '-o', 'json']);
    expect(JSON.parse(json.stdout)).toEqual({
      dryRun: true,
      changes: [{ on: 'user', name: 'johndoe', action: 'create', status: 'planned' }],
    });
  });

  it('warns of names that cannot log in to Kapacitor', async () => {
    const { run } = await cluster();
    const ran = await run(['user', 'create', 'a:b', '~subscriber', '--generate']);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('warning: user "a:b" cannot log in to Kapacitor with Basic');
    expect(ran.stderr).toContain('warning: user "~subscriber" cannot log in to Kapacitor with Basic');
  });

  it('warns of a password that bcrypt cuts, where the meta node takes it', async () => {
    const { run } = await cluster({}, { longPasswords: true });
    const ran = await run(['user', 'create', 'johndoe', '--password-stdin'], { stdin: 'x'.repeat(73) });
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).toContain('bcrypt uses only the first 72');
  });

  it('never shows a password that it was given', async () => {
    const { run } = await cluster();
    const words = ['user', 'create', 'johndoe', '--password-stdin', '--show-request', '--debug'];
    const ran = await run(words, { stdin: 'sEcReT-7' });
    expect(ran.stdout + ran.stderr).not.toContain('sEcReT-7');
    expect(ran.stderr).toContain('"password":"***"');
  });

  it('takes hostile names as they are', async () => {
    const { run, user } = await cluster();
    for (const name of ['__proto__', "o'brien", '-dash', 'ünï cödé', '$(reboot)']) {
      const ran = await run(['user', 'create', '--password-stdin', '--grant', 'ReadData', '--', name], piped);
      expect(ran.code).toBe(0);
      expect((await user(name))?.permissions.get('')).toEqual(['ReadData']);
    }
  });

  it.each([
    ['an empty name', ['', '--password', 'x'], 'must not be empty'],
    ['a blank name', ['  ', '--password', 'x'], 'must not be empty or blank'],
    ['control characters', ['a\u001bb', '--password', 'x'], 'control characters: "a\\x1bb"'],
    ['no password source', ['a'], 'no password given'],
    ['two password sources', ['a', '--generate', '--password-env', 'X'], 'two password sources'],
    ['an empty password', ['a', '--password-stdin'], 'is empty'],
    ['one password for several', ['a', 'b', '--password-stdin'], 'one password cannot be used for several users'],
    ['an unknown permission', ['a', '--generate', '--grant', 'KapacitorApi'], 'Did you mean "KapacitorAPI"?'],
    ['--db without --grant', ['a', '--generate', '--db', 'x'], '--db requires --grant'],
    ['an empty database', ['a', '--generate', '--grant', 'ReadData', '--db', ''], '--db is empty'],
    ['two passwords on stdin', ['a', '--password-stdin', '--meta-password-stdin'], 'cannot be combined'],
    ['a CSV output', ['a', '--generate', '-o', 'csv'], 'no output "csv"'],
  ])('refuses %s and sends nothing', async (_, words, text) => {
    const ran = await runAlone(['user', 'create', ...words]);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(text);
  });

  it('says that it could not reach the node', async () => {
    const ran = await runAlone(['user', 'create', 'a', '--generate', '--retries', '0']);
    expect(ran).toMatchObject({ code: 3, stdout: '' });
    expect(ran.stderr).toMatch(/^error: cannot read user "a": .*connection refused/);
  });
});
