import { stringify as stringifyToml } from 'smol-toml';
import { isMap, isScalar, parseDocument, type Document, type YAMLMap } from 'yaml';
import { usageError } from '../errors.js';
import { formatOf } from './config-load.js';
import { parseConfig } from './config-text.js';

/** The keys of a profile as they are written. */
export type ProfileKeys = ReadonlyMap<string, string | number | boolean | readonly string[]>;

/** A configuration file that is being changed; comments of a YAML file stay. */
export interface ConfigDraft {
  setProfile(name: string, keys: ProfileKeys): void;
  /** Sets one key of a profile that is there; the others stay. */
  setKey(profile: string, key: string, value: string): void;
  removeProfile(name: string): void;
  /** The default profile; undefined for none. */
  setDefault(name: string | undefined): void;
  text(): string;
}

/** Keys as texts: a hand-written `1:` is the profile "1". */
function keyOf(map: YAMLMap, name: string): unknown {
  return map.items.find(({ key }) => String(isScalar(key) ? key.value : key) === name)?.key ?? name;
}

function profilesOf(document: Document): YAMLMap {
  const there = document.get('profiles');
  if (isMap(there)) return there;
  const made = document.createNode({}) as unknown as YAMLMap;
  document.set('profiles', made);
  return made;
}

function yamlDraft(text: string): ConfigDraft {
  const document = parseDocument(text);
  return {
    setProfile: (name, keys) => {
      const profiles = profilesOf(document);
      const key = keyOf(profiles, name);
      profiles.set(key, document.createNode(keys));
    },
    setKey: (name, key, value) => {
      const profiles = profilesOf(document);
      const profile = profiles.get(keyOf(profiles, name));
      const scalar = document.createNode(value);
      scalar.type = 'QUOTE_DOUBLE';
      if (isMap(profile)) profile.set(key, scalar);
    },
    removeProfile: (name) => {
      const profiles = profilesOf(document);
      profiles.delete(keyOf(profiles, name));
    },
    setDefault: (name) => {
      if (name === undefined) document.delete('default');
      else document.set('default', name);
    },
    text: () => document.toString({ lineWidth: 0 }),
  };
}

function plainDraft(data: unknown, write: (value: object) => string): ConfigDraft {
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
export async function draftConfig(file: string, text: string): Promise<ConfigDraft> {
  const format = formatOf(file);
  if (format === 'yaml') return yamlDraft(text);
  const data = text.trim() === '' ? {} : await parseConfig(file, format, text);
  if (format === 'json') return plainDraft(data, (value) => `${JSON.stringify(value, null, 2)}\n`);
  if (text.includes('#')) {
    const message = `${file} holds comments, which would be lost`;
    throw usageError('config-has-comments', message, 'Change it in an editor, or keep the profiles in a .yaml file.');
  }
  return plainDraft(data, (value) => stringifyToml(value));
}
