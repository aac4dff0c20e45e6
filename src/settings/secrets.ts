import type { Context } from '../context.js';
import { usageError } from '../errors.js';
import { Secret } from '../model/secret.js';
import { ShellCommand } from '../model/shell-command.js';
import type { Logger } from '../output/logger.js';
import { readNamedFile, readWithTimeout } from './files-and-stdin.js';

const maxSecretBytes = 64 * 1024;

/**
 * The secret that bytes of a file or of standard input hold: one line end at their end is dropped. Throws a usage
 * error that names `place` for what no password can be: not UTF-8, a NUL, a byte order mark.
 */
export function parseSecret(bytes: Uint8Array, place: string): Secret {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw usageError('bad-password', `${place} is not valid UTF-8`);
  }
  if (text.includes('\0')) throw usageError('bad-password', `${place} contains a NUL byte`);
  if (text.startsWith('\ufeff')) throw usageError('bad-password', `${place} starts with a byte order mark`);
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
  { context: { uid }, logger }: { context: Pick<Context, 'uid'>; logger: Pick<Logger, 'warn'> },
): void {
  if (uid === undefined || (mode & 0o066) === 0) return;
  const description = `${place} (${file})`;
  const bits = `mode 0${mode.toString(8)}`;
  if ((mode & 0o022) !== 0) {
    const fix = new ShellCommand(['chmod', '600', file]);
    throw usageError('secret-file-too-open', `${description} is writable by others (${bits})`, `Fix: ${fix}`);
  }
  logger.warn(`${description} is readable by others (${bits}). Fix: ${new ShellCommand(['chmod', '600', file])}`);
}

/**
 * The secret in a file, or in a pipe such as `<(pass show meta)`; `place` is the flag or key that names it. Rejects on
 * the stop signal, and throws a usage error for a pipe that does not end within a minute.
 */
export async function readSecretFile(
  factory: { readonly context: Context; readonly logger: Pick<Logger, 'warn'> },
  file: string,
  place: string,
): Promise<Secret> {
  const { context } = factory;
  return readWithTimeout(context, file, place, async (end) => {
    const files = {
      ...context.files,
      read: (name: string, limit = maxSecretBytes) => context.files.readFileOrPipe(name, limit, end),
    };
    const { bytes, path, mode } = await readNamedFile({ cwd: context.cwd, files }, file, place, maxSecretBytes);
    checkSecretMode(path, mode, place, factory);
    return parseSecret(bytes, `${place} (${path})`);
  });
}

/** Without letters and digits that look alike (0 O o, 1 I l i). */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789';
const passwordLength = 24;
const maxDraws = 100;

/** A random password of 24 characters, each of the alphabet as likely as any other. */
export function generatePassword(randomBytes: Context['randomBytes']): Secret {
  const unbiasedLimit = 256 - (256 % alphabet.length);
  let password = '';
  for (let i = 0; i < maxDraws && password.length < passwordLength; i++) {
    for (const byte of randomBytes(passwordLength)) {
      if (byte < unbiasedLimit && password.length < passwordLength) password += alphabet.charAt(byte % alphabet.length);
    }
  }
  if (password.length < passwordLength) throw new Error('the source of random bytes gives no random bytes');
  return new Secret(password);
}

const secretBytes = 36;

/** A new shared secret of 48 characters. */
export function generateSharedSecret({ context }: { readonly context: Pick<Context, 'randomBytes'> }): string {
  return Buffer.from(context.randomBytes(secretBytes)).toString('base64url');
}
