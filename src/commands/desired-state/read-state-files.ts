import path from 'node:path';
import type { Context } from '../../context.js';
import { usageError } from '../../errors.js';
import type { FileText } from '../../files/files.js';
import { readWithTimeout, readStdin } from '../../settings/read-input.js';

/** A state file or a saved plan, as it was read. */
export interface StateInput {
  /** As it is named in messages. */
  readonly file: string;
  readonly text: string;
  /** The absolute path; undefined for standard input. */
  readonly path: string | undefined;
}

const maxStateFileBytes = 64 * 1024 * 1024;
const extensions = ['.yaml', '.yml', '.json'];

function decode(bytes: Uint8Array, place: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw usageError('not-text', `${place} is not valid UTF-8`);
  }
}

function namedText(file: string, path: string, { bytes, text }: FileText): StateInput {
  // What is not UTF-8 was replaced in the text: only such a file is decoded a second time.
  return { file, text: text.includes('\ufffd') ? decode(bytes, file) : text, path };
}

async function readNamed(file: string, context: Context): Promise<StateInput> {
  const absolutePath = path.resolve(context.cwd, file);
  const read = (end: AbortSignal): Promise<FileText> =>
    context.files.readFileOrPipe(absolutePath, maxStateFileBytes, end);
  return namedText(file, absolutePath, await readWithTimeout(context, file, file, read));
}

/** Not from a pipe: the file was not named by the user. */
async function readListed(file: string, context: Context): Promise<StateInput> {
  const absolutePath = path.resolve(context.cwd, file);
  return namedText(file, absolutePath, await context.files.read(absolutePath, maxStateFileBytes));
}

async function readFileOrFolder(name: string, context: Context): Promise<readonly StateInput[]> {
  if (name === '-') {
    const text = decode(await readStdin(context, 'standard input as -', maxStateFileBytes), 'standard input');
    return [{ file: 'stdin', text, path: undefined }];
  }
  if (name === '') throw usageError('cannot-read-file', 'a file name is empty');
  const entries = await context.files.list(path.resolve(context.cwd, name));
  if (entries === undefined) return [await readNamed(name, context)];
  const stateFiles = entries.filter(
    (file) => !file.startsWith('.') && extensions.includes(path.extname(file).toLowerCase()),
  );
  if (stateFiles.length === 0) throw usageError('empty-folder', `no ${extensions.join(', ')} file in ${name}`);
  const texts: StateInput[] = [];
  for (const file of stateFiles) texts.push(await readListed(path.join(name, file), context));
  return texts;
}

/** The texts of files, of the YAML and JSON files in folders, and of standard input (`-`), in this order. */
export async function readStateFiles(names: readonly string[], context: Context): Promise<readonly StateInput[]> {
  const texts: StateInput[] = [];
  for (const name of names) texts.push(...(await readFileOrFolder(name, context)));
  return texts;
}

/** The path of a secret that a state file names: from that file's folder, or where it came from a pipe from the working directory. */
export function secretPath(stateFile: string | undefined, secret: string, context: Pick<Context, 'cwd'>): string {
  return path.resolve(stateFile === undefined ? context.cwd : path.dirname(stateFile), secret);
}

/** Whether one absolute path is that of a folder or of what it holds. */
export function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
