import { open as openDescriptor, type Stats } from 'node:fs';
import {
  access,
  constants,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { geteuid } from 'node:process';
import { promisify } from 'node:util';
import { cannot, usageError } from '../errors.js';
import { isRunning, markText, parseMark, processMark } from './lock.js';
import { ShellCommand } from '../model/shell-command.js';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

function isTrusted({ uid }: Stats): boolean {
  return uid === 0 || uid === geteuid?.();
}

/**
 * Throws for what another user put in the file's place, so that what is written goes where that user chose: a pipe, or
 * a link in a folder that all may write (Linux checks neither of them for us: see proc_sys_fs(5), protected_symlinks).
 */
async function checkPlanted(name: string, existing: Stats | undefined): Promise<void> {
  if (existing?.isFIFO() && !isTrusted(existing)) throw new Error('it is a pipe owned by another user');
  const link = await lstat(name).catch(() => undefined);
  if (!link?.isSymbolicLink() || isTrusted(link)) return;
  const folder = await stat(path.dirname(path.resolve(name)));
  if ((folder.mode & 0o002) !== 0 && folder.uid !== link.uid)
    throw new Error('it is a symbolic link owned by another user');
}

/** As `writeFileAtomic` of Files. */
export async function writeFileAtomic(
  name: string,
  content: string | Uint8Array,
  mode: number,
  owner?: Owner,
): Promise<void> {
  if (name.includes('\0')) throw usageError('cannot-write-file', `invalid file name: ${name}`);
  const existing = await stat(name).catch(() => undefined);
  try {
    await checkPlanted(name, existing);
    if (existing === undefined || existing.isFile())
      await replace(existing ? await realpath(name) : name, content, mode, owner);
    else if (existing.isFIFO()) await writePipe(name, content);
    else await writeFile(name, content);
  } catch (error) {
    throw cannot('write', name, error);
  }
}

/** Milliseconds between two looks for a reader, and how often is looked. */
const readerPause = 20;
const maxPolls = 50;
/** Milliseconds that a reader may take nothing. */
const readerTimeoutMs = 60_000;

/** A pipe that somebody reads, or will within a second: without a reader it does not open. */
async function openForReader(file: string): Promise<number> {
  for (let poll = 1; ; poll++) {
    try {
      return await promisify(openDescriptor)(file, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO' || poll === maxPolls) throw error;
      await new Promise((resolve) => setTimeout(resolve, readerPause));
    }
  }
}

/**
 * Writes into a named pipe. Rejects if it has no reader, and when the reader closes it or reads nothing for a minute.
 */
async function writePipe(file: string, content: string | Uint8Array): Promise<void> {
  const { Socket } = await import('node:net');
  const pipe = new Socket({ fd: await openForReader(file), readable: false, writable: true });
  try {
    await new Promise<void>((resolve, reject) => {
      pipe.on('error', reject);
      pipe.setTimeout(readerTimeoutMs, () => pipe.destroy(new Error('the reader accepts no data')));
      pipe.write(content, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    pipe.destroy();
  }
}

/** Milliseconds after which a temporary file of another machine or container is abandoned. */
const abandonedAfter = 3_600_000;

/** Whether whoever made a temporary file ended without removing it. */
async function isAbandoned(file: string, mark: string): Promise<boolean> {
  const owner = parseMark(mark);
  const runs = owner && isRunning(owner);
  if (runs !== undefined) return !runs;
  const facts = await stat(file).catch(() => undefined);
  return facts !== undefined && Date.now() - facts.mtimeMs > abandonedAfter;
}

/** Removes the temporary files that killed runs left in a folder. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const mark = /^\.kapadmin-(.+)\.tmp$/.exec(name)?.[1];
    const file = path.join(folder, name);
    if (mark !== undefined && (await isAbandoned(file, mark))) await rm(file, { force: true }).catch(() => {});
  }
}

async function replace(file: string, content: string | Uint8Array, mode: number, owner?: Owner): Promise<void> {
  const folder = path.dirname(path.resolve(file));
  const temporary = path.join(folder, `.kapadmin-${markText(processMark())}.tmp`);
  await removeAbandoned(folder);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      if (owner !== undefined) await handle.chown(owner.uid, owner.gid).catch(() => {});
      await handle.chmod(mode);
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function statIfThere(name: string): Promise<Stats | undefined> {
  try {
    return await stat(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** As `checkWritable` of Files. */
export async function checkWritable(name: string): Promise<void> {
  if (name.includes('\0')) throw usageError('cannot-write-file', `invalid file name: ${name}`);
  try {
    const existing = await statIfThere(name);
    await checkPlanted(name, existing);
    if (existing?.isDirectory()) throw Object.assign(new Error('a directory'), { code: 'EISDIR' });
    if (existing?.isSocket()) throw Object.assign(new Error('a socket'), { code: 'ENXIO' });
    const replaced = existing === undefined || existing.isFile();
    const place = replaced ? path.dirname(path.resolve(existing ? await realpath(name) : name)) : name;
    if (replaced && !(await stat(place)).isDirectory())
      throw Object.assign(new Error('no folder'), { code: 'ENOTDIR' });
    await access(place, constants.W_OK);
  } catch (error) {
    throw cannot('write', name, error);
  }
}

/**
 * Creates a folder and its parents one by one: Node's recursive mkdir never returns if the system reports a missing
 * folder though its parent exists, as below /proc.
 */
async function makeEach(folder: string, mode: number): Promise<void> {
  const missing: string[] = [];
  for (let at = folder; (await statIfThere(at)) === undefined; at = path.dirname(at)) missing.unshift(at);
  for (const each of missing) {
    await mkdir(each, { mode }).catch(async (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
  if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error('no folder'), { code: 'ENOTDIR' });
}

/** As `makeFolder` of Files. */
export async function makeFolder(folder: string, mode: number): Promise<void> {
  if (folder.includes('\0')) throw usageError('cannot-make-folder', `invalid directory name: ${folder}`);
  try {
    await makeEach(path.resolve(folder), mode);
  } catch (error) {
    throw cannot('create the directory', folder, error, 'cannot-make-folder');
  }
}

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
