import path from 'node:path';
import type { Context } from '../context.js';
import { usageError } from '../errors.js';
import type { FileText } from '../files/files.js';
import { ShellCommand } from '../model/shell-command.js';
import { placeOf, type Origin } from './origin.js';
import { readNamed, withPlace } from './read-named.js';

const endings = ['.yaml', '.yml', '.toml', '.json'];
/** Bytes of a configuration file. */
export const largestConfig = 1024 * 1024;

export interface FoundFile {
  readonly file: string;
  readonly read: FileText;
}

/** The user's own folder, `~/.config/kapadmin`; undefined where neither XDG_CONFIG_HOME nor HOME is an absolute path. */
export function userFolder(context: Context): string | undefined {
  const { XDG_CONFIG_HOME: xdg } = context.env;
  if (xdg !== undefined && path.isAbsolute(xdg)) return path.join(xdg, 'kapadmin');
  return path.isAbsolute(context.home) ? path.join(context.home, '.config', 'kapadmin') : undefined;
}

/**
 * Throws a usage error for a configuration file that somebody else could have written: it decides where credentials go.
 */
function checkWriters(file: string, { mode, uid }: FileText, own: number | undefined): void {
  if (own === undefined) return;
  if (uid !== own && uid !== 0) {
    const chown = new ShellCommand(['sudo', 'chown', String(own), file]);
    throw usageError('config-not-yours', `${file} belongs to another user (number ${uid})`, `If it is yours: ${chown}`);
  }
  if ((mode & 0o022) !== 0) {
    const message = `others can write ${file} (mode 0${mode.toString(8)})`;
    throw usageError('config-too-open', message, `Fix: ${new ShellCommand(['chmod', 'go-w', file])}`);
  }
}

async function findIn(folder: string, context: Context): Promise<FoundFile | undefined> {
  const looked = endings.map(async (ending): Promise<FoundFile[]> => {
    const file = path.join(folder, `config${ending}`);
    const read = await context.files.readIfThere(file, largestConfig);
    return read === undefined ? [] : [{ file, read }];
  });
  const found = (await Promise.all(looked)).flat();
  const [first, second] = found;
  if (first !== undefined && second !== undefined) {
    const both = `${first.file} and ${path.basename(second.file)}`;
    throw usageError('two-configs', `there are two configuration files: ${both}`, 'Keep one of them.');
  }
  return first;
}

/** The file that a flag or a variable names. */
function namedConfig(context: Context, flag: string | undefined): { file: string; origin: Origin } | undefined {
  const variable = context.env['KAPADMIN_CONFIG'];
  const name = flag ?? (variable === '' ? undefined : variable);
  if (name === undefined) return undefined;
  const origin: Origin =
    flag === undefined ? { from: 'environment', name: 'KAPADMIN_CONFIG' } : { from: 'flag', name: '--config' };
  if (name === '') throw usageError('no-config', `${placeOf(origin, 'config')} names no file`);
  return { file: path.resolve(context.cwd, name), origin };
}

/**
 * The user's own configuration file: the one that a flag or a variable names, else that of the user's folder. Throws a
 * usage error for one that another user owns (root apart) or that others may write.
 */
export async function findUserConfig(context: Context, flag: string | undefined): Promise<FoundFile | undefined> {
  const found = await findAnyConfig(context, flag);
  if (found !== undefined) checkWriters(found.file, found.read, context.uid);
  return found;
}

async function findAnyConfig(context: Context, flag: string | undefined): Promise<FoundFile | undefined> {
  const named = namedConfig(context, flag);
  if (named === undefined) {
    const folder = userFolder(context);
    return folder === undefined ? undefined : findIn(folder, context);
  }
  const { file, origin } = named;
  try {
    const read = await context.files.readIfThere(file, largestConfig);
    return read === undefined ? undefined : { file, read };
  } catch (error) {
    throw withPlace(error, placeOf(origin, 'config'), undefined);
  }
}

/** Throws a usage error where a flag or a variable names a configuration file that does not exist. */
export async function checkNamedConfig(context: Context, flag: string | undefined): Promise<void> {
  const named = namedConfig(context, flag);
  if (named !== undefined) await readNamed(context, named.file, placeOf(named.origin, 'config'), largestConfig);
}

/** Where the user's own configuration file is or will be. */
export async function userConfigPath(context: Context, flag: string | undefined): Promise<string> {
  const named = namedConfig(context, flag);
  if (named !== undefined) return named.file;
  const folder = userFolder(context);
  if (folder === undefined) {
    throw usageError(
      'no-home',
      'there is no folder for the configuration: HOME is not set',
      'Set HOME, or name the file with --config.',
    );
  }
  return (await findIn(folder, context))?.file ?? path.join(folder, 'config.yaml');
}
