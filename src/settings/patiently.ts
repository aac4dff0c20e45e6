import type { Context } from '../context.js';
import { stopped, usageError } from '../errors.js';

/** Milliseconds for whoever writes to a pipe: a program that asks for a passphrase takes a while. */
const patience = 60_000;
const late = 'late';

/** A wait for a pipe: aborted by the stop signal, and when `patience` is over. */
function waiting({ clock, stop }: Pick<Context, 'clock' | 'stop'>): { end: AbortSignal; forget(): void } {
  const patient = new AbortController();
  const over = new AbortController();
  void clock.sleep(patience, over.signal).then(() => patient.abort(late));
  return { end: AbortSignal.any([stop, patient.signal]), forget: () => over.abort() };
}

/**
 * What `read` gives of a file that may be a pipe; `place` is the flag, the key or the file that messages name. Ends with
 * the stop signal, and throws a usage error for a pipe that does not come to its end in a minute.
 */
export async function patiently<T>(
  context: Pick<Context, 'clock' | 'stop'>,
  file: string,
  place: string,
  read: (end: AbortSignal) => Promise<T>,
): Promise<T> {
  const { end, forget } = waiting(context);
  try {
    return await read(end);
  } catch (error) {
    if (context.stop.aborted) throw stopped(context.stop, `stopped while reading ${place}: nothing was sent`);
    if (error !== late) throw error;
    throw usageError('pipe-too-slow', `${place}: the pipe ${file} did not end within a minute`);
  } finally {
    forget();
  }
}
