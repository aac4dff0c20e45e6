import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { closeSync, fstatSync } from 'node:fs';
import { homedir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { isatty } from 'node:tty';
import type { Context, Io, StopSignal } from './context.js';
import { files } from './files.js';
import { run } from './main.js';

const signals: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Resolves when the system took the text; a reader that closed early is not an error. */
function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (!error || (error as NodeJS.ErrnoException).code === 'EPIPE') resolve();
      else reject(error);
    });
  });
}

function stdoutIsOpenToOthers(): boolean {
  try {
    const facts = fstatSync(process.stdout.fd);
    return facts.isFile() && (facts.mode & 0o077) !== 0;
  } catch {
    return false;
  }
}

function makeIo(): Io {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  return {
    out: (text) => write(process.stdout, text),
    err: (text) => void process.stderr.write(text),
    stdin: process.stdin,
    stderr: process.stderr,
    stdinIsTerminal: process.stdin.isTTY === true,
    stdoutIsTerminal: process.stdout.isTTY === true,
    stderrIsTerminal: process.stderr.isTTY === true,
    stdoutIsOpenToOthers,
    columns: () => process.stdout.columns ?? process.stderr.columns,
  };
}

/** Aborts on the first signal; a second one ends the process at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  for (const signal of signals) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(signal);
    });
  }
  return controller.signal;
}

function makeContext(): Context {
  return {
    io: makeIo(),
    env: process.env,
    cwd: process.cwd(),
    home: process.env['HOME'] ?? homedir(),
    uid: process.getuid?.(),
    clock: {
      now: () => Date.now(),
      sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}).catch(() => {}),
    },
    files,
    random: Math.random,
    randomBytes: (count) => randomBytes(count),
    stop: stopSignal(),
    onUserSignal: (act) => void process.on('SIGUSR2', act),
  };
}

/** Closes terminals that went away: at its end Node passes over a closed one, and aborts for a lost one. */
function closeLost(terminals: readonly number[]): void {
  for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
}

/** Runs the command line of this process and ends it with the right code. */
export async function main(): Promise<void> {
  const terminals = [0, 1, 2].filter((fd) => isatty(fd));
  const code = await run(process.argv.slice(2), makeContext());
  await write(process.stderr, '').catch(() => {});
  closeLost(terminals);
  process.exit(code);
}
