import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compareSync } from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { cluster, type TestCluster } from './cluster.js';

const all = { '': ['CreateUserAndRole'] };

async function fits({ user }: TestCluster, name: string, password: string): Promise<boolean> {
  return compareSync(password, (await user(name))?.hash?.reveal() ?? '');
}

describe('apply --undo', () => {
  it('first writes what leads back', async () => {
    const there = await cluster({
      users: { a: { '': ['ReadData', 'WriteData'] }, old: { db: ['ReadData'] } },
      roles: { r: { permissions: { '': ['Monitor'] }, users: ['a', 'old'] }, gone: { users: ['old'] } },
    });
    const before = await there.run(['export', '--with-hashes']);
    const cwd = makeFolder({
      'users.yaml':
        'users: { admin: {}, a: { permissions: { "": [ReadData, Monitor] } }, n: { password: { env: P } } }\nroles: { r: { members: [n] } }\noptions: { manage: all }',
    });
    const env = { P: 'pa55word' };
    const line = ['apply', 'users.yaml', '--prune', '--yes', '--undo', 'before.yaml'];
    const { code, stdout } = await there.run(line, { cwd, env });
    expect(code).toBe(0);
    expect(stdout).toContain('The previous state was saved to');
    expect(statSync(path.join(cwd, 'before.yaml')).mode & 0o777).toBe(0o600);
    expect((await there.run(['export', '--with-hashes'])).stdout).not.toBe(before.stdout);
    const back = await there.run(['apply', '--prune', '--yes', 'before.yaml'], { cwd });
    expect({ code: back.code, stderr: back.stderr }).toEqual({ code: 0, stderr: '' });
    expect((await there.run(['export', '--with-hashes'])).stdout).toBe(before.stdout);
  });

  it('never overwrites the state before an earlier run', async () => {
    const { run, user } = await cluster();
    const cwd = makeFolder({ 'users.yaml': 'users: { a: { password: { env: P } } }', 'before.yaml': 'precious' });
    const { code, stderr } = await run(['apply', 'users.yaml', '--undo', 'before.yaml'], {
      cwd,
      env: { P: 'pa55word' },
    });
    expect(code).toBe(2);
    expect(stderr).toContain('before an earlier run');
    expect(readFileSync(path.join(cwd, 'before.yaml'), 'utf8')).toBe('precious');
    expect(await user('a')).toBeUndefined();
  });
});

describe('apply of a saved plan', () => {
  const saved = async (there: TestCluster, text: string, flags: readonly string[] = []): Promise<string> => {
    const cwd = makeFolder({ 'users.yaml': text });
    const { code } = await there.run(['plan', 'users.yaml', '--out', path.join(cwd, 'plan.json'), ...flags], { cwd });
    expect(code).toBe(1);
    return cwd;
  };

  it('carries it out', async () => {
    const there = await cluster({ users: { old: {} } });
    const hash = '$2a$04$abcdefghijklmnopqrstuuU3pmYrZsDkq8ZtXHo8FnkbSJAr2eiuS';
    const cwd = await saved(
      there,
      `users: { a: { password: { env: P } }, h: { hash: { value: "${hash}" } } }\noptions: { absent: { users: [old] } }`,
      ['--prune'],
    );
    const env = { P: 'pa55word' };
    const { code } = await there.run(['apply', 'plan.json', '--yes'], { cwd, env });
    expect(code).toBe(0);
    expect(await fits(there, 'a', 'pa55word')).toBe(true);
    expect((await there.user('h'))?.hash?.reveal()).toBe(hash);
    expect(await there.user('old')).toBeUndefined();
  });

  it.each([
    ['a permission', (there: TestCluster) => there.run(['user', 'grant', 'a', 'Monitor'])],
    ['a password', (there: TestCluster) => there.run(['user', 'passwd', 'a', '--password', 'another'])],
    ['a member', (there: TestCluster) => there.run(['role', 'add-users', 'r', 'other'])],
    ['the user itself', (there: TestCluster) => there.run(['user', 'delete', 'a', '--yes'])],
  ])('is refused when %s has changed since', async (_, change) => {
    const there = await cluster({ users: { a: {}, other: {} }, roles: { r: {} } });
    const cwd = await saved(there, 'users: { a: { permissions: { "": [ReadData] } } }\nroles: { r: { members: [a] } }');
    expect((await change(there)).code).toBe(0);
    const { code, stderr } = await there.run(['apply', 'plan.json'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('the cluster has changed since');
  });

  it('is carried out when only something else has changed', async () => {
    const there = await cluster({ users: { a: {}, other: {} } });
    const cwd = await saved(there, 'users: { a: { permissions: { "": [ReadData] } } }');
    await there.run(['user', 'grant', 'other', 'Monitor']);
    expect((await there.run(['apply', 'plan.json'], { cwd })).code).toBe(0);
  });

  it('is refused when it would now lock out the last that can manage users', async () => {
    const there = await cluster({ users: { boss: all, old: all } }, { auth: false });
    const cwd = await saved(there, 'options: { absent: { users: [old] } }', ['--prune']);
    await there.client.writeUser({ action: 'delete', user: { name: 'boss' } });
    await there.client.writeUser({
      action: 'remove-permissions',
      user: { name: 'admin', permissions: new Map([['', ['CreateUserAndRole']]]) },
    });
    const { code, stderr } = await there.run(['apply', 'plan.json', '--yes'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('old is the last user with CreateUserAndRole');
    expect(await there.user('old')).toBeDefined();
  });

  it('takes no flags that make a plan, and no other file', async () => {
    const there = await cluster({ users: { a: {} } });
    const cwd = await saved(there, 'users: { a: { permissions: { "": [ReadData] } } }');
    expect((await there.run(['apply', 'plan.json', '--prune'], { cwd })).code).toBe(2);
    expect((await there.run(['apply', 'plan.json', 'users.yaml'], { cwd })).code).toBe(2);
  });

  it('is refused when it is incomplete, or no plan of this version', async () => {
    const there = await cluster({ users: { a: {} } });
    const cwd = await saved(there, 'users: { a: { permissions: { "": [ReadData] } } }');
    const whole = readFileSync(path.join(cwd, 'plan.json'), 'utf8');
    const broken = [
      whole.slice(0, -20),
      whole.replace('"kapadminPlan": 1', '"kapadminPlan": 2'),
      whole.replace('"add-permissions"', '"explode"'),
    ];
    for (const text of broken) {
      writeFileSync(path.join(cwd, 'broken.json'), text);
      const { code, stderr } = await there.run(['apply', 'broken.json'], { cwd });
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('not a valid saved plan') });
    }
    expect((await there.user('a'))?.permissions.size).toBe(0);
  });
});
