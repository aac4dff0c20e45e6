import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  lchownSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { files } from '../../src/files/files.js';
import { markText, processMark } from '../../src/files/process-mark.js';
import { makeFolder } from '../folder.js';

describe('attack L13: a temporary file that a killed run left', () => {
  it('is removed by the next write into its folder, one in use is not', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
    const left = `.kapadmin-${markText(processMark(child.pid))}.tmp`;
    const used = `.kapadmin-${markText(processMark())}.tmp`;
    child.kill('SIGKILL');
    await once(child, 'exit');
    const folder = makeFolder({ [left]: 'hashes', [used]: 'half', '.kapadmin-notes.tmp.md': '', 'a.tmp': '' });
    await files.writeFileAtomic(path.join(folder, 'state.yaml'), 'whole', 0o600);
    expect(readdirSync(folder).toSorted()).toEqual([used, '.kapadmin-notes.tmp.md', 'a.tmp', 'state.yaml'].toSorted());
    expect(readFileSync(path.join(folder, 'state.yaml'), 'utf8')).toBe('whole');
  });

  it('of another machine or an older version goes when it is an hour old', async () => {
    const foreign = `.kapadmin-${markText({ pid: 1, started: '', system: 'abcdef012345' })}.tmp`;
    const older = `.kapadmin-${crypto.randomUUID()}.tmp`;
    const folder = makeFolder({ [foreign]: '', [older]: '' });
    await files.writeFileAtomic(path.join(folder, 'a'), '', 0o600);
    expect(readdirSync(folder)).toHaveLength(3);
    const past = new Date(Date.now() - 2 * 3_600_000);
    for (const name of [foreign, older]) utimesSync(path.join(folder, name), past, past);
    await files.writeFileAtomic(path.join(folder, 'a'), '', 0o600);
    expect(readdirSync(folder)).toEqual(['a']);
  });
});

describe('a folder that is made', () => {
  it('has the mode, as have those above it that were missing', async () => {
    const folder = makeFolder();
    await files.makeFolder(path.join(folder, 'a/b/c'), 0o700);
    for (const name of ['a', 'a/b', 'a/b/c']) expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o700);
    await files.makeFolder(path.join(folder, 'a/b/c'), 0o700);
  });

  it('by two at once is there for both', async () => {
    const folder = path.join(makeFolder(), 'a/b/c/d');
    await Promise.all(Array.from({ length: 5 }, () => files.makeFolder(folder, 0o700)));
    expect(statSync(folder).isDirectory()).toBe(true);
  });

  it.each(['/proc/kapadmin/x', '/dev/fd/kapadmin/x', '/dev/null/x'])(
    'attack L7: below %s ends with an error at once',
    async (folder) => {
      await expect(files.makeFolder(folder, 0o700)).rejects.toMatchObject({
        kind: 'usage',
        message: expect.stringMatching(/^cannot create the directory /),
      });
    },
  );

  it('cannot be made where a file stands', async () => {
    const folder = makeFolder();
    writeFileSync(path.join(folder, 'file'), '');
    await expect(files.makeFolder(path.join(folder, 'file'), 0o700)).rejects.toThrow('not a directory');
    await expect(files.makeFolder(path.join(folder, 'file/below'), 0o700)).rejects.toThrow('not a directory');
  });
});

describe('attack new-planted: what another user put in the place of a file', () => {
  const isRoot = process.getuid?.() === 0;
  const other = 12_345;

  it.runIf(isRoot)('is not written to: a link in a folder that all may write', async () => {
    const folder = makeFolder({ target: 'kept' });
    const link = path.join(folder, 'link');
    symlinkSync(path.join(folder, 'target'), link);
    lchownSync(link, other, other);
    await files.writeFileAtomic(link, 'new', 0o600);
    chmodSync(folder, 0o1777);
    const refused = { kind: 'usage', message: `cannot write ${link}: it is a symbolic link owned by another user` };
    await expect(files.writeFileAtomic(link, 'newer', 0o600)).rejects.toMatchObject(refused);
    await expect(files.checkWritable(link)).rejects.toMatchObject(refused);
    expect(readFileSync(path.join(folder, 'target'), 'utf8')).toBe('new');
    lchownSync(link, 0, 0);
    await files.writeFileAtomic(link, 'newest', 0o600);
    expect(readFileSync(path.join(folder, 'target'), 'utf8')).toBe('newest');
  });

  it.runIf(isRoot)('is not written to: a pipe', async () => {
    const pipe = path.join(makeFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    chownSync(pipe, other, other);
    const refused = { kind: 'usage', message: `cannot write ${pipe}: it is a pipe owned by another user` };
    await expect(files.writeFileAtomic(pipe, 'hashes', 0o600)).rejects.toMatchObject(refused);
    await expect(files.checkWritable(pipe)).rejects.toMatchObject(refused);
  });
});
