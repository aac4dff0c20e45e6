import { chmodSync, linkSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { files } from '../../src/files/files.js';
import { makeFolder } from '../folder.js';

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
