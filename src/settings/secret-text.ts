import type { Context } from '../context.js';
import { usageError } from '../errors.js';
import { Secret } from '../model/secret.js';
import { escapeControls } from '../model/text.js';
import { readNamed } from './read-named.js';
import { stopped } from './stopped.js';

const largest = 64 * 1024;
/** Milliseconds for whoever writes to a pipe: a program that asks for a passphrase takes a while. */
const patience = 60_000;
const late = 'late';

/**
 * The secret that bytes of a file or of standard input hold: one line end at their end is dropped. Throws a usage
 * error that names `place` for what no password can be: not UTF-8, a NUL, a byte order mark.
 */
export function secretOf(bytes: Uint8Array, place: string): Secret {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw usageError('bad-password', `${place} is not UTF-8 text`);
  }
  if (text.includes('\0')) throw usageError('bad-password', `${place} holds a NUL byte`);
  if (text.startsWith('\ufeff')) throw usageError('bad-password', `${place} begins with a byte order mark`);
  return new Secret(text.replace(/\r?\n$/, ''));
}

/** A wait for a pipe: aborted by the stop signal, and when `patience` is over. */
function waiting({ clock, stop }: Pick<Context, 'clock' | 'stop'>): { end: AbortSignal; forget(): void } {
  const patient = new AbortController();
  const over = new AbortController();
  void clock.sleep(patience, over.signal).then(() => patient.abort(late));
  return { end: AbortSignal.any([stop, patient.signal]), forget: () => over.abort() };
}

/**
 * The secret in a file, or of a pipe such as `<(pass show meta)`; `place` is the flag or key that names it. Ends with
 * the stop signal, and throws a usage error for a pipe that does not come to its end in a minute.
 */
export async function readSecretFile(
  context: Pick<Context, 'cwd' | 'files' | 'clock' | 'stop'>,
  file: string,
  place: string,
): Promise<Secret> {
  const { end, forget } = waiting(context);
  const files = {
    ...context.files,
    read: (name: string, limit = largest) => context.files.readPiped(name, limit, end),
  };
  try {
    const { bytes, path } = await readNamed({ cwd: context.cwd, files }, file, place, largest);
    return secretOf(bytes, `${place} (${escapeControls(path)})`);
  } catch (error) {
    if (context.stop.aborted) throw stopped(context.stop, `stopped while reading ${place}: nothing was sent`);
    if (error !== late) throw error;
    throw usageError('pipe-too-slow', `${place}: the pipe ${escapeControls(file)} did not end within a minute`);
  } finally {
    forget();
  }
}
