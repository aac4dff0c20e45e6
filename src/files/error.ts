import { KapadminError } from '../errors.js';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENOSPC: 'no space left on the device',
  EROFS: 'the file system is read-only',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than is allowed',
  EIO: 'the device failed',
  ENXIO: 'it is a socket, or a pipe that nobody reads',
  EPIPE: 'whoever read it has gone',
};

/** Why the system refused, in words. */
export function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code !== undefined) return reasons[code] ?? code;
  return error instanceof Error ? error.message : String(error);
}

/** The error of a file that the system keeps from us. */
export function cannot(doing: string, file: string, error: unknown, code = `cannot-${doing}-file`): KapadminError {
  const message = `cannot ${doing} ${file}: ${systemReason(error)}`;
  return new KapadminError('usage', code, message, { cause: error });
}
