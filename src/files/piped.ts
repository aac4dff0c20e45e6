import { constants, open } from 'node:fs';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import { usageError } from '../errors.js';
import { escapeControls } from '../model/text.js';

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
      if (size > limit) throw usageError('file-too-large', `${escapeControls(file)} gives over ${limit} bytes`);
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
