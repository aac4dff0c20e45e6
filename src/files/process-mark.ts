import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { kill, pid as ownPid } from 'node:process';

/** The process that a file's name refers to: a lock, or a temporary file. */
export interface ProcessMark {
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
