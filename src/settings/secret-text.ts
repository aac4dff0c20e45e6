import type { Context } from '../context.js';
import { usageError } from '../errors.js';
import { Secret } from '../model/secret.js';
import { ShellCommand } from '../model/shell-command.js';
import type { Notes } from '../output/logger.js';
import { patiently } from './patiently.js';
import { readNamed } from './read-named.js';

const maxSecret = 64 * 1024;
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
 * Warns of a file of secrets that others can read, as those that Kubernetes mounts; throws a usage error for one that
 * others can write.
 */
export function checkSecretMode(
  file: string,
  mode: number,
  place: string,
  { context: { uid }, notes }: { context: Pick<Context, 'uid'>; notes: Pick<Notes, 'warn'> },
): void {
  if (uid === undefined || (mode & 0o066) === 0) return;
  const shown = `${place} (${file})`;
  const bits = `mode 0${mode.toString(8)}`;
  if ((mode & 0o022) !== 0) {
    const fix = new ShellCommand(['chmod', '600', file]);
    throw usageError('secret-file-too-open', `${shown}: others can write this file (${bits})`, `Fix: ${fix}`);
  }
  notes.warn(`${shown}: others can read this file of secrets (${bits})`);
}

/**
 * The secret in a file, or of a pipe such as `<(pass show meta)`; `place` is the flag or key that names it. Ends with
 * the stop signal, and throws a usage error for a pipe that does not come to its end in a minute.
 */
export async function readSecretFile(
  deps: { readonly context: Context; readonly notes: Pick<Notes, 'warn'> },
  file: string,
  place: string,
): Promise<Secret> {
  const { context } = deps;
  return patiently(context, file, place, async (end) => {
    const files = {
      ...context.files,
      read: (name: string, limit = maxSecret) => context.files.readPiped(name, limit, end),
    };
    const { bytes, path, mode } = await readNamed({ cwd: context.cwd, files }, file, place, maxSecret);
    checkSecretMode(path, mode, place, deps);
    return secretOf(bytes, `${place} (${path})`);
  });
}
