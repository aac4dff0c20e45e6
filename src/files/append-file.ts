import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { usageError } from '../errors.js';
import { ShellCommand } from '../model/shell-command.js';

/** A file to which whole lines are added, each on the disk before it counts. */
export interface AppendedFile {
  /** What stood in it when it was opened. A line that a crash cut off stays, and is ended before the next. */
  readonly text: string;
  /** Resolves when the line is on the disk. Lines that come while another is written go together. */
  append(line: string): Promise<void>;
  close(): Promise<void>;
}

const maxFileBytes = 64 * 1024 * 1024;

async function checkPrivate(handle: FileHandle, file: string, uid: number | undefined): Promise<void> {
  const facts = await handle.stat();
  if (!facts.isFile()) throw usageError('cannot-write-file', `cannot write ${file}: it is not a regular file`);
  if (facts.size > maxFileBytes) {
    throw usageError('file-too-large', `${file} has ${facts.size} bytes; the limit is ${maxFileBytes}`);
  }
  if (uid !== undefined && facts.uid !== uid && uid !== 0) {
    throw usageError('file-of-other', `${file} is owned by another user`, 'Use a file that you own.');
  }
  if ((facts.mode & 0o077) !== 0) {
    throw usageError(
      'file-too-open',
      `${file} would contain passwords, but others can access it`,
      `Fix: ${new ShellCommand(['chmod', '600', file])}`,
    );
  }
}

/** A new file is there for good only when its folder is on the disk too. */
async function syncFolder(file: string): Promise<void> {
  const folder = await open(path.dirname(path.resolve(file)), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The file, created if it does not exist; every write goes to its end. */
async function openOrMake(file: string): Promise<FileHandle> {
  const made = await open(file, 'ax+', 0o600).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  });
  if (made === undefined) return open(file, 'a+', 0o600);
  await made.chmod(0o600);
  await syncFolder(file);
  return made;
}

/** Adds lines in groups: one write and one flush for all that came since the last. After a failure nothing is added. */
function grouped(handle: FileHandle, isCut: boolean): (line: string) => Promise<void> {
  let waiting = isCut ? ['\n'] : [];
  let writing: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  const flush = async (): Promise<void> => {
    const text = waiting.join('');
    waiting = [];
    next = undefined;
    await handle.appendFile(text);
    await handle.datasync();
  };
  return (line) => {
    waiting.push(`${line}\n`);
    next ??= writing = writing.then(flush);
    return next;
  };
}

export async function openAppended(file: string, uid: number | undefined): Promise<AppendedFile> {
  const handle = await openOrMake(file);
  try {
    await checkPrivate(handle, file, uid);
    const text = (await handle.readFile()).toString('utf8');
    const append = grouped(handle, text !== '' && !text.endsWith('\n'));
    let last: Promise<void> = Promise.resolve();
    return {
      text,
      append: (line) => (last = append(line)),
      close: async () => {
        await last.catch(() => {});
        await handle.close();
      },
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
