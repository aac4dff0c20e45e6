import type { Stats } from 'node:fs';
import { access, constants, mkdir, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { usageError } from '../errors.js';
import { cannot } from './error.js';
import { escapeControls } from '../model/text.js';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** As `writeWhole` of Files. */
export async function writeWhole(
  name: string,
  content: string | Uint8Array,
  mode: number,
  owner?: Owner,
): Promise<void> {
  if (name.includes('\0')) throw usageError('cannot-write-file', `not a file name: ${escapeControls(name)}`);
  const there = await stat(name).catch(() => undefined);
  try {
    if (there === undefined || there.isFile()) await replace(there ? await realpath(name) : name, content, mode, owner);
    else if (there.isFIFO()) await (await import('./piped.js')).writePipe(name, content);
    else await writeFile(name, content);
  } catch (error) {
    throw cannot('write', name, error);
  }
}

async function replace(file: string, content: string | Uint8Array, mode: number, owner?: Owner): Promise<void> {
  const folder = path.dirname(path.resolve(file));
  const temporary = path.join(folder, `.kapadmin-${crypto.randomUUID()}.tmp`);
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
  if (name.includes('\0')) throw usageError('cannot-write-file', `not a file name: ${escapeControls(name)}`);
  try {
    const there = await statIfThere(name);
    if (there?.isDirectory()) throw Object.assign(new Error('a directory'), { code: 'EISDIR' });
    if (there?.isSocket()) throw Object.assign(new Error('a socket'), { code: 'ENXIO' });
    const replaced = there === undefined || there.isFile();
    const place = replaced ? path.dirname(path.resolve(there ? await realpath(name) : name)) : name;
    if (replaced && !(await stat(place)).isDirectory())
      throw Object.assign(new Error('no folder'), { code: 'ENOTDIR' });
    await access(place, constants.W_OK);
  } catch (error) {
    throw cannot('write', name, error);
  }
}

/** As `makeFolder` of Files. */
export async function makeFolder(folder: string, mode: number): Promise<void> {
  if (folder.includes('\0')) throw usageError('cannot-make-folder', `not a folder name: ${escapeControls(folder)}`);
  try {
    await mkdir(folder, { recursive: true, mode });
  } catch (error) {
    throw cannot('make the folder', folder, error, 'cannot-make-folder');
  }
}
