import path from 'node:path';
import type { Context } from '../context.js';
import { usageError } from '../errors.js';
import { ShellCommand } from '../model/shell-command.js';
import { findUserConfig } from './config-find.js';
import { mapping, texts, unknownKey } from './config-keys.js';
import { give, type Given, type Layer } from './layers.js';
import { placeOf, type Origin } from './origin.js';
import { parts, type PartName } from './parts.js';

/** The user's own configuration file. */
export interface UserConfig {
  readonly file: string;
  readonly text: string;
  /** Name of the profile that counts where none is named. */
  readonly standard: string | undefined;
  readonly profiles: ReadonlyMap<string, Layer>;
}

function expandHome(text: string, home: string): string {
  return text.startsWith('~/') ? path.join(home, text.slice(2)) : text;
}

/** What a profile cannot set, by the name that its key would have. */
const onlyFlags = new Map(parts.flatMap(({ name, flag, inProfile }) => (inProfile || !flag ? [] : [[name, flag]])));

function profileLayer(value: unknown, origin: Origin & { from: 'profile' }, home: string): Layer {
  const keys = parts.filter((part) => part.inProfile);
  const place = `the profile "${origin.profile}" in ${origin.file}`;
  const given = new Map<PartName, Given>();
  const entries = mapping(value, place);
  const names = keys.map(({ name }) => name);
  const unknown = unknownKey(entries.keys(), place, names, onlyFlags);
  if (unknown !== undefined) throw unknown;
  for (const [key, item] of entries) {
    const part = keys.find(({ name }) => name === key);
    if (part === undefined) continue;
    const all = texts(item, placeOf(origin, key), part.kind === 'urls');
    const found = part.kind === 'file' ? all.map((text) => expandHome(text, home)) : all;
    given.set(part.name, give(part, found, origin, path.dirname(origin.file)));
  }
  return given;
}

/** Understands the data of a user's file. Throws a usage error that names the key. */
export function readUserConfig(data: unknown, file: string, home: string): Omit<UserConfig, 'file' | 'text'> {
  const shown = file;
  const top = mapping(data, shown);
  const unknown = unknownKey(top.keys(), shown, ['default', 'profiles']);
  if (unknown !== undefined) throw unknown;
  const profiles = new Map<string, Layer>();
  for (const [profile, value] of mapping(top.get('profiles'), `"profiles" in ${shown}`)) {
    profiles.set(profile, profileLayer(value, { from: 'profile', profile, file }, home));
  }
  const standard = top.has('default') ? texts(top.get('default'), `"default" in ${shown}`, false)[0] : undefined;
  return { standard, profiles };
}

/** The user's own file, undefined where there is none. Throws a usage error for one that others could have written. */
export async function loadUserConfig(context: Context, flag: string | undefined): Promise<UserConfig | undefined> {
  const found = await findUserConfig(context, flag);
  if (found === undefined) return undefined;
  const { loadConfig } = await import('./config-load.js');
  const { file } = found;
  const { text, mode } = found.read;
  const config = { file, text, ...readUserConfig(await loadConfig(file, text), file, context.home) };
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
  const message = `${config.file} holds passwords, and others can read it (mode 0${mode.toString(8)})`;
  throw usageError('config-too-open', message, `Fix: ${new ShellCommand(['chmod', '600', config.file])}`);
}
