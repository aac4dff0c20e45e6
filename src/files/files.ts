import {
  closeSync,
  constants,
  fstatSync,
  open,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import path from 'node:path';
import type { AppendedFile, Owner } from './writing.js';
import { cannot, KapadminError, usageError } from '../errors.js';
import type { FileLock } from './lock.js';

export interface FileText extends Owner {
  readonly text: string;
  readonly bytes: Uint8Array;
  /** Permission bits, such as 0o600. */
  readonly mode: number;
}

export interface Files {
  /** A regular file of at most `limit` bytes, as UTF-8. Throws a usage error that names the file and the fault. */
  read(file: string, limit?: number): Promise<FileText>;
  /** As `read`, and from a pipe too. Rejects with the reason of `stop` when that is aborted while it waits. */
  readFileOrPipe(file: string, limit: number, stop: AbortSignal): Promise<FileText>;
  /** As `read`; undefined if the file does not exist. */
  readOptional(file: string, limit?: number): Promise<FileText | undefined>;
  /** Writes the file whole or not at all, flushed to disk; an existing one is replaced. To a device or pipe it is written straight. The owner is set where that is allowed. */
  writeFileAtomic(file: string, content: string | Uint8Array, mode: number, owner?: Owner): Promise<void>;
  /** Throws the usage error of `writeFileAtomic`, as far as it can be predicted. */
  checkWritable(file: string): Promise<void>;
  /** Makes a folder and those above it that are missing, each with this mode. */
  makeFolder(folder: string, mode: number): Promise<void>;
  /** Names in a folder, sorted; undefined if it is not a folder. */
  list(folder: string): Promise<readonly string[] | undefined>;
  /**
   * Opens a file of secrets, readable by us alone, for appending; creates it (0600) if it does not exist. Throws a
   * usage error if it is not a regular file, belongs to another user, or is open to others.
   */
  append(file: string, uid: number | undefined): Promise<AppendedFile>;
  /** The whole path with symbolic links followed, also of a file that does not exist. */
  realPath(file: string): Promise<string>;
  /** Keeps other runs of kapadmin from writing a file, until it is released (see lock.ts). */
  lock(file: string, stop: AbortSignal, timeoutMs?: number): Promise<FileLock>;
}

const defaultLimit = 16 * 1024 * 1024;

/** All of a file, however long it turns out to be while it is read, unless that is over the limit. */
function readAtMost(fd: number, file: string, size: number, limit: number): Buffer {
  let room = Buffer.allocUnsafe(size + 1);
  for (let length = 0; ;) {
    const count = readSync(fd, room, length, room.length - length, null);
    length += count;
    if (count === 0) return room.subarray(0, length);
    if (length > limit) throw usageError('file-too-large', `${file} is larger than ${limit} bytes`);
    if (length === room.length) room = Buffer.concat([room, Buffer.allocUnsafe(Math.max(length, 4096))]);
  }
}

function checkRegular(file: string, facts: Stats): void {
  if (facts.isFile()) return;
  const what = facts.isDirectory() ? 'a directory' : 'not a regular file';
  throw usageError('cannot-read-file', `cannot read ${file}: it is ${what}`);
}

// Synchronously: starting Node's threads takes longer than reading a few small files.
function readNow(file: string, limit: number): FileText {
  if (file.includes('\0')) throw usageError('cannot-read-file', `invalid file name: ${file}`);
  try {
    checkRegular(file, statSync(file));
    const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const facts = fstatSync(fd);
      checkRegular(file, facts);
      if (facts.size > limit) {
        throw usageError('file-too-large', `${file} has ${facts.size} bytes; the limit is ${limit}`);
      }
      const bytes = readAtMost(fd, file, facts.size, limit);
      return { text: bytes.toString('utf8'), bytes, mode: facts.mode & 0o777, uid: facts.uid, gid: facts.gid };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw error instanceof KapadminError ? error : cannot('read', file, error);
  }
}

async function read(file: string, limit = defaultLimit): Promise<FileText> {
  return readNow(file, limit);
}

/** The stats of a file; undefined if it does not exist, false if that is unknown. */
function factsOf(file: string): Stats | undefined | false {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return false;
  }
}

/**
 * What comes through a pipe until those who write to it close it; a named one waits for somebody to write. Throws a
 * usage error over `limit` bytes, and the reason of `stop`.
 */
async function readPipe(file: string, limit: number, stop: AbortSignal): Promise<Uint8Array> {
  const [{ Socket }, { promisify }] = await Promise.all([import('node:net'), import('node:util')]);
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

async function readFileOrPipe(file: string, limit: number, stop: AbortSignal): Promise<FileText> {
  const facts = factsOf(file);
  if (!facts || !facts.isFIFO()) return read(file, limit);
  try {
    const bytes = await readPipe(file, limit, stop);
    const { mode, uid, gid } = facts;
    return { text: Buffer.from(bytes).toString('utf8'), bytes, mode: mode & 0o777, uid, gid };
  } catch (error) {
    stop.throwIfAborted();
    throw error instanceof KapadminError ? error : cannot('read', file, error);
  }
}

async function readOptional(file: string, limit?: number): Promise<FileText | undefined> {
  if (factsOf(file) === undefined) return undefined;
  try {
    return await read(file, limit);
  } catch (error) {
    const code = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function list(folder: string): Promise<readonly string[] | undefined> {
  if (folder.includes('\0')) throw usageError('cannot-read-file', `invalid file name: ${folder}`);
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw cannot('read', folder, error);
  }
}

async function append(file: string, uid: number | undefined): Promise<AppendedFile> {
  if (file.includes('\0')) throw usageError('cannot-write-file', `invalid file name: ${file}`);
  const failed = (error: unknown): never => {
    throw error instanceof KapadminError ? error : cannot('write', file, error);
  };
  const { openAppended } = await import('./writing.js');
  const opened = await openAppended(file, uid).catch(failed);
  return { ...opened, append: (line) => opened.append(line).catch(failed) };
}

/** For a missing file, links in its existing parents are resolved. */
function realPathOf(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    const absolutePath = path.resolve(file);
    const folder = path.dirname(absolutePath);
    return folder === absolutePath ? absolutePath : path.join(realPathOf(folder), path.basename(absolutePath));
  }
}

const written = () => import('./writing.js');

export const files: Files = {
  read,
  readFileOrPipe,
  readOptional,
  writeFileAtomic: async (...given) => (await written()).writeFileAtomic(...given),
  checkWritable: async (file) => (await written()).checkWritable(file),
  makeFolder: async (folder, mode) => (await written()).makeFolder(folder, mode),
  list,
  realPath: async (file) => realPathOf(file),
  append,
  lock: async (...given) => (await import('./lock.js')).lockFile(...given),
};
