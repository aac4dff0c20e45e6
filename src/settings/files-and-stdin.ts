import path from 'node:path';
import type { Context } from '../context.js';
import { KapadminError, stopped, usageError } from '../errors.js';
import type { FileText } from '../files/files.js';
import type { Readable } from 'node:stream';

/** The error of a file with the place that names it before it, and a way out. */
export function prefixError(error: unknown, place: string, hint: string | undefined): unknown {
  if (!(error instanceof KapadminError)) return error;
  const details = { hint: hint ?? error.hint, cause: error.cause };
  return new KapadminError(error.kind, error.code, `${place}: ${error.message}`, details);
}

/**
 * A file that a flag, a variable or a key (`place`) names, below the working directory unless absolute. Throws a usage
 * error that begins with the place.
 */
export async function readNamedFile(
  context: Pick<Context, 'cwd' | 'files'>,
  file: string,
  place: string,
  limit: number,
  hint?: string,
): Promise<FileText & { path: string }> {
  if (file === '') throw usageError('cannot-read-file', `${place}: the file name is empty`);
  const absolutePath = path.resolve(context.cwd, file);
  try {
    return { ...(await context.files.read(absolutePath, limit)), path: absolutePath };
  } catch (error) {
    throw prefixError(error, place, hint);
  }
}

/** Milliseconds for whoever writes to a pipe: a program that asks for a passphrase takes a while. */
const pipeTimeoutMs = 60_000;
const pipeTimeout = 'late';

/** A wait for a pipe: aborted by the stop signal, and when `pipeTimeoutMs` is over. */
function pipeDeadline({ clock, stop }: Pick<Context, 'clock' | 'stop'>): { signal: AbortSignal; cancel(): void } {
  const deadline = new AbortController();
  const cancelled = new AbortController();
  void clock.sleep(pipeTimeoutMs, cancelled.signal).then(() => deadline.abort(pipeTimeout));
  return { signal: AbortSignal.any([stop, deadline.signal]), cancel: () => cancelled.abort() };
}

/**
 * The content of a file or pipe, by `read`; `place` is the flag, the key or the file for messages. Rejects on the stop
 * signal, and throws a usage error for a pipe that does not end within a minute.
 */
export async function readWithTimeout<T>(
  context: Pick<Context, 'clock' | 'stop'>,
  file: string,
  place: string,
  read: (end: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, cancel } = pipeDeadline(context);
  try {
    return await read(signal);
  } catch (error) {
    if (context.stop.aborted) throw stopped(context.stop, `stopped while reading ${place}; no changes were made`);
    if (error !== pipeTimeout) throw error;
    throw usageError('pipe-too-slow', `${place}: the pipe ${file} was not closed within a minute`);
  } finally {
    cancel();
  }
}

const maxStdinBytes = 1024 * 1024;

/** Streams that were read: standard input can be read once. */
const consumedStreams = new WeakSet<Readable>();

/**
 * All of standard input, for the flag that is named. Throws a usage error when it is over the limit (1 MiB) or was read
 * before, and ends with the stop signal.
 */
export async function readStdin(context: Context, flag: string, limit = maxStdinBytes): Promise<Uint8Array> {
  const { stdin } = context.io;
  if (consumedStreams.has(stdin)) {
    throw usageError('stdin-taken', `${flag}: standard input was already read`, 'Use it for one value only.');
  }
  consumedStreams.add(stdin);
  const chunks: Buffer[] = [];
  let size = 0;
  const stop = (): void => void stdin.destroy();
  context.stop.addEventListener('abort', stop, { once: true });
  try {
    if (context.stop.aborted) stop();
    for await (const chunk of stdin) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
      size += bytes.length;
      if (size > limit) throw usageError('stdin-too-large', `${flag}: standard input exceeds ${limit} bytes`);
      chunks.push(bytes);
    }
  } catch (error) {
    if (context.stop.aborted) throw stopped(context.stop, `stopped while reading standard input; no changes were made`);
    if (error instanceof KapadminError) throw error;
    throw usageError('cannot-read-stdin', `${flag}: cannot read standard input: ${(error as Error).message}`);
  } finally {
    context.stop.removeEventListener('abort', stop);
  }
  if (context.stop.aborted) throw stopped(context.stop, 'stopped while reading standard input; no changes were made');
  return Buffer.concat(chunks);
}

/** A file that a flag names, from the working directory. */
export function resolvePath(file: string, context: Pick<Context, 'cwd'>): string {
  return path.resolve(context.cwd, file);
}
