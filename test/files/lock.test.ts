import { type ChildProcess, spawn } from 'node:child_process';
import { once, setMaxListeners } from 'node:events';
import { readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { files } from '../../src/files/files.js';
import { lockFileName, processMark } from '../../src/files/lock.js';
import { makeFolder } from '../folder.js';

const never = new AbortController().signal;
setMaxListeners(0, never);
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process that does nothing until it is killed. */
function idleProcess(): ChildProcess {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  children.push(child);
  return child;
}

function locksIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name.includes('.lock-'));
}

describe('the lock of a file', () => {
  it('lets one writer after the other at a counter: nothing is lost', async () => {
    const folder = makeFolder({ counter: '0' });
    const counter = path.join(folder, 'counter');
    const addOne = async (): Promise<void> => {
      const lock = await files.lock(counter, never, 15_000);
      const before = Number(readFileSync(counter, 'utf8'));
      await new Promise((resolve) => setImmediate(resolve));
      writeFileSync(counter, String(before + 1));
      await lock.release();
    };
    await Promise.all(Array.from({ length: 12 }, addOne));
    expect(readFileSync(counter, 'utf8')).toBe('12');
    expect(locksIn(folder)).toEqual([]);
  });

  it('is refused by the name of the process that holds it, and free after its release', async () => {
    const folder = makeFolder();
    const file = path.join(folder, 'config.yaml');
    const lock = await files.lock(file, never);
    await expect(files.lock(file, never, 50)).rejects.toMatchObject({
      kind: 'usage',
      code: 'file-locked',
      message: `cannot write ${file}: another kapadmin (process ${process.pid}) is using it`,
    });
    const other = await files.lock(path.join(folder, 'other.yaml'), never, 0);
    await other.release();
    await lock.release();
    await (await files.lock(file, never, 0)).release();
    expect(locksIn(folder)).toEqual([]);
  });

  it('is one and the same by a symbolic link to the file', async () => {
    const folder = makeFolder({ 'real.yaml': '' });
    symlinkSync(path.join(folder, 'real.yaml'), path.join(folder, 'link.yaml'));
    const lock = await files.lock(path.join(folder, 'link.yaml'), never);
    await expect(files.lock(path.join(folder, 'real.yaml'), never, 0)).rejects.toMatchObject({ code: 'file-locked' });
    await lock.release();
  });

  it('does not outlive a process that was killed', async () => {
    const folder = makeFolder();
    const file = path.join(folder, 'data.json');
    const child = idleProcess();
    writeFileSync(path.join(folder, lockFileName(file, processMark(child.pid))), '');
    await expect(files.lock(file, never, 0)).rejects.toThrow(`process ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await files.lock(file, never, 0)).release();
    expect(locksIn(folder)).toEqual([]);
  });

  it('is not held by a process that only has the number of one that ended', async () => {
    const owner = processMark();
    if (owner.started === '') return;
    const folder = makeFolder();
    const file = path.join(folder, 'data.json');
    writeFileSync(path.join(folder, lockFileName(file, { ...owner, started: '1' })), '');
    await (await files.lock(file, never, 0)).release();
    expect(locksIn(folder)).toEqual([]);
  });

  it('of another machine or container holds until it is removed, and the error names it', async () => {
    const folder = makeFolder();
    const file = path.join(folder, 'data.json');
    const foreign = path.join(folder, lockFileName(file, { pid: 1, started: '', system: 'abcdef012345' }));
    writeFileSync(foreign, '');
    const past = new Date(Date.now() - 86_400_000);
    utimesSync(foreign, past, past);
    await expect(files.lock(file, never, 0)).rejects.toMatchObject({
      code: 'file-locked',
      message: `cannot write ${file}: another kapadmin (process 1 of another machine or container, or from before a restart) is using it`,
      hint: `If it has ended, remove ${foreign} and run the command again.`,
    });
    rmSync(foreign);
    await (await files.lock(file, never, 0)).release();
    expect(locksIn(folder)).toEqual([]);
  });

  it('takes a file name of 255 bytes', async () => {
    const file = path.join(makeFolder(), 'a'.repeat(255));
    const lock = await files.lock(file, never, 0);
    expect(locksIn(path.dirname(file))).toHaveLength(1);
    await lock.release();
  });

  it('ends with the stop signal while it waits', async () => {
    const file = path.join(makeFolder(), 'data.json');
    const lock = await files.lock(file, never);
    const stop = new AbortController();
    const waiting = files.lock(file, stop.signal, 60_000);
    stop.abort('SIGTERM');
    await expect(waiting).rejects.toMatchObject({ kind: 'terminated' });
    await lock.release();
  });

  it('names the folder that cannot have it', async () => {
    const file = path.join(makeFolder(), 'no/where');
    await expect(files.lock(file, never, 0)).rejects.toMatchObject({
      kind: 'usage',
      message: `cannot lock ${file}: no such file or directory`,
    });
  });
});
