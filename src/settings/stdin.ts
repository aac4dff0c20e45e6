import type { Readable } from 'node:stream';
import { KapadminError, stopped, usageError } from '../errors.js';
import type { Context } from '../context.js';

const maxStdin = 1024 * 1024;

/** Streams that were read: what stands on standard input can be taken once. */
const taken = new WeakSet<Readable>();

/**
 * All of standard input, for the flag that is named. Throws a usage error when it is over the limit (1 MiB) or was read
 * before, and ends with the stop signal.
 */
export async function readStdin(context: Context, flag: string, limit = maxStdin): Promise<Uint8Array> {
  const { stdin } = context.io;
  if (taken.has(stdin)) {
    throw usageError('stdin-taken', `${flag}: standard input was read already`, 'Only one thing can come from it.');
  }
  taken.add(stdin);
  const chunks: Buffer[] = [];
  let size = 0;
  const stop = (): void => void stdin.destroy();
  context.stop.addEventListener('abort', stop, { once: true });
  try {
    if (context.stop.aborted) stop();
    for await (const chunk of stdin) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
      size += bytes.length;
      if (size > limit) throw usageError('stdin-too-large', `${flag}: standard input is over ${limit} bytes`);
      chunks.push(bytes);
    }
  } catch (error) {
    if (context.stop.aborted) throw stopped(context.stop, `stopped while reading standard input: nothing was sent`);
    if (error instanceof KapadminError) throw error;
    throw usageError('cannot-read-stdin', `${flag}: cannot read standard input: ${(error as Error).message}`);
  } finally {
    context.stop.removeEventListener('abort', stop);
  }
  if (context.stop.aborted) throw stopped(context.stop, 'stopped while reading standard input: nothing was sent');
  return Buffer.concat(chunks);
}
