import type { Readable, Writable } from 'node:stream';
import type { Files } from './files/files.js';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Io {
  /** Writes data to stdout. Resolves when the system took it, or when the reader is gone, unless it `mustArrive`. */
  out(text: string, mustArrive?: boolean): Promise<void>;
  /** Writes a note, a warning or an error to stderr. */
  err(text: string): void;
  readonly stdin: Readable;
  /** Where prompts and spinners go. */
  readonly stderr: Writable;
  readonly stdinIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Whether there is a person to ask: prompts read from stdin and show on stderr, of a terminal that can move its cursor. */
  readonly isInteractive: boolean;
  /** Whether stdout is a regular file that others may read. */
  stdoutIsOpenToOthers(): boolean;
  /** Width of the terminal, undefined in a pipe. */
  columns(): number | undefined;
}

/** The signal that stopped us. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Everything of the outside world that the program touches. */
export interface Context {
  readonly io: Io;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  /** The user's number, undefined where the system has none. */
  readonly uid: number | undefined;
  readonly clock: Clock;
  readonly files: Files;
  /** A number in [0, 1), for jitter. */
  random(): number;
  /** Bytes fit for secrets. */
  randomBytes(count: number): Uint8Array;
  /** Aborted by the first signal; its reason is a StopSignal. */
  readonly stop: AbortSignal;
  /** The process ends with the command: its connections are left to the system, which closes them at no cost. */
  readonly endsProcess?: boolean;
  /** Runs work that blocks the event loop; meanwhile a signal ends the process at once, with no error message. */
  interruptible?<T>(work: () => Promise<T>): Promise<T>;
  /** Calls `act` with an uncaught error. */
  onUncaught?(listener: (error: unknown) => void): void;
  /** Calls `act` when the process ends by itself, also by a second signal; it cannot wait for anything. */
  onExit?(listener: () => void): void;
  /** Calls `act` whenever the user sends SIGUSR2. */
  onUserSignal?(listener: () => void): void;
}
