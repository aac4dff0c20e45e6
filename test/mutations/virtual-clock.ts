import type { Clock } from '../../src/context.js';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly ring: () => void;
}

/** A clock that jumps to the next timer as soon as nothing else is to be done: hours pass in no time. */
export function virtualClock(): Clock {
  let now = 0;
  let count = 0;
  let isTicking = false;
  const timers = new Set<Timer>();

  const tick = (): void => {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
    }
    if (next === undefined) {
      isTicking = false;
      return;
    }
    timers.delete(next);
    now = next.at;
    next.ring();
    setImmediate(tick);
  };

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const abort = (): void => {
          timers.delete(timer);
          resolve();
        };
        const ring = (): void => {
          signal?.removeEventListener('abort', abort);
          resolve();
        };
        const timer: Timer = { at: now + ms, order: count++, ring };
        timers.add(timer);
        signal?.addEventListener('abort', abort, { once: true });
        if (!isTicking) {
          isTicking = true;
          setImmediate(tick);
        }
      }),
  };
}
