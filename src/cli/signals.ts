import { setMaxListeners } from 'node:events';
import type { StopSignal } from '../context.js';
import { exitCodes, stopKind } from '../errors.js';
import { closeLost } from './standard-streams.js';

const signals: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The exit code of a program that a signal ends. */
function stopCode(signal: StopSignal): number {
  return exitCodes[stopKind(signal)];
}

/** Ends the process, whatever is under way. */
export function end(code: number): never {
  closeLost(code === stopCode('SIGHUP'));
  process.exit(code);
}

/**
 * A signal that aborts on the first signal to the process, created on first use. A second signal exits immediately,
 * except SIGHUP, which both the terminal and the shell may send.
 */
export function stopSignal(): () => AbortSignal {
  let made: AbortController | undefined;
  const controller = (): AbortController => {
    if (made === undefined) {
      made = new AbortController();
      setMaxListeners(0, made.signal);
    }
    return made;
  };
  for (const signal of signals) {
    process.on(signal, () => {
      if (!controller().signal.aborted) controller().abort(signal);
      else if (signal !== 'SIGHUP') end(stopCode(signal));
    });
  }
  return () => controller().signal;
}

/** A handler is not called while the event loop is blocked: without handlers the system itself ends the process. */
export async function interruptible<T>(work: () => Promise<T>): Promise<T> {
  const handlers = signals.map((signal) => ({ signal, listeners: process.listeners(signal) }));
  for (const { signal } of handlers) process.removeAllListeners(signal);
  try {
    return await work();
  } finally {
    for (const { signal, listeners } of handlers) for (const listener of listeners) process.on(signal, listener);
  }
}
