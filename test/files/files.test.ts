import { execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { files } from '../../src/files/files.js';
import { makeFolder } from '../folder.js';

const never = new AbortController().signal;

function makePipe(): string {
  const file = path.join(makeFolder(), 'pipe');
  execFileSync('mkfifo', [file]);
  return file;
}

/** Writes to a pipe from another process, as a shell's `<(...)` does. */
function write(file: string, command: string): void {
  spawn('sh', ['-c', `(${command}) > "$0"`, file], { stdio: 'ignore' });
}

describe('a secret from a pipe', () => {
  it('is all that is written until the writer closes it', async () => {
    const file = makePipe();
    write(file, 'printf one; sleep 0.1; printf two');
    expect((await files.readFileOrPipe(file, 100, never)).text).toBe('onetwo');
  });

  it('may be nothing', async () => {
    const file = makePipe();
    write(file, ':');
    expect((await files.readFileOrPipe(file, 100, never)).text).toBe('');
  });

  it('may come from a regular file', async () => {
    const folder = makeFolder({ secret: 'text' });
    expect((await files.readFileOrPipe(path.join(folder, 'secret'), 100, never)).text).toBe('text');
  });

  it('is refused over the limit, however much there is', async () => {
    const file = makePipe();
    write(file, 'yes');
    await expect(files.readFileOrPipe(file, 1000, never)).rejects.toThrow(`${file} returned more than 1000 bytes`);
  });

  it('is not waited for when nobody writes and the wait is over', async () => {
    const stop = new AbortController();
    const read = files.readFileOrPipe(makePipe(), 100, stop.signal);
    stop.abort('late');
    await expect(read).rejects.toBe('late');
  });

  it('comes from no device', async () => {
    await expect(files.readFileOrPipe('/dev/zero', 100, never)).rejects.toThrow('it is not a regular file');
  });
});

describe('what is written to a pipe', () => {
  it('comes whole to the one who reads it', async () => {
    const file = makePipe();
    const text = 'x'.repeat(1_000_000);
    const read = files.readFileOrPipe(file, 2_000_000, never);
    await files.writeFileAtomic(file, text, 0o600);
    expect((await read).text).toBe(text);
  });

  it('waits a moment for a reader, and not for ever', async () => {
    const late = makePipe();
    const written = files.writeFileAtomic(late, 'text', 0o600);
    expect((await files.readFileOrPipe(late, 100, never)).text).toBe('text');
    await written;
    await expect(files.writeFileAtomic(makePipe(), 'text', 0o600)).rejects.toThrow('a pipe without a reader');
  });

  it('is refused when the reader goes away', async () => {
    const file = makePipe();
    const read = files.readFileOrPipe(file, 10, never);
    const written = files.writeFileAtomic(file, 'x'.repeat(1_000_000), 0o600);
    await expect(read).rejects.toThrow('more than 10 bytes');
    await expect(written).rejects.toThrow('the reader closed it');
  });
});

describe('a file', () => {
  it('that gives more than its size says is refused over the limit', async () => {
    await expect(files.read('/proc/self/maps', 100)).rejects.toThrow('is larger than 100 bytes');
  });

  it.each([
    ['in a folder that is not there', 'none/file', 'no such file'],
    ['that is a folder', '.', 'it is a directory'],
    ['below a file', 'file/below', 'not a directory'],
  ])('%s is known not to be writable before anything is done', async (_, name, why) => {
    const folder = makeFolder({ file: '' });
    await expect(files.checkWritable(path.join(folder, name))).rejects.toThrow(why);
  });

  it('that can be written is let pass, and not made', async () => {
    const folder = makeFolder({ there: '' });
    for (const name of ['new', 'there', '/dev/null']) await files.checkWritable(path.resolve(folder, name));
    expect(await files.list(folder)).toEqual(['there']);
  });
});
