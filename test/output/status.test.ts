import { describe, expect, it } from 'vitest';
import { makeStatus, noStatus } from '../../src/output/status.js';

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
  return { status: makeStatus(spinner, sleep), seen, pass };
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
    expect(await status.during('waiting', () => Promise.resolve(7))).toBe(7);
    expect(seen).toEqual(['300 ms', '-']);
  });

  it('tells after 300 ms what is waited for, until the last of several works ends', async () => {
    const { status, seen, pass } = watched();
    const [one, two] = [later<number>(), later<number>()];
    const first = status.during('waiting for one', () => one.promise);
    const second = status.during('waiting for two', () => two.promise);
    await pass();
    expect(seen).toEqual(['300 ms', 'waiting for one']);
    one.resolve(1);
    expect(await first).toBe(1);
    expect(seen).toHaveLength(2);
    two.resolve(2);
    expect(await second).toBe(2);
    expect(seen).toEqual(['300 ms', 'waiting for one', '-']);
  });

  it('is gone after a work that failed, and tells of the next', async () => {
    const { status, seen, pass } = watched();
    await expect(status.during('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const next = later<void>();
    const work = status.during('b', () => next.promise);
    await pass();
    next.resolve();
    await work;
    expect(seen).toEqual(['300 ms', '-', '300 ms', 'b', '-']);
  });

  it('tells of no waits while somebody else has the spinner', async () => {
    const { status, seen, pass } = watched();
    const spinner = status.take();
    spinner?.show('3 of 9');
    await status.during('waiting', () => pass());
    expect(seen).toEqual(['-', '3 of 9']);
    spinner?.stop();
    await status.during('waiting', () => Promise.resolve());
    expect(seen).toEqual(['-', '3 of 9', '-', '300 ms', '-']);
  });

  it('shows nothing where there is no terminal', async () => {
    expect(await noStatus.during('waiting', () => Promise.resolve(1))).toBe(1);
    expect(noStatus.take()).toBeUndefined();
  });
});
