import { describe, expect, it } from 'vitest';
import {
  createTerminalStatus,
  type ProgressOutput,
  progressText,
  showProgress,
  silentStatus,
} from '../../src/output/progress.js';

/** A status whose spinner writes down what it does, and whose time is advanced by hand. */
function watched() {
  const seen: string[] = [];
  const sleepers: (() => void)[] = [];
  const spinner = {
    show: (text: string) => void seen.push(text),
    above: (write: () => void) => write(),
    stop: () => void seen.push('-'),
  };
  const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      seen.push(`${ms} ms`);
      sleepers.push(resolve);
      signal.addEventListener('abort', () => resolve());
    });
  const pass = async (): Promise<void> => {
    for (const wake of sleepers.splice(0)) wake();
    await Promise.resolve();
  };
  return { status: createTerminalStatus(spinner, sleep), seen, pass };
}

function later<T>(): { promise: Promise<T>; resolve(value: T): void; reject(error: Error): void } {
  let [resolve, reject]: [(value: T) => void, (error: Error) => void] = [() => {}, () => {}];
  const promise = new Promise<T>((yes, no) => {
    [resolve, reject] = [yes, no];
  });
  return { promise, resolve, reject };
}

describe('the status of a terminal', () => {
  it('shows nothing of a quick work', async () => {
    const { status, seen } = watched();
    expect(await status.withSpinner('waiting', () => Promise.resolve(7))).toBe(7);
    expect(seen).toEqual(['300 ms', '-']);
  });

  it('reports after 300 ms what is waited for, until the last of several works ends', async () => {
    const { status, seen, pass } = watched();
    const [one, two] = [later<number>(), later<number>()];
    const first = status.withSpinner('waiting for one', () => one.promise);
    const second = status.withSpinner('waiting for two', () => two.promise);
    await pass();
    expect(seen).toEqual(['300 ms', 'waiting for one']);
    one.resolve(1);
    expect(await first).toBe(1);
    expect(seen).toHaveLength(2);
    two.resolve(2);
    expect(await second).toBe(2);
    expect(seen).toEqual(['300 ms', 'waiting for one', '-']);
  });

  it('is gone after a work that failed, and reports the next', async () => {
    const { status, seen, pass } = watched();
    await expect(status.withSpinner('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const next = later<void>();
    const work = status.withSpinner('b', () => next.promise);
    await pass();
    next.resolve();
    await work;
    expect(seen).toEqual(['300 ms', '-', '300 ms', 'b', '-']);
  });

  it('reports no waits while somebody else has the spinner', async () => {
    const { status, seen, pass } = watched();
    const spinner = status.acquire();
    spinner?.show('3 of 9');
    await status.withSpinner('waiting', () => pass());
    expect(seen).toEqual(['-', '3 of 9']);
    spinner?.stop();
    await status.withSpinner('waiting', () => Promise.resolve());
    expect(seen).toEqual(['-', '3 of 9', '-', '300 ms', '-']);
  });

  it('shows nothing where there is no terminal', async () => {
    expect(await silentStatus.withSpinner('waiting', () => Promise.resolve(1))).toBe(1);
    expect(silentStatus.acquire()).toBeUndefined();
  });
});

function place(isTerminal: boolean): ProgressOutput & { at: number; lines: string[]; shown: string[] } {
  const there = {
    at: 0,
    lines: [] as string[],
    shown: [] as string[],
    spinner: isTerminal
      ? {
          show: (text: string) => void there.shown.push(text),
          above: (write: () => void) => write(),
          stop: () => void there.shown.push(''),
        }
      : undefined,
    now: () => there.at,
    line: (text: string) => void there.lines.push(text),
  };
  return there;
}

describe('progress', () => {
  it('reports count, rate, time left and failures', () => {
    const count = { total: 40_000, ended: 1_000, failed: 0 };
    expect(progressText(count, 'changes', 1_000)).toBe('1000 of 40000 changes, 1000/s, 39 s left');
    expect(progressText({ ...count, failed: 2 }, 'changes', 20_000)).toBe(
      '1000 of 40000 changes, 50/s, 13 min left, 2 failed',
    );
    expect(progressText({ total: 10_000, ended: 1, failed: 0 }, 'changes', 1_000)).toBe(
      '1 of 10000 changes, 1.0/s, 2.8 h left',
    );
    expect(progressText({ total: 5, ended: 0, failed: 0 }, 'changes', 0)).toBe('0 of 5 changes');
  });

  it('is a line every ten seconds where there is no terminal', () => {
    const there = place(false);
    const progress = showProgress('changes', there);
    for (let ended = 1; ended <= 25; ended++) {
      there.at = ended * 1_000;
      progress.update({ total: 25, ended, failed: 0 });
    }
    progress.stop();
    expect(there.lines).toEqual(['10 of 25 changes, 1.0/s, 15 s left', '20 of 25 changes, 1.0/s, 5 s left']);
  });

  it('shows nothing on a terminal while it is quick, then a picture of it ten times a second at most', () => {
    const there = place(true);
    const progress = showProgress('changes', there);
    for (; there.at < 300; there.at += 10) progress.update({ total: 100, ended: 1, failed: 0 });
    expect(there.shown).toEqual([]);
    for (; there.at < 500; there.at += 10) progress.update({ total: 100, ended: 40, failed: 1 });
    expect(there.shown).toEqual([
      '40 of 100 changes, 133/s, 1 s left, 1 failed',
      '40 of 100 changes, 100/s, 1 s left, 1 failed',
    ]);
    progress.stop();
    expect(there.shown.at(-1)).toBe('');
    expect(there.lines).toEqual([]);
  });
});
