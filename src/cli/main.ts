import { writeSync } from 'node:fs';
import type { Context, StopSignal } from '../context.js';
import { files } from '../files/files.js';
import { closeLost, makeIo, stdout } from './standard-streams.js';
import { setMaxListeners } from 'node:events';
import { exitCodes, stopKind } from '../errors.js';

/** Empty where the system does not know the account: in a container it may be a mere number. */
function homeOfAccount(): string {
  try {
    return process.getBuiltinModule('node:os').homedir();
  } catch {
    // Packages ask for it as well when they load.
    process.env['HOME'] = '';
    return '';
  }
}

/** One that was removed is still named by the shell: what is looked for there is not found. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return process.env['PWD'] ?? '/';
  }
}

function makeContext(): Context {
  const stop = stopSignal();
  return {
    io: makeIo(stop),
    env: process.env,
    cwd: workingFolder(),
    home: process.env['HOME'] ?? homeOfAccount(),
    uid: process.getuid?.(),
    clock: {
      now: () => Date.now(),
      sleep: (ms, signal) =>
        process
          .getBuiltinModule('node:timers/promises')
          .setTimeout(ms, undefined, signal ? { signal } : {})
          .catch(() => {}),
    },
    files,
    random: Math.random,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    endsProcess: true,
    onUncaught: (listener) => void process.on('uncaughtException', listener),
    onExit: (listener) => void process.on('exit', listener),
    interruptible,
    get stop() {
      return stop();
    },
    onUserSignal: (listener) => void process.on('SIGUSR2', listener),
  };
}

/** Prints the version with nothing else loaded; false where that fails, and the program has to say why. */
function printVersion(): boolean {
  try {
    writeSync(stdout, `${KAPADMIN_VERSION}\n`);
    return true;
  } catch {
    return false;
  }
}

/** Runs the command line of this process and ends it with the right code. */
export async function main(): Promise<void> {
  const words = process.argv.slice(2);
  if (words.length === 1 && ['--version', '-V'].includes(words[0]!) && printVersion()) return;
  const { run } = await import('./run.js');
  end(await run(words, makeContext()));
}

const signals: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The exit code of a program that a signal ends. */
function stopCode(signal: StopSignal): number {
  return exitCodes[stopKind(signal)];
}

/** Ends the process, whatever is under way. */
function end(code: number): never {
  closeLost(code === stopCode('SIGHUP'));
  process.exit(code);
}

/**
 * A signal that aborts on the first signal to the process, created on first use. A second signal exits immediately,
 * except SIGHUP, which both the terminal and the shell may send.
 */
function stopSignal(): () => AbortSignal {
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
async function interruptible<T>(work: () => Promise<T>): Promise<T> {
  const handlers = signals.map((signal) => ({ signal, listeners: process.listeners(signal) }));
  for (const { signal } of handlers) process.removeAllListeners(signal);
  try {
    return await work();
  } finally {
    for (const { signal, listeners } of handlers) for (const listener of listeners) process.on(signal, listener);
  }
}
