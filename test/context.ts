import { randomBytes } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Context, StopSignal } from '../src/context.js';
import { files as realFiles, type Files } from '../src/files/files.js';
import { makeFolder } from './folder.js';

export interface TestOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** A new, empty folder by default. */
  readonly cwd?: string;
  /** A new, empty folder by default. */
  readonly home?: string;
  /** The real one by default. */
  readonly uid?: number;
  /** What stands on stdin; a stream that never ends is given as a Readable. Empty by default. */
  readonly stdin?: string | Uint8Array | Readable;
  /** Whether stdin, stdout and stderr are a terminal: all three, or each. */
  readonly terminal?: boolean | { readonly stdin?: boolean; readonly stdout?: boolean; readonly stderr?: boolean };
  readonly columns?: number;
  readonly stdoutIsOpenToOthers?: boolean;
  readonly clock?: Clock;
  readonly files?: Files;
  /** In place of a stdout that takes everything. */
  out?(text: string): Promise<void>;
  random?(): number;
  randomBytes?(count: number): Uint8Array;
}

export interface TestContext extends Context {
  /** What was written so far. */
  stdout(): string;
  stderr(): string;
  /** Does what a signal does to the process. */
  interrupt(signal?: StopSignal): void;
}

const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}).catch(() => {}),
};

/** As the streams of a process: what is piped to them does not end them. */
function neverEnding(stream: Writable): Writable {
  return Object.assign(stream, { end: () => stream });
}

/** The outside world of one command: real files and clock, everything else in memory. */
export function makeTestContext(options: TestOptions = {}): TestContext {
  const written = { out: '', err: '' };
  const stop = new AbortController();
  const { terminal = false, stdin = '' } = options;
  const each = typeof terminal === 'boolean' ? { stdin: terminal, stdout: terminal, stderr: terminal } : terminal;
  return {
    io: {
      out: options.out ?? (async (text) => void (written.out += text)),
      err: (text) => void (written.err += text),
      stdin: stdin instanceof Readable ? stdin : Readable.from(stdin.length === 0 ? [] : [Buffer.from(stdin)]),
      stderr: neverEnding(
        new Writable({
          write(chunk: Buffer, _, done) {
            written.err += chunk.toString();
            done();
          },
        }),
      ),
      stdinIsTerminal: each.stdin ?? false,
      stdoutIsTerminal: each.stdout ?? false,
      stderrIsTerminal: each.stderr ?? false,
      isInteractive: (each.stdin ?? false) && (each.stderr ?? false) && options.env?.['TERM'] !== 'dumb',
      stdoutIsOpenToOthers: () => options.stdoutIsOpenToOthers ?? false,
      columns: () => options.columns,
    },
    env: options.env ?? {},
    cwd: options.cwd ?? makeFolder(),
    home: options.home ?? makeFolder(),
    uid: options.uid ?? process.getuid?.(),
    clock: options.clock ?? realClock,
    files: options.files ?? realFiles,
    random: options.random ?? Math.random,
    randomBytes: options.randomBytes ?? randomBytes,
    stop: stop.signal,
    stdout: () => written.out,
    stderr: () => written.err,
    interrupt: (signal = 'SIGINT') => stop.abort(signal),
  };
}
