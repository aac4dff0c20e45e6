import path from 'node:path';
import type { Context } from '../context.js';
import { KapadminError, usageError } from '../errors.js';
import type { FileText } from '../files/files.js';

/** The error of a file with the place that names it before it, and a way out. */
export function withPlace(error: unknown, place: string, hint: string | undefined): unknown {
  if (!(error instanceof KapadminError)) return error;
  const details = { hint: hint ?? error.hint, cause: error.cause };
  return new KapadminError(error.kind, error.code, `${place}: ${error.message}`, details);
}

/**
 * A file that a flag, a variable or a key (`place`) names, below the working directory unless absolute. Throws a usage
 * error that begins with the place.
 */
export async function readNamed(
  context: Pick<Context, 'cwd' | 'files'>,
  file: string,
  place: string,
  limit: number,
  hint?: string,
): Promise<FileText & { path: string }> {
  if (file === '') throw usageError('cannot-read-file', `${place} names no file`);
  const whole = path.resolve(context.cwd, file);
  try {
    return { ...(await context.files.read(whole, limit)), path: whole };
  } catch (error) {
    throw withPlace(error, place, hint);
  }
}
