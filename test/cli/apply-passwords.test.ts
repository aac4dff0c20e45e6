import { KapadminError } from '../../src/errors.js';
import { files as realFiles } from '../../src/files/files.js';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { compareSync } from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { cluster, type TestCluster } from './cluster.js';

/** Passwords in a passwords file, the last of each name. */
function passwordsIn(text: string): Map<string, string> {
  const lines = text.trimEnd().split('\n');
  return new Map(
    lines.map((line) => JSON.parse(line) as { name: string; password: string }).map((l) => [l.name, l.password]),
  );
}

async function fits({ user }: TestCluster, name: string, password: string): Promise<boolean> {
  return compareSync(password, (await user(name))?.hash?.reveal() ?? '');
}

describe('apply --set-passwords', () => {
  const text =
    'users: { a: { password: { env: P } }, b: { password: { env: Q } }, c: { hash: { value: "$2a$04$abcdefghijklmnopqrstuuU3pmYrZsDkq8ZtXHo8FnkbSJAr2eiuS" } } }';

  it('sets them all, also those of users that exist', async () => {
    const there = await cluster({ users: { a: {}, b: {}, c: {} } });
    const cwd = makeFolder({ 'users.yaml': text });
    const { code, stderr } = await there.run(['apply', 'users.yaml', '--set-passwords'], {
      cwd,
      env: { P: 'new-a', Q: 'new-b' },
    });
    expect(code).toBe(0);
    expect(stderr).toContain('a hash only when it creates a user');
    expect([await fits(there, 'a', 'new-a'), await fits(there, 'b', 'new-b')]).toEqual([true, true]);
    expect(await fits(there, 'c', 'pw-c')).toBe(true);
  });

  it('with --check-passwords sets only those that differ', async () => {
    const there = await cluster({ users: { a: {}, b: {}, c: {} } });
    const cwd = makeFolder({ 'users.yaml': text });
    const line = ['apply', 'users.yaml', '--set-passwords', '--check-passwords'];
    const { stdout } = await there.run(line, { cwd, env: { P: 'pw-a', Q: 'new-b' } });
    expect(stdout).toBe('changed the password of user b\n');
  });

  it('without it leaves passwords of users that exist alone', async () => {
    const there = await cluster({ users: { a: {}, b: {}, c: {} } });
    const { code } = await there.run(['apply', '-'], { stdin: text, env: { P: 'new-a', Q: 'new-b' } });
    expect(code).toBe(0);
    expect(await fits(there, 'a', 'pw-a')).toBe(true);
  });

  it('may set the password of the account in use, last, and goes on with it', async () => {
    const there = await cluster({ users: { zoe: {} } });
    const cwd = makeFolder({
      'users.yaml': 'users: { admin: { password: { env: P } }, zoe: { permissions: { "": [ReadData] } } }',
    });
    const { code, stdout } = await there.run(['apply', 'users.yaml', '--set-passwords', '--yes'], {
      cwd,
      env: { P: 'new-secret' },
    });
    expect({ code, lines: stdout.split('\n').length }).toEqual({ code: 0, lines: 3 });
    const again = await there.run(['plan', 'users.yaml'], { cwd, env: { KAPADMIN_META_PASSWORD: 'new-secret' } });
    expect(again.code).toBe(0);
  });
});

describe('passwords that are generated', () => {
  const text = 'users: { a: { password: { generate: true } }, "b c": { password: { generate: true } } }';

  it('are refused without a file to keep them', async () => {
    const { run, user } = await cluster();
    const { code, stderr } = await run(['apply', '-'], { stdin: text });
    expect(code).toBe(2);
    expect(stderr).toContain('--passwords-out');
    expect(await user('a')).toBeUndefined();
  });

  it('stand in the file, for us alone, and are the ones in force', async () => {
    const there = await cluster();
    const cwd = makeFolder();
    const out = path.join(cwd, 'made');
    const { code, stdout, stderr } = await there.run(['apply', '-', '--passwords-out', 'made'], { cwd, stdin: text });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const made = passwordsIn(readFileSync(out, 'utf8'));
    expect([...made.keys()].sort()).toEqual(['a', 'b c']);
    for (const [name, password] of made) {
      expect(password).toHaveLength(24);
      expect(await fits(there, name, password)).toBe(true);
      expect(stdout).not.toContain(password);
    }
  });

  it('that stand in the file already are used again; a line that was cut off is passed over', async () => {
    const there = await cluster();
    const cwd = makeFolder({ made: '{"name":"a","password":"kept-from-before"}\n{"name":"b c","pass' });
    const { code } = await there.run(['apply', '-', '--passwords-out', 'made'], { cwd, stdin: text });
    expect(code).toBe(0);
    expect(await fits(there, 'a', 'kept-from-before')).toBe(true);
    const lines = readFileSync(path.join(cwd, 'made'), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(await fits(there, 'b c', passwordsIn(lines[2] ?? '').get('b c') ?? '')).toBe(true);
  });

  it('are not added to a file that is something else, or open to others', async () => {
    const { run, user } = await cluster();
    const cwd = makeFolder({ notes: 'my notes\n', open: '' });
    chmodSync(path.join(cwd, 'open'), 0o644);
    for (const [name, word] of [
      ['notes', 'exists, but kapadmin --passwords-out did not write it: line 1'],
      ['open', 'chmod 600'],
    ] as const) {
      const { code, stderr } = await run(['apply', '-', '--passwords-out', name], { cwd, stdin: text });
      expect(code).toBe(2);
      expect(stderr).toContain(word);
    }
    expect(readFileSync(path.join(cwd, 'notes'), 'utf8')).toBe('my notes\n');
    expect(await user('a')).toBeUndefined();
  });
});

describe('attack L8: what stands instead of a hash', () => {
  const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----\n';

  it.each([
    ['a key in a file', '{ file: key }'],
    ['a token in a variable', '{ env: TOKEN }'],
    ['a text in the file itself', '{ value: "hunter2" }'],
  ])('is not sent as one without --force: %s', async (_, hash) => {
    const { run, user } = await cluster();
    const cwd = makeFolder({ key, 'users.yaml': `users: { a: { hash: ${hash} } }` });
    const options = { cwd, env: { TOKEN: 'ghp_hunter2' } };
    const ran = await run(['apply', 'users.yaml'], options);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('is not a password hash such as $2a$10$... on one line');
    expect(`${ran.stdout}${ran.stderr}`).not.toMatch(/hunter2|OPENSSH/);
    expect(await user('a')).toBeUndefined();
    expect((await run(['apply', 'users.yaml', '--force'], options)).code).not.toBe(2);
  });

  it('verdict 35: the error for a hash in the file names the form that it may have', async () => {
    const { run } = await cluster();
    const ran = await run(['plan', '-'], { stdin: 'users: { a: { hash: "$2a$04$x" } }' });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('Use { env: NAME }, { file: PATH } or { value: HASH }.');
  });
});

describe('attack L15: generated passwords that could not be kept', () => {
  it('are not said to be in the file', async () => {
    const { run } = await cluster();
    const files = {
      ...realFiles,
      append: async (file: string, uid: number | undefined) => ({
        ...(await realFiles.append(file, uid)),
        append: () => Promise.reject(new KapadminError('partial', 'cannot-write-file', 'no space left on device')),
      }),
    };
    const stdin = 'users: { a: { password: { generate: true } } }';
    const ran = await run(['apply', '-', '--passwords-out', 'made'], { stdin, files });
    expect(ran.code).not.toBe(0);
    expect(`${ran.stdout}${ran.stderr}`).not.toContain('saved to');
    expect(ran.stderr).toContain('no space left on device');
  });
});
