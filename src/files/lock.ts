import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cannot, KapadminError, stopKind, usageError } from '../errors.js';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { kill, pid as ownPid } from 'node:process';

/** A lock that is held. */
export interface FileLock {
  /** Gives it up; it never rejects. */
  release(): Promise<void>;
}

/** Milliseconds that a second writer waits by default. */
const defaultTimeoutMs = 5000;
/** Milliseconds between two tries, at least and at most. */
const pause = { min: 10, max: 60 };
/** Characters of a file's name that its lock repeats: a name has at most 255 bytes. */
const maxBase = 40;

/** Prefix of the names of a file's locks, in the same folder. */
function lockPrefix(file: string): string {
  const base = path.basename(file);
  const short = base.length > maxBase ? createHash('sha256').update(base).digest('hex').slice(0, 16) : base;
  return `.${short}.lock-`;
}

/** The name of a lock of a file; two of one process differ. */
export function lockFileName(file: string, owner: ProcessMark): string {
  return lockPrefix(file) + markText(owner);
}

interface HeldLock {
  readonly owner: ProcessMark;
  readonly path: string;
}

/** Another lock of the same file that is held; those whose process has ended are removed. */
async function otherLock(folder: string, prefix: string, own: string): Promise<HeldLock | undefined> {
  for (const name of await readdir(folder)) {
    const owner = name.startsWith(prefix) && name !== own ? parseMark(name.slice(prefix.length)) : undefined;
    if (owner === undefined) continue;
    const lock = path.join(folder, name);
    if (isRunning(owner) !== false) return { owner, path: lock };
    await rm(lock, { force: true }).catch(() => {});
  }
  return undefined;
}

function lockedError(file: string, { owner, path: lock }: HeldLock): KapadminError {
  const isLocal = isRunning(owner) !== undefined;
  const who = `process ${owner.pid}${isLocal ? '' : ' of another machine or container, or from before a restart'}`;
  const hint = isLocal
    ? 'Wait until that process has ended, then run the command again.'
    : `If it has ended, remove ${lock} and run the command again.`;
  return usageError('file-locked', `cannot write ${file}: another kapadmin (${who}) is using it`, hint);
}

/**
 * Takes the lock of a file, which need not exist; its folder must. Each contender puts a file of a name of its own
 * beside it and holds the lock when it then sees no other that is held: so a lock that a killed process left can be
 * removed by anybody, and never one that is in use. Whether a process of another machine or container still runs is
 * not known: its lock holds until a person removes it. Throws a usage error (`file-locked`) that names the other process
 * after `timeoutMs`, and ends with the stop signal.
 */
export async function lockFile(file: string, stop: AbortSignal, timeoutMs = defaultTimeoutMs): Promise<FileLock> {
  const target = await realpath(file).catch(() => path.resolve(file));
  const facts = await stat(target).catch(() => undefined);
  if (facts?.isFile() === false) throw cannot('lock', file, new Error('it is not a regular file'));
  const folder = path.dirname(target);
  const end = performance.now() + timeoutMs;
  for (;;) {
    if (stop.aborted) {
      const kind = stopKind(stop.reason);
      throw new KapadminError(kind, kind, 'Cancelled. No changes were made.');
    }
    const own = lockFileName(target, processMark());
    const lock = path.join(folder, own);
    const withdraw = (): Promise<void> => rm(lock, { force: true }).catch(() => {});
    let other: HeldLock | undefined;
    try {
      await (await open(lock, 'wx', 0o600)).close();
      other = await otherLock(folder, lockPrefix(target), own);
    } catch (error) {
      await withdraw();
      throw cannot('lock', file, error);
    }
    if (other === undefined) return { release: withdraw };
    await withdraw();
    if (performance.now() >= end) throw lockedError(file, other);
    await delay(pause.min + Math.random() * (pause.max - pause.min), undefined, { signal: stop }).catch(() => {});
  }
}

/** The process that a file's name refers to: a lock, or a temporary file. */
interface ProcessMark {
  readonly pid: number;
  /** When it started, as the system counts; empty where that is not known. */
  readonly started: string;
  /** The machine and its space of process numbers: elsewhere the number says nothing. */
  readonly system: string;
}

function readOr(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

/** The start of a process in clock ticks since boot (proc(5), field 22). */
function startOf(pid: number): string {
  const facts = readOr(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  return facts.slice(facts.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function systemName(): string {
  const boot = readOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1'));
  const numbers = readOr(() => readlinkSync('/proc/self/ns/pid'));
  return createHash('sha256').update(`${hostname()} ${boot} ${numbers}`).digest('hex').slice(0, 12);
}

/** The mark of a process; by default of this one. */
export function processMark(pid = ownPid): ProcessMark {
  return { pid, started: startOf(pid), system: systemName() };
}

/** A mark as a part of a file's name; two of one process differ. */
export function markText({ pid, started, system }: ProcessMark): string {
  return `${pid}-${started}-${system}-${randomBytes(4).toString('hex')}`;
}

/** The mark in a part of a file's name; undefined for any other text. */
export function parseMark(text: string): ProcessMark | undefined {
  const [, pid, started = '', system = ''] = /^(\d+)-(\d*)-([0-9a-f]{12})-[0-9a-f]{8}$/.exec(text) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), started, system };
}

/** Whether a marked process still runs; undefined where it is of another machine or container. */
export function isRunning({ pid, started, system }: ProcessMark): boolean | undefined {
  if (system !== systemName()) return undefined;
  try {
    kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return started === '' || startOf(pid) === started;
}
