import { createHash } from 'node:crypto';
import { open, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { KapadminError, stopKind, usageError } from '../errors.js';
import { cannot } from './error.js';
import { isRunning, markText, parseMark, processMark, type ProcessMark } from './process-mark.js';

/** A lock that is held. */
export interface FileLock {
  /** Gives it up; it never rejects. */
  release(): Promise<void>;
}

/** Milliseconds that a second writer waits by default. */
const defaultPatience = 5000;
/** Milliseconds between two tries, at least and at most. */
const pause = { min: 10, max: 60 };
/** A holder touches its lock this often; one of another system that was not touched for so long is abandoned. */
const touchEvery = 1000;
const abandonedAfter = 10_000;
/** Characters of a file's name that its lock repeats: a name has at most 255 bytes. */
const maxBase = 40;

/** The beginning of the names of a file's locks; they stand beside it. */
function lockPrefix(file: string): string {
  const base = path.basename(file);
  const short = base.length > maxBase ? createHash('sha256').update(base).digest('hex').slice(0, 16) : base;
  return `.${short}.lock-`;
}

/** The name of a lock of a file; two of one process differ. */
export function lockFileName(file: string, owner: ProcessMark): string {
  return lockPrefix(file) + markText(owner);
}

/** Milliseconds of the file system's clock; undefined where the file is gone. */
async function changedAt(file: string): Promise<number | undefined> {
  return (await stat(file).catch(() => undefined))?.mtimeMs;
}

/** Whether the owner of a lock still holds it, as seen from a lock of our own that was made just now. */
async function isHeld(lock: string, owner: ProcessMark, own: string): Promise<boolean> {
  const runs = isRunning(owner);
  if (runs !== undefined) return runs;
  const [touched, now] = [await changedAt(lock), await changedAt(own)];
  return touched !== undefined && now !== undefined && now - touched < abandonedAfter;
}

/** Another lock of the same file that is held; those that nobody holds any more are removed. */
async function otherLock(folder: string, prefix: string, own: string): Promise<ProcessMark | undefined> {
  for (const name of await readdir(folder)) {
    const owner = name.startsWith(prefix) && name !== own ? parseMark(name.slice(prefix.length)) : undefined;
    if (owner === undefined) continue;
    const lock = path.join(folder, name);
    if (await isHeld(lock, owner, path.join(folder, own))) return owner;
    await rm(lock, { force: true }).catch(() => {});
  }
  return undefined;
}

function lockedError(file: string, owner: ProcessMark): KapadminError {
  const elsewhere = isRunning(owner) === undefined ? ' of another machine or container' : '';
  const who = `process ${owner.pid}${elsewhere}`;
  const message = `cannot write ${file}: another kapadmin (${who}) is using it`;
  return usageError('file-locked', message, 'Wait until that process has ended, then run the command again.');
}

/** Tells other systems that we are still there, by the file system's clock, until it is called. */
function keepTouched(lock: string): () => void {
  const touch = (): void => void writeFile(lock, '.', { flag: 'r+' }).catch(() => {});
  const timer = setInterval(touch, touchEvery).unref();
  return () => clearInterval(timer);
}

/**
 * Takes the lock of a file, which need not exist; its folder must. Each contender puts a file of a name of its own
 * beside it and holds the lock when it then sees no other that is held: so a lock that a killed process left can be
 * removed by anybody, and never one that is in use. Throws a usage error (`file-locked`) that names the other process
 * after `patience` milliseconds, and ends with the stop signal.
 */
export async function lockFile(file: string, stop: AbortSignal, patience = defaultPatience): Promise<FileLock> {
  const target = await realpath(file).catch(() => path.resolve(file));
  const facts = await stat(target).catch(() => undefined);
  if (facts?.isFile() === false) throw cannot('lock', file, new Error('it is not a regular file'));
  const folder = path.dirname(target);
  const end = performance.now() + patience;
  for (;;) {
    if (stop.aborted) {
      const kind = stopKind(stop.reason);
      throw new KapadminError(kind, kind, 'Cancelled. No changes were made.');
    }
    const own = lockFileName(target, processMark());
    const lock = path.join(folder, own);
    const withdraw = (): Promise<void> => rm(lock, { force: true }).catch(() => {});
    let other: ProcessMark | undefined;
    try {
      await (await open(lock, 'wx', 0o600)).close();
      other = await otherLock(folder, lockPrefix(target), own);
    } catch (error) {
      await withdraw();
      throw cannot('lock', file, error);
    }
    if (other === undefined) {
      const untouch = keepTouched(lock);
      return {
        release: async () => {
          untouch();
          await withdraw();
        },
      };
    }
    await withdraw();
    if (performance.now() >= end) throw lockedError(file, other);
    await delay(pause.min + Math.random() * (pause.max - pause.min), undefined, { signal: stop }).catch(() => {});
  }
}
