import path from 'node:path';
import type { Context } from '../context.js';
import { usageError } from '../errors.js';
import type { FileText } from '../files/files.js';
import { ShellCommand } from '../model/shell-command.js';
import {
  describeSource,
  type Layer,
  type RawSetting,
  settingDefinitions,
  type SettingName,
  type SettingSource,
  toRawSetting,
} from './layers.js';
import { prefixError, readNamedFile } from './files-and-stdin.js';
import { excerpt, nearest } from '../model/text.js';
import { commonFormats, type GlobalFlags } from './flags.js';

const extensions = ['.yaml', '.yml', '.toml', '.json'];
/** Bytes of a configuration file. */
export const maxConfigBytes = 1024 * 1024;

export interface FoundConfig {
  readonly file: string;
  readonly read: FileText;
}

/** The user's own folder, `~/.config/kapadmin`; undefined where neither XDG_CONFIG_HOME nor HOME is an absolute path. */
function userConfigFolder(context: Context): string | undefined {
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
    // With sudo, HOME may still be that of the user who typed it: the file is as it should be.
    const hint =
      own === 0
        ? 'Run kapadmin as that user, or with the configuration of root (sudo -H).'
        : `If it is yours: ${chown}`;
    throw usageError('config-not-yours', `${file} is owned by another user (uid ${uid})`, hint);
  }
  if ((mode & 0o022) !== 0) {
    const message = `${file} is writable by others (mode 0${mode.toString(8)})`;
    throw usageError('config-too-open', message, `Fix: ${new ShellCommand(['chmod', 'go-w', file])}`);
  }
}

async function findInFolder(folder: string, context: Context): Promise<FoundConfig | undefined> {
  const searched = extensions.map(async (extension): Promise<FoundConfig[]> => {
    const file = path.join(folder, `config${extension}`);
    const read = await context.files.readOptional(file, maxConfigBytes);
    return read === undefined ? [] : [{ file, read }];
  });
  const found = (await Promise.all(searched)).flat();
  const [first, second] = found;
  if (first !== undefined && second !== undefined) {
    const both = `${first.file} and ${path.basename(second.file)}`;
    throw usageError('two-configs', `two configuration files: ${both}`, 'Keep one of them.');
  }
  return first;
}

/** The file that a flag or a variable names. */
function namedConfig(context: Context, flag: string | undefined): { file: string; origin: SettingSource } | undefined {
  const variable = context.env['KAPADMIN_CONFIG'];
  const name = flag ?? (variable === '' ? undefined : variable);
  if (name === undefined) return undefined;
  const origin: SettingSource =
    flag === undefined ? { from: 'environment', name: 'KAPADMIN_CONFIG' } : { from: 'flag', name: '--config' };
  if (name === '') throw usageError('no-config', `${describeSource(origin, 'config')}: the file name is empty`);
  return { file: path.resolve(context.cwd, name), origin };
}

/**
 * The user's own configuration file: the one that a flag or a variable names, else that of the user's folder. Throws a
 * usage error for one that another user owns (root apart) or that others may write.
 */
async function findUserConfig(context: Context, flag: string | undefined): Promise<FoundConfig | undefined> {
  const found = await findAnyConfig(context, flag);
  if (found !== undefined) checkWriters(found.file, found.read, context.uid);
  return found;
}

async function findAnyConfig(context: Context, flag: string | undefined): Promise<FoundConfig | undefined> {
  const named = namedConfig(context, flag);
  if (named === undefined) {
    const folder = userConfigFolder(context);
    return folder === undefined ? undefined : findInFolder(folder, context);
  }
  const { file, origin } = named;
  try {
    const read = await context.files.readOptional(file, maxConfigBytes);
    return read === undefined ? undefined : { file, read };
  } catch (error) {
    throw prefixError(error, describeSource(origin, 'config'), undefined);
  }
}

/** Throws a usage error where a flag or a variable names a configuration file that does not exist. */
export async function checkNamedConfig(context: Context, flag: string | undefined): Promise<void> {
  const named = namedConfig(context, flag);
  if (named !== undefined)
    await readNamedFile(context, named.file, describeSource(named.origin, 'config'), maxConfigBytes);
}

/** Where the user's own configuration file is or will be. */
export async function userConfigPath(context: Context, flag: string | undefined): Promise<string> {
  const named = namedConfig(context, flag);
  if (named !== undefined) return named.file;
  const folder = userConfigFolder(context);
  if (folder === undefined) {
    throw usageError(
      'no-home',
      'cannot find the configuration directory: HOME is not set',
      'Set HOME, or name the file with --config.',
    );
  }
  return (await findInFolder(folder, context))?.file ?? path.join(folder, 'config.yaml');
}

/** A mapping of a configuration file. Throws a usage error for anything else; nothing at all is an empty mapping. */
function readMapping(value: unknown, place: string): ReadonlyMap<string, unknown> {
  if (value === undefined || value === null) return new Map();
  const plain = typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
  if (!plain) throw usageError('bad-config', `${place} must be a mapping of keys to values`);
  return new Map(Object.entries(value));
}

/** A value as strings: a string, number or boolean; where `list` is true also a list of them. */
function readStrings(value: unknown, place: string, list: boolean): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (list && Array.isArray(value) && value.length > 0) return value.flatMap((item) => readStrings(item, place, false));
  throw usageError('bad-config', `${place} must be a string${list ? ' or a list of strings' : ''}`);
}

/** Words of letters: a key that is spelled in another way may be a secret. */
const plainKey = /^(?=.{1,40}$)[A-Za-z]+(?:[-_][A-Za-z]+)*$/;

/** The line that begins with a key; undefined where none does, or several do. */
function lineOfKey(key: string, text: string): number | undefined {
  const starts = [key, JSON.stringify(key), `'${key}'`].flatMap((word) => [`${word}:`, `${word} `, `${word}=`]);
  const lines = text.split('\n').map((line) => `${line.trim()} `);
  const isOwn = (line: string): boolean => starts.some((start) => line.startsWith(start));
  const at = lines.findIndex(isOwn);
  return at === -1 || lines.slice(at + 1).some(isOwn) ? undefined : at + 1;
}

/** What is searched for keys that are not known. */
interface KeySearch {
  readonly keys: Iterable<string>;
  readonly place: string;
  /** The text of the file. */
  readonly text: string;
  readonly known: readonly string[];
  /** What only a flag sets, by the name that a key would have. */
  readonly flags?: ReadonlyMap<string, string>;
}

/**
 * The error of the key in a configuration file that it must not have. Only one of letters that is near a known key, or
 * the name of a flag, is repeated; another is reported by its line or number: it may be a password in a wrong place.
 */
function unknownKeyError({ keys, place, text, known, flags = new Map() }: KeySearch): Error | undefined {
  const all = [...keys];
  const at = all.findIndex((key) => !known.includes(key));
  const key = all[at];
  if (key === undefined) return undefined;
  const told = (shown: string, hint: string): Error =>
    usageError('unknown-config-key', `${place}: unknown key ${shown}`, hint);
  const flag = flags.get(key);
  if (flag !== undefined) return told(`"${key}"`, `Use the flag instead: ${flag}. Known keys: ${known.join(', ')}.`);
  const near = plainKey.test(key) ? nearest(key, known) : undefined;
  if (near !== undefined) return told(`"${key}"`, `Did you mean "${near}"?`);
  const line = lineOfKey(key, text);
  const where = line === undefined ? `key ${at + 1}` : `line ${line}`;
  return usageError(
    'unknown-config-key',
    `${place}, ${where}: unknown key (its name is not shown)`,
    `Known keys: ${known.join(', ')}.`,
  );
}

/** The user's own configuration file. */
export interface UserConfig {
  readonly file: string;
  readonly text: string;
  /** Name of the profile that counts where none is named. */
  readonly defaultProfile: string | undefined;
  readonly profiles: ReadonlyMap<string, Layer>;
}

function expandHome(text: string, home: string): string {
  return text.startsWith('~/') ? path.join(home, text.slice(2)) : text;
}

/** What a profile cannot set, by the name that its key would have. */
const onlyFlags = new Map(
  settingDefinitions.flatMap(({ name, flag, inProfile }) => (inProfile || !flag ? [] : [[name, flag]])),
);

function profileLayer(value: unknown, origin: SettingSource & { from: 'profile' }, text: string, home: string): Layer {
  const keys = settingDefinitions.filter((definition) => definition.inProfile);
  const place = `the profile "${origin.profile}" in ${origin.file}`;
  const given = new Map<SettingName, RawSetting>();
  const entries = readMapping(value, place);
  const names = keys.map(({ name }) => name);
  const unknown = unknownKeyError({ keys: entries.keys(), place, text, known: names, flags: onlyFlags });
  if (unknown !== undefined) throw unknown;
  for (const [key, item] of entries) {
    const part = keys.find(({ name }) => name === key);
    if (part === undefined) continue;
    const all = readStrings(item, describeSource(origin, key), part.kind === 'urls');
    const found = part.kind === 'file' ? all.map((text) => expandHome(text, home)) : all;
    given.set(part.name, toRawSetting(part, found, origin, path.dirname(origin.file)));
  }
  return given;
}

/** Understands the data of a user's file. Throws a usage error that names the key. */
function readUserConfig(
  data: unknown,
  { file, text }: Pick<UserConfig, 'file' | 'text'>,
  home: string,
): Omit<UserConfig, 'file' | 'text'> {
  const top = readMapping(data, file);
  const unknown = unknownKeyError({ keys: top.keys(), place: file, text, known: ['default', 'profiles'] });
  if (unknown !== undefined) throw unknown;
  const profiles = new Map<string, Layer>();
  for (const [profile, value] of readMapping(top.get('profiles'), `"profiles" in ${file}`)) {
    profiles.set(profile, profileLayer(value, { from: 'profile', profile, file }, text, home));
  }
  const defaultProfile = top.has('default')
    ? readStrings(top.get('default'), `"default" in ${file}`, false)[0]
    : undefined;
  return { defaultProfile, profiles };
}

/** The user's configuration file, if any. Throws a usage error if others could have written it. */
export async function loadUserConfig(context: Context, flag: string | undefined): Promise<UserConfig | undefined> {
  const found = await findUserConfig(context, flag);
  if (found === undefined) return undefined;
  const { loadConfig } = await import('./config-parser.js');
  const { file } = found;
  const { text, mode } = found.read;
  const config = { file, text, ...readUserConfig(await loadConfig(file, text), { file, text }, context.home) };
  checkReaders(config, mode, context.uid);
  return config;
}

function holdsSecrets({ profiles }: UserConfig): boolean {
  return [...profiles.values()].some(
    (layer) => layer.has('password') || layer.get('url')?.userinfo?.some((info) => info.hasPassword()) === true,
  );
}

/** Refuses a file with passwords in it that others can read. */
function checkReaders(config: UserConfig, mode: number, uid: number | undefined): void {
  if (uid === undefined || (mode & 0o077) === 0 || !holdsSecrets(config)) return;
  const message = `${config.file} contains passwords and is readable by others (mode 0${mode.toString(8)})`;
  throw usageError('config-too-open', message, `Fix: ${new ShellCommand(['chmod', '600', config.file])}`);
}

const outputFormats = [...commonFormats, 'csv', 'name', 'markdown', 'html', 'sarif', 'junit'];

async function configuredOutput(
  flags: GlobalFlags,
  env: Context['env'],
  userConfig: () => Promise<UserConfig | undefined>,
): Promise<RawSetting | undefined> {
  const fromEnvironment = env['KAPADMIN_OUTPUT'];
  if (fromEnvironment) return { texts: [fromEnvironment], origin: { from: 'environment', name: 'KAPADMIN_OUTPUT' } };
  const [named, second] = flags.profile ?? [];
  if (second !== undefined) return undefined;
  const config = await userConfig();
  const profile = named ?? (env['KAPADMIN_PROFILE'] || config?.defaultProfile);
  return profile === undefined ? undefined : config?.profiles.get(profile)?.get('output');
}

/**
 * The output that the environment or the profile asks for; undefined where neither does, or where this command (with
 * `extra` beside table, json and yaml) does not have it.
 */
export async function configuredFormat(
  flags: GlobalFlags,
  env: Context['env'],
  userConfig: () => Promise<UserConfig | undefined>,
  extra: readonly string[] = [],
): Promise<string | undefined> {
  const given = await configuredOutput(flags, env, userConfig);
  const format = given?.texts[0];
  if (given === undefined || format === undefined) return undefined;
  if (!outputFormats.includes(format)) {
    const message = `${describeSource(given.origin, 'output')}: unknown output format "${excerpt(format, 40)}"`;
    throw usageError('unknown-output', message, `Known formats: ${outputFormats.join(', ')}.`);
  }
  return commonFormats.includes(format) || extra.includes(format) ? format : undefined;
}
