import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  lchownSync,
  linkSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { files } from '../../src/files/files.js';
import { markText, processMark } from '../../src/files/lock.js';
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

describe('a file to which lines are added', () => {
  it('is made for us alone, whatever the umask, and holds each line when its promise resolves', async () => {
    const file = path.join(makeFolder(), 'passwords');
    const opened = await files.append(file, process.getuid?.());
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        await opened.append(`line ${i}`);
        expect(readFileSync(file, 'utf8')).toContain(`line ${i}\n`);
      }),
    );
    await opened.close();
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(50);
  });

  it('keeps what stood in it, and ends a line that was cut off', async () => {
    const folder = makeFolder({ cut: 'one\ntw', whole: 'one\n', empty: '' });
    for (const [name, text] of [
      ['cut', 'one\ntw\nnew\n'],
      ['whole', 'one\nnew\n'],
      ['empty', 'new\n'],
    ] as const) {
      const file = path.join(folder, name);
      const opened = await files.append(file, undefined);
      expect(opened.text).toBe(readFileSync(file, 'utf8'));
      await opened.append('new');
      await opened.close();
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
  });

  it('is refused when it is open to others, no regular file, or cannot be made', async () => {
    const folder = makeFolder({ open: '' });
    chmodSync(path.join(folder, 'open'), 0o640);
    const wrong: [string, string][] = [
      ['open', 'chmod 600'],
      ['.', 'directory'],
      ['no/where', 'no such file or directory'],
      ['a\0b', 'invalid file name'],
    ];
    for (const [name, word] of wrong) {
      const error = await files.append(`${folder}/${name}`, undefined).catch((caught: unknown) => caught);
      expect(`${(error as Error).message} ${(error as { hint?: string }).hint ?? ''}`).toContain(word);
      expect(error).toMatchObject({ kind: 'usage' });
    }
    await expect(files.append('/dev/null', undefined)).rejects.toMatchObject({
      message: expect.stringContaining('regular'),
    });
  });

  it('reports a line that could not be written, and adds none after it', async () => {
    const folder = makeFolder({ passwords: '' });
    const file = path.join(folder, 'passwords');
    const opened = await files.append(file, undefined);
    await opened.close();
    const told = { kind: 'usage', message: expect.stringContaining(`cannot write ${file}`) };
    await expect(opened.append('one')).rejects.toMatchObject(told);
    await expect(opened.append('two')).rejects.toMatchObject(told);
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  it('is followed through a link', async () => {
    const folder = makeFolder({ real: '' });
    symlinkSync(path.join(folder, 'real'), path.join(folder, 'link'));
    const opened = await files.append(path.join(folder, 'link'), undefined);
    await opened.append('x');
    await opened.close();
    expect(readFileSync(path.join(folder, 'real'), 'utf8')).toBe('x\n');
  });

  it('is made for us alone at the end of a link, too', async () => {
    const folder = makeFolder();
    symlinkSync(path.join(folder, 'new'), path.join(folder, 'link'));
    await (await files.append(path.join(folder, 'link'), undefined)).close();
    expect(statSync(path.join(folder, 'new')).mode & 0o777).toBe(0o600);
  });
});

describe('the names in a folder', () => {
  it('are sorted; a file has none, and what does not exist is an error', async () => {
    const folder = makeFolder({ b: '', a: '' });
    writeFileSync(path.join(folder, 'é'), '');
    linkSync(path.join(folder, 'a'), path.join(folder, 'c'));
    expect(await files.list(folder)).toEqual(['a', 'b', 'c', 'é']);
    expect(await files.list(path.join(folder, 'a'))).toBeUndefined();
    await expect(files.list(path.join(folder, 'none'))).rejects.toMatchObject({ kind: 'usage' });
  });
});
