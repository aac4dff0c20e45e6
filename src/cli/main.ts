import { writeSync } from 'node:fs';
import type { Context } from '../context.js';
import { files } from '../files/files.js';
import { end, interruptible, stopSignal } from './signals.js';
import { makeIo, stdout } from './standard-streams.js';

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
