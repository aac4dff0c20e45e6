import { stringify as stringifyToml } from 'smol-toml';
import { type Document, isMap, isNode, isScalar, parseDocument, type YAMLMap } from 'yaml';
import { usageError } from '../errors.js';
import { configFormat, parseConfig } from './config-parser.js';
import path from 'node:path';
import type { Context } from '../context.js';
import { maxConfigBytes, loadUserConfig, type UserConfig, userConfigPath } from './config-file.js';
import type { GlobalFlags } from './flags.js';

/** The keys of a profile as they are written. */
export type ProfileKeys = ReadonlyMap<string, string | number | boolean | readonly string[]>;

/** A configuration file that is being changed; comments of a YAML file stay. */
export interface ConfigEditor {
  setProfile(name: string, keys: ProfileKeys): void;
  /** Sets one key of a profile that is there; in a YAML file the rest of the text stays as it is. */
  setKey(profile: string, key: string, value: string): void;
  removeProfile(name: string): void;
  /** The default profile; undefined for none. */
  setDefault(name: string | undefined): void;
  text(): string;
}

/** Keys as texts: a hand-written `1:` is the profile "1". */
function findKey(map: YAMLMap, name: string): unknown {
  return map.items.find(({ key }) => String(isScalar(key) ? key.value : key) === name)?.key ?? name;
}

function profilesNode(document: Document): YAMLMap {
  const existing = document.get('profiles');
  if (isMap(existing)) return existing;
  const created = document.createNode({}) as unknown as YAMLMap;
  document.set('profiles', created);
  return created;
}

/** The text with one key of a mapping set and all else as it stands; undefined where that is not simple. */
function withKey(text: string, map: YAMLMap, key: string, value: string): string | undefined {
  const quoted = JSON.stringify(value);
  const existing = map.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.value;
  if (isScalar(existing) && existing.range)
    return text.slice(0, existing.range[0]) + quoted + text.slice(existing.range[1]);
  const first = map.items[0]?.key;
  if (existing !== undefined || !isScalar(first) || !first.range) return undefined;
  const [at] = first.range;
  const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  if (map.flow === true) return `${text.slice(0, at)}"${key}": ${quoted}, ${text.slice(at)}`;
  const last = map.items.at(-1)?.value;
  if (before.trim() !== '' || !isNode(last) || !last.range) return undefined;
  const lineEnd = text.indexOf('\n', last.range[1] - 1);
  const [above, below] = lineEnd < 0 ? [`${text}\n`, ''] : [text.slice(0, lineEnd + 1), text.slice(lineEnd + 1)];
  return `${above}${before}${key}: ${quoted}\n${below}`;
}

function isSame(text: string, document: Document): boolean {
  const parsed = parseDocument(text);
  return parsed.errors.length === 0 && JSON.stringify(sortedData(parsed)) === JSON.stringify(sortedData(document));
}

/** The data of a document, its keys in order. */
function sortedData(document: Document): unknown {
  return JSON.parse(JSON.stringify(document.toJS()), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

function yamlEditor(text: string): ConfigEditor {
  const document = parseDocument(text);
  let edited: string | undefined;
  return {
    setProfile: (name, keys) => {
      const profiles = profilesNode(document);
      const key = findKey(profiles, name);
      profiles.set(key, document.createNode(keys));
    },
    setKey: (name, key, value) => {
      const profiles = profilesNode(document);
      const profile = profiles.get(findKey(profiles, name));
      const scalar = document.createNode(value);
      scalar.type = 'QUOTE_DOUBLE';
      if (!isMap(profile)) return;
      edited = withKey(text, profile, key, value);
      profile.set(key, scalar);
    },
    removeProfile: (name) => {
      const profiles = profilesNode(document);
      profiles.delete(findKey(profiles, name));
    },
    setDefault: (name) => {
      if (name === undefined) document.delete('default');
      else document.set('default', name);
    },
    text: () => (edited !== undefined && isSame(edited, document) ? edited : document.toString({ lineWidth: 0 })),
  };
}

function dataEditor(data: unknown, write: (value: object) => string): ConfigEditor {
  const top = new Map<string, unknown>(Object.entries(data ?? {}));
  const profiles = new Map<string, unknown>(Object.entries(top.get('profiles') ?? {}));
  return {
    setProfile: (name, keys) => void profiles.set(name, Object.fromEntries(keys)),
    setKey: (name, key, value) =>
      void profiles.set(name, { ...(profiles.get(name) as object | undefined), [key]: value }),
    removeProfile: (name) => void profiles.delete(name),
    setDefault: (name) => {
      if (name === undefined) top.delete('default');
      else top.set('default', name);
    },
    text: () => write(Object.fromEntries([...top, ['profiles', Object.fromEntries(profiles)]])),
  };
}

/**
 * The text of a valid configuration file, to be changed. Throws a usage error for a TOML file with comments, which
 * would be lost.
 */
export async function openConfig(file: string, text: string): Promise<ConfigEditor> {
  const format = configFormat(file);
  if (format === 'yaml') return yamlEditor(text);
  const data = text.trim() === '' ? {} : await parseConfig(file, format, text);
  if (format === 'json') return dataEditor(data, (value) => `${JSON.stringify(value, null, 2)}\n`);
  if (text.includes('#')) {
    const message = `${file} contains comments, which would be lost`;
    throw usageError('config-has-comments', message, 'Edit it by hand, or move the profiles to a .yaml file.');
  }
  return dataEditor(data, (value) => stringifyToml(value));
}

async function editedText(
  file: string,
  context: Context,
  flags: GlobalFlags,
  change: (editor: ConfigEditor, config: UserConfig | undefined) => void,
): Promise<string> {
  const config = await loadUserConfig(context, flags.config);
  const editor = await openConfig(file, config?.text ?? '');
  change(editor, config);
  const text = editor.text();
  if (Buffer.byteLength(text) <= maxConfigBytes) return text;
  throw usageError('config-too-large', `${file} would exceed the limit of ${maxConfigBytes} bytes`);
}

/**
 * Changes the user's own configuration file: written whole, mode 0600, its folder 0700 where it is made. `change` gets
 * the file as it is now, while no other kapadmin writes it; it may throw. With `--dry-run` nothing is written. Resolves
 * to the file's path.
 */
export async function saveUserConfig(
  context: Context,
  flags: GlobalFlags,
  change: (editor: ConfigEditor, config: UserConfig | undefined) => void,
): Promise<string> {
  const { files, stop } = context;
  const file = await userConfigPath(context, flags.config);
  if (flags.dryRun === true) {
    await editedText(file, context, flags, change);
    return file;
  }
  await files.makeFolder(path.dirname(file), 0o700);
  const lock = await files.lock(file, stop);
  try {
    await files.writeFileAtomic(file, await editedText(file, context, flags, change), 0o600);
  } finally {
    await lock.release();
  }
  return file;
}
