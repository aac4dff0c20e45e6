import { closeSync, constants, fstatSync, readFileSync, statSync, writeSync } from 'node:fs';
import type { Io } from '../context.js';
import { KapadminError, systemReason } from '../errors.js';

const stdin = 0;
export const stdout = 1;
const stderr = 2;

/** Bytes that a pipe holds without a reader. */
const pipeRoom = 64 * 1024;

/** Milliseconds for the reader of our output after a stop signal. */
const readerTimeoutMs = 1000;

/** Whether a descriptor is a device, but for /dev/null: a terminal, as a rule, or one that went away. */
function isDevice(fd: number): boolean {
  try {
    const facts = fstatSync(fd);
    return facts.isCharacterDevice() && facts.rdev !== statSync('/dev/null').rdev;
  } catch {
    return false;
  }
}

/** Whether a descriptor is a terminal. The module that knows is costly: it is loaded for devices alone. */
function isTerminal(fd: number): boolean {
  return isDevice(fd) && process.getBuiltinModule('node:tty').isatty(fd);
}

/** Whether a system error has this code. */
function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === code;
}

/** An output stream that may lose its reader or its terminal without an unhandled error. */
function forgiving(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return stream.listenerCount('error') === 0 ? stream.on('error', () => {}) : stream;
}

/** Rejects some time after `stop` when the reader takes nothing. */
function writeByStream(
  stream: NodeJS.WriteStream,
  bytes: Uint8Array,
  stop: AbortSignal,
  mustArrive: boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const wait = (): void => void setTimeout(() => reject(new Error('it has no reader')), readerTimeoutMs).unref();
    if (stop.aborted) wait();
    else stop.addEventListener('abort', wait, { once: true });
    stream.write(bytes, (error) => {
      if (!error || (hasCode(error, 'EPIPE') && !mustArrive)) resolve();
      else reject(error);
    });
  });
}

/** Whether a write of so many bytes may wait for a reader, while no signal is heard. */
function mayBlock(fd: number, length: number): boolean {
  if (length <= pipeRoom) return false;
  const facts = fstatSync(fd);
  return facts.isFIFO() || facts.isSocket();
}

/**
 * Resolves when the system took the text; a reader that closed early is not an error. Written without Node's streams,
 * which cost a fifth of a short command's time, unless the descriptor will not block, or might for too long.
 */
async function write(
  fd: typeof stdout | typeof stderr,
  text: string,
  stop: () => AbortSignal,
  mustArrive = false,
): Promise<void> {
  const bytes = Buffer.from(text, 'utf8');
  const stream = (at: number): Promise<void> =>
    writeByStream(forgiving(fd === stdout ? process.stdout : process.stderr), bytes.subarray(at), stop(), mustArrive);
  if (mayBlock(fd, bytes.length)) return stream(0);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (hasCode(error, 'EPIPE') && !mustArrive) return;
      if (hasCode(error, 'EAGAIN')) return stream(at);
      throw error;
    }
  }
}

/**
 * Whether a descriptor was closed when the program started: Node puts /dev/null in its place, open for reading and
 * writing, where a shell opens that for writing alone.
 */
function wasClosed(fd: number): boolean {
  try {
    const facts = fstatSync(fd);
    if (!facts.isCharacterDevice() || facts.rdev !== statSync('/dev/null').rdev) return false;
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & 3) === constants.O_RDWR;
  } catch {
    return false;
  }
}

async function writeData(text: string, stop: () => AbortSignal, mustArrive?: boolean): Promise<void> {
  try {
    if (mustArrive === true && wasClosed(stdout)) throw Object.assign(new Error('closed'), { code: 'EBADF' });
    await write(stdout, text, stop, mustArrive);
  } catch (error) {
    const why = `cannot write to standard output: ${systemReason(error)}`;
    // A lost terminal fails like this; the session leader alone gets SIGHUP.
    const kind = hasCode(error, 'EIO') && fstatSync(stdout).isCharacterDevice() ? 'hung-up' : 'partial';
    throw new KapadminError(kind, 'cannot-write-output', why, { cause: error });
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

export function makeIo(stop: () => AbortSignal): Io {
  const terminals = { stdin: isTerminal(stdin), stdout: isTerminal(stdout), stderr: isTerminal(stderr) };
  return {
    out: (text, mustArrive) => writeData(text, stop, mustArrive),
    err: (text) => void write(stderr, text, stop).catch(() => {}),
    get stdin() {
      return process.stdin;
    },
    get stderr() {
      return forgiving(process.stderr);
    },
    stdinIsTerminal: terminals.stdin,
    stdoutIsTerminal: terminals.stdout,
    stderrIsTerminal: terminals.stderr,
    isInteractive: terminals.stdin && terminals.stderr && process.env['TERM'] !== 'dumb',
    stdoutIsOpenToOthers,
    columns: () => {
      const size = terminals.stdout ? process.stdout.columns : terminals.stderr ? process.stderr.columns : undefined;
      // Serial lines and programs that allocate a terminal without a size report 0.
      return size === 0 ? undefined : size;
    },
  };
}

/**
 * Closes terminals that went away, and those that are about to: at its end Node passes over a closed one, and aborts for
 * one that was lost since the start.
 */
export function closeLost(areGoing: boolean): void {
  for (const fd of [stdin, stdout, stderr]) if (isDevice(fd) && (areGoing || !isTerminal(fd))) closeSync(fd);
}
