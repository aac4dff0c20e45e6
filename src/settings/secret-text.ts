import type { Context } from '../context.js';
import { usageError } from '../errors.js';
import { Secret } from '../model/secret.js';
import { escapeControls } from '../model/text.js';
import { readNamed } from './read-named.js';

const largest = 64 * 1024;

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

/**
 * The secret in a file; `place` is the flag or key that names it, `instead` the flag that takes it from standard input.
 */
export async function readSecretFile(
  context: Pick<Context, 'cwd' | 'files'>,
  file: string,
  place: string,
  instead?: string,
): Promise<Secret> {
  const hint = instead === undefined ? undefined : `From a pipe it is taken by ${instead}.`;
  const { bytes, path } = await readNamed(context, file, place, largest, hint);
  return secretOf(bytes, `${place} (${escapeControls(path)})`);
}
