import { setMaxListeners } from 'node:events';
import { closeSync, fstatSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context, Io, StopSignal } from './context.js';
import { files } from './files.js';
import { run } from './main.js';

const signals: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const stdin = 0;
const stdout = 1;
const stderr = 2;

/** Whether a descriptor is a terminal. The module that knows is costly: it is loaded for devices only. */
function isTerminal(fd: number): boolean {
  try {
    return fstatSync(fd).isCharacterDevice() && process.getBuiltinModule('node:tty').isatty(fd);
  } catch {
    return false;
  }
}

/** Whether a system error has this code. */
function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === code;
}

/** An output stream that may lose its reader or its terminal without an error that nobody handles. */
function forgiving(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return stream.listenerCount('error') === 0 ? stream.on('error', () => {}) : stream;
}

function writeByStream(stream: NodeJS.WriteStream, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(bytes, (error) => (!error || hasCode(error, 'EPIPE') ? resolve() : reject(error)));
  });
}

/**
 * Resolves when the system took the text; a reader that closed early is not an error. Written without Node's streams,
 * which cost a fifth of a short command's time, unless the descriptor will not block.
 */
async function write(fd: typeof stdout | typeof stderr, text: string): Promise<void> {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (hasCode(error, 'EPIPE')) return;
      if (!hasCode(error, 'EAGAIN')) throw error;
      await writeByStream(forgiving(fd === stdout ? process.stdout : process.stderr), bytes.subarray(at));
      return;
    }
  }
}

function stdoutIsOpenToOthers(): boolean {
  try {
    const facts = fstatSync(stdout);
    return facts.isFile() && (facts.mode & 0o077) !== 0;
  } catch {
    return false;
  }
}

function makeIo(): Io {
  const terminals = { stdin: isTerminal(stdin), stdout: isTerminal(stdout), stderr: isTerminal(stderr) };
  return {
    out: (text) => write(stdout, text),
    err: (text) => void write(stderr, text).catch(() => {}),
    get stdin() {
      return process.stdin;
    },
    get stderr() {
      return forgiving(process.stderr);
    },
    stdinIsTerminal: terminals.stdin,
    stdoutIsTerminal: terminals.stdout,
    stderrIsTerminal: terminals.stderr,
    stdoutIsOpenToOthers,
    columns: () => (terminals.stdout ? process.stdout.columns : terminals.stderr ? process.stderr.columns : undefined),
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
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    stop: stopSignal(),
    onUserSignal: (act) => void process.on('SIGUSR2', act),
  };
}

/** Closes terminals that went away: at its end Node passes over a closed one, and aborts for a lost one. */
function closeLost(terminals: readonly number[]): void {
  for (const fd of terminals) if (!isTerminal(fd)) closeSync(fd);
}

/** Runs the command line of this process and ends it with the right code. */
export async function main(): Promise<void> {
  const terminals = [stdin, stdout, stderr].filter(isTerminal);
  const code = await run(process.argv.slice(2), makeContext());
  closeLost(terminals);
  process.exit(code);
}
