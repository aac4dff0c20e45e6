import { constants, open } from 'node:fs';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import { usageError } from '../errors.js';

/**
 * What comes through a pipe until those who write to it close it; a named one waits for somebody to write. Throws a
 * usage error over `limit` bytes, and the reason of `stop`.
 */
export async function readPipe(file: string, limit: number, stop: AbortSignal): Promise<Uint8Array> {
  const fd = await promisify(open)(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const pipe = new Socket({ fd, readable: true, writable: false });
  const end = (): void => void pipe.destroy();
  stop.addEventListener('abort', end, { once: true });
  try {
    if (stop.aborted) end();
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of pipe) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > limit) throw usageError('file-too-large', `${file} returned more than ${limit} bytes`);
    }
    stop.throwIfAborted();
    return Buffer.concat(chunks);
  } catch (error) {
    stop.throwIfAborted();
    throw error;
  } finally {
    stop.removeEventListener('abort', end);
    end();
  }
}

/** Milliseconds between two looks for a reader, and how often is looked. */
const pause = 20;
const maxPolls = 50;
/** Milliseconds that a reader may take nothing. */
const readerTimeoutMs = 60_000;

/** A pipe that somebody reads, or will within a second: without a reader it does not open. */
async function openForReader(file: string): Promise<number> {
  for (let poll = 1; ; poll++) {
    try {
      return await promisify(open)(file, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO' || poll === maxPolls) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/**
 * Writes into a named pipe. Rejects if it has no reader, and when the reader closes it or reads nothing for a minute.
 */
export async function writePipe(file: string, content: string | Uint8Array): Promise<void> {
  const pipe = new Socket({ fd: await openForReader(file), readable: false, writable: true });
  try {
    await new Promise<void>((resolve, reject) => {
      pipe.on('error', reject);
      pipe.setTimeout(readerTimeoutMs, () => pipe.destroy(new Error('the reader accepts no data')));
      pipe.write(content, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    pipe.destroy();
  }
}
