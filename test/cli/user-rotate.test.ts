import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compareSync } from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { cluster, runAlone, type TestCluster } from './cluster.js';
import { runLine } from '../run.js';
import { meddling } from './proxy.js';

const conf = `[http]
  auth-enabled = true
[auth]
  enabled = true
  cache-expiration = "5m"
  bcrypt-cost = 10
  meta-addr = "127.0.0.1:8091"
  meta-username = "kapacitor"
  meta-password = "pw-kapacitor"
`;

/** The lines of a passwords file. */
function linesOf(cwd: string): { name: string; password: string; at: string }[] {
  const text = readFileSync(path.join(cwd, 'made'), 'utf8').trimEnd();
  return text.split('\n').map((line) => JSON.parse(line) as { name: string; password: string; at: string });
}

async function fits({ user }: TestCluster, name: string, password: string): Promise<boolean> {
  return compareSync(password, (await user(name))?.hash?.reveal() ?? '');
}

it('verdict 14: user rotate reports each error once', async () => {
  const there = await cluster({ users: { a: {} } });
  const line = ['user', 'rotate', 'a', 'missing', 'gone', '--yes', '--passwords-out', 'made'];
  const { code, stdout, stderr } = await there.run(line, { cwd: makeFolder() });
  expect(code).toBe(7);
  expect(`${stdout}${stderr}`.match(/user "missing" not found/g)).toHaveLength(1);
  expect(`${stdout}${stderr}`.match(/user "gone" not found/g)).toHaveLength(1);
});

describe('user rotate', () => {
  it('gives users new passwords, each in the file, in force and verified', async () => {
    const there = await cluster({ users: { a: {}, b: {}, c: {} } });
    const cwd = makeFolder();
    const line = ['user', 'rotate', 'b', 'a', '--yes', '--passwords-out', 'made'];
    const { code, stdout, stderr } = await there.run(line, { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^changed the password of user b, verified\nchanged the password of user a, verified\nThe new passwords were saved to /,
    );
    const made = linesOf(cwd);
    expect(made.map(({ name }) => name)).toEqual(['b', 'a']);
    for (const { name, password, at } of made) {
      expect(await fits(there, name, password)).toBe(true);
      expect(at).toMatch(/^\d{4}-\d\d-\d\dT/);
      expect(stdout).not.toContain(password);
    }
    expect(await fits(there, 'c', 'pw-c')).toBe(true);
  });

  it('of all but some, the account of the connection last', async () => {
    const there = await cluster({ users: { zoe: {}, b: {}, c: {} } });
    const cwd = makeFolder();
    const line = ['user', 'rotate', '--all', '--except', 'b', '--yes', '--passwords-out', 'made', '-o', 'json'];
    const { code, stdout, stderr } = await there.run(line, { cwd });
    expect(code).toBe(0);
    const { changes } = JSON.parse(stdout) as { changes: { name: string; status: string; verified: boolean }[] };
    expect(changes).toEqual(
      ['c', 'zoe', 'admin'].map((name) => {
        return { on: 'user', name, action: 'change-password', status: 'done', verified: true };
      }),
    );
    expect(stderr).toContain('admin is the account of this connection');
    const password = linesOf(cwd).at(-1)?.password ?? '';
    expect((await there.run(['user', 'list'], { env: { KAPADMIN_META_PASSWORD: password } })).code).toBe(0);
    expect((await there.run(['user', 'list'])).code).toBe(4);
  });

  it('reports what Kapacitor may do until when, by its configuration', async () => {
    const there = await cluster({ users: { a: {}, kapacitor: {} } });
    const cwd = makeFolder({ 'kapacitor.conf': conf });
    const start = Date.now();
    const line = [
      'user',
      'rotate',
      '--yes',
      '--passwords-out',
      'made',
      '--kapacitor-conf',
      'kapacitor.conf',
      '--no-env',
    ];
    const { stdout, stderr } = await there.run([...line, 'a', 'kapacitor', '-o', 'json'], { cwd });
    const { kapacitor } = JSON.parse(stdout) as {
      kapacitor: { assumed: boolean; basis: string; oldUntil: string; newRefusedUntil: string };
    };
    expect(kapacitor).toMatchObject({ assumed: false, basis: path.join(cwd, 'kapacitor.conf') });
    const minutes = (time: string): number => Math.round((Date.parse(time) - start) / 60_000);
    expect([minutes(kapacitor.oldUntil), minutes(kapacitor.newRefusedUntil)]).toEqual([65, 5]);
    expect(stderr).toContain('Kapacitor logs in to the meta node as kapacitor');
    const text = await there.run([...line, 'a'], { cwd });
    expect(text.stdout).toMatch(
      /an old password may still be accepted until \d{4}-.*Z \(1h plus cache-expiration\), or until the new one/,
    );
    expect(text.stdout).toContain('at once: kapadmin auth flush a --kapacitor URL\n');
    expect(text.stdout).toMatch(/the first login with a new password may be rejected until .*Z; the next attempt/);
  });

  it('assumes a cache-expiration of 10m where no configuration is at hand, and says so', async () => {
    const there = await cluster({ users: { a: {} } });
    const { stdout } = await there.run(['user', 'rotate', 'a', '--passwords-out', 'made'], { cwd: makeFolder() });
    expect(stdout).toContain('Kapacitor (assumed: authentication on, cache-expiration 10m and');
  });

  it('reports nothing for a Kapacitor that does not ask the meta node', async () => {
    const there = await cluster({ users: { a: {} } });
    const cwd = makeFolder({ 'kapacitor.conf': '[http]\n  auth-enabled = false\n' });
    const line = ['user', 'rotate', 'a', '--passwords-out', 'made', '--kapacitor-conf', 'kapacitor.conf', '--no-env'];
    const { code, stdout, stderr } = await there.run(line, { cwd });
    expect(code).toBe(0);
    expect(stdout).not.toContain('Kapacitor');
    expect(stderr).toContain('does not check passwords with the meta node');
  });

  it('goes on where one fails, names it, and keeps the lines of the others', async () => {
    const there = await cluster({ users: { a: {}, b: {} } });
    const url = await meddling(there.urls[0] ?? '', ({ body }) =>
      body.includes('"a"') ? { status: 400, answer: '{"error":"not today"}' } : undefined,
    );
    const cwd = makeFolder();
    const line = ['user', 'rotate', 'a', 'missing', 'b', '--yes', '--passwords-out', 'made'];
    const { code, stdout, stderr } = await there.run(line, { cwd, env: { KAPADMIN_META_URL: url } });
    expect(code).toBe(7);
    expect(stderr).toContain('not today');
    expect(stderr).toContain('user "missing" not found');
    expect(stdout).toContain('changed the password of user b, verified\n');
    expect(linesOf(cwd).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(await fits(there, 'a', 'pw-a')).toBe(true);
    const fast = await there.run([...line, '--fail-fast'], { cwd, env: { KAPADMIN_META_URL: url } });
    expect(fast.stdout).toContain('not started: change the password of user b');
  });

  it('does not call a password verified that a read does not show', async () => {
    const there = await cluster({ users: { a: {} } });
    const url = await meddling(there.urls[0] ?? '', ({ method }) =>
      method === 'POST' ? { status: 200, answer: '' } : undefined,
    );
    const line = ['user', 'rotate', 'a', '--passwords-out', 'made', '--wait', '50ms'];
    const { code, stderr } = await there.run(line, { cwd: makeFolder(), env: { KAPADMIN_META_URL: url } });
    expect(code).toBe(7);
    expect(stderr).toContain('accepted, but not visible after 50ms');
  });

  it('sends nothing with --dry-run, and writes no file', async () => {
    const there = await cluster({ users: { a: {} } });
    const cwd = makeFolder();
    const { code, stdout } = await there.run(['user', 'rotate', 'a', '--passwords-out', 'made', '--dry-run'], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'would change the password of user a\n' });
    expect(() => linesOf(cwd)).toThrow('ENOENT');
    expect(await fits(there, 'a', 'pw-a')).toBe(true);
  });

  it.each([
    ['no name', ['--passwords-out', 'made'], 'no users given: add names or --all'],
    ['names and all', ['a', '--all', '--passwords-out', 'made'], '--all and names cannot be combined'],
    ['an exception to names', ['a', '--except', 'b', '--passwords-out', 'made'], '--except requires --all'],
    ['no file', ['a'], '--passwords-out'],
    ['a configuration that is not there', ['a', '--passwords-out', 'made', '--kapacitor-conf', 'none'], 'none'],
  ])('refuses %s before anything is sent', async (_, words, message) => {
    const { code, stderr } = await runAlone(['user', 'rotate', ...words], { cwd: makeFolder() });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('refuses an exception that is no user, and a file that is something else', async () => {
    const there = await cluster({ users: { a: {} } });
    const cwd = makeFolder();
    const line = ['user', 'rotate', '--all', '--except', 'admn', '--passwords-out', 'made'];
    expect((await there.run(line, { cwd })).code).toBe(5);
    writeFileSync(path.join(cwd, 'made'), 'notes\n', { mode: 0o600 });
    expect((await there.run(['user', 'rotate', 'a', '--passwords-out', 'made'], { cwd })).code).toBe(2);
    expect(await fits(there, 'a', 'pw-a')).toBe(true);
  });
});

describe('verdict 4: user rotate', () => {
  it('of more than one password needs --yes where there is no terminal', async () => {
    const there = await cluster({ users: { a: {}, b: {} } });
    const cwd = makeFolder();
    const hash = (await there.user('a'))?.hash?.reveal();
    const ran = await there.run(['user', 'rotate', '--all', '--passwords-out', 'made'], { cwd });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('changing 3 passwords requires --yes without a terminal');
    expect((await there.user('a'))?.hash?.reveal()).toBe(hash);
  });

  it('of the account of the connection names where the old password is kept', async () => {
    const there = await cluster({ users: { a: {} } });
    const home = makeFolder({
      'config.yaml': `default: lab\nprofiles:\n  lab: { url: "${there.urls[0]}", username: admin, password: changeit }\n`,
    });
    const config = path.join(home, 'config.yaml');
    chmodSync(config, 0o600);
    const words = ['user', 'rotate', 'admin', '--passwords-out', 'made', '--config', config];
    const ran = await runLine(words, { home, cwd: home });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('warning: admin is the account of this connection; its password is changed last\n');
    expect(ran.stderr).toContain(
      `use its new password from now on; update "password" of the profile "lab" in ${config}, which has the old one\n`,
    );
  });
});
