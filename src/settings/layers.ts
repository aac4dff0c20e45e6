import type { GlobalFlags } from './flags.js';
import { unencodedCredentials } from '../model/urls.js';
import { Secret } from '../model/secret.js';
import { usageError } from '../errors.js';
import { excerpt } from '../model/text.js';
import path from 'node:path';
import type { Context } from '../context.js';
import { type SettingName, type SettingDefinition, settingDefinitions, secretSettings } from './definitions.js';

/** Which layer a value came from. */
export type SettingSource =
  | { readonly from: 'flag' | 'environment'; readonly name: string }
  | { readonly from: 'profile'; readonly profile: string; readonly file: string }
  | { readonly from: 'default' };

/** Where to look for a value that is wrong: `--timeout`, or the key and its file. */
export function describeSource(origin: SettingSource, key: string): string {
  switch (origin.from) {
    case 'flag':
    case 'environment':
      return origin.name;
    case 'profile':
      return `"${key}" of the profile "${origin.profile}" in ${origin.file}`;
    case 'default':
      return key;
  }
}

/** The layer as text, for a table. */
export function sourceLabel(origin: SettingSource): string {
  switch (origin.from) {
    case 'flag':
    case 'environment':
      return origin.name;
    case 'profile':
      return `profile ${origin.profile} in ${origin.file}`;
    case 'default':
      return origin.from;
  }
}

/** The part of a URL before `@`, as it was written. */
class Userinfo {
  readonly #text: Secret;

  constructor(text: string) {
    this.#text = new Secret(text);
  }

  /** Name and password, percent-decoded. Throws a usage error that names the place of the URL. */
  account(place: string): { username: string; password: Secret | undefined } {
    const text = this.#text.reveal();
    if (/[/?#\\\s]/.test(text)) throw malformedUserinfoError(place);
    const colon = text.indexOf(':');
    const [name, password] = colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
    try {
      const username = decodeURIComponent(name);
      return { username, password: password === undefined ? undefined : new Secret(decodeURIComponent(password)) };
    } catch {
      throw malformedUserinfoError(place);
    }
  }

  hasPassword(): boolean {
    return this.#text.reveal().includes(':');
  }
}

function malformedUserinfoError(place: string): Error {
  return unencodedCredentials(place, '--meta-username with --meta-password-file');
}

/** A URL without its name and password, and these; it need not be a valid one. */
function splitUserinfo(text: string): { url: string; userinfo: Userinfo | undefined } {
  const at = text.lastIndexOf('@');
  if (at < 0) return { url: text, userinfo: undefined };
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0] ?? '';
  return { url: scheme + text.slice(at + 1), userinfo: new Userinfo(text.slice(scheme.length, at)) };
}

/** A value as a layer gives it, not yet understood. */
export interface RawSetting {
  /** Paths are absolute, URLs without name and password. */
  readonly texts: readonly string[];
  /** Instead of `texts`. */
  readonly secret?: Secret;
  /** The names and passwords that stood in the URLs. */
  readonly userinfo?: readonly Userinfo[];
  readonly origin: SettingSource;
}

export type Layer = ReadonlyMap<SettingName, RawSetting>;

/** @param folder where relative paths begin */
export function toRawSetting(
  definition: SettingDefinition,
  texts: readonly string[],
  origin: SettingSource,
  folder: string,
): RawSetting {
  switch (definition.kind) {
    case 'secret':
      return { texts: [], secret: new Secret(texts.join('')), origin };
    case 'file':
      return { texts: texts.map((text) => path.resolve(folder, text)), origin };
    case 'urls': {
      const split = texts.map(splitUserinfo);
      const userinfo = split.flatMap((url) => url.userinfo ?? []);
      return { texts: split.map(({ url }) => url), ...(userinfo.length > 0 ? { userinfo } : {}), origin };
    }
    case 'text':
    case 'switch':
      return { texts, origin };
  }
}

function createLayer(entries: Iterable<readonly [SettingName, RawSetting]>): Layer {
  return new Map(entries);
}

export function flagLayer(flags: GlobalFlags, cwd: string): Layer {
  return createLayer(
    settingDefinitions.flatMap((definition) => {
      const value = definition.option === undefined ? undefined : flags[definition.option];
      if (value === undefined || definition.flag === undefined) return [];
      const texts = Array.isArray(value) ? (value as readonly string[]) : [String(value)];
      return [
        [definition.name, toRawSetting(definition, texts, { from: 'flag', name: definition.flag }, cwd)] as const,
      ];
    }),
  );
}

/**
 * The URLs of a list with commas or spaces between them. What does not begin as a URL belongs to the one before it: a
 * password may hold a comma.
 */
function splitUrls(list: string): readonly string[] {
  const inner = list.replace(/^[\s,]+|[\s,]+$/g, '');
  return inner === '' ? [] : inner.split(/[\s,]+(?=[a-z][a-z0-9+.-]*:\/\/)/i);
}

/** An empty variable counts as unset. */
export function environmentLayer(env: Context['env'], cwd: string): Layer {
  return createLayer(
    settingDefinitions.flatMap((definition) => {
      const value = definition.variable === undefined ? undefined : env[definition.variable];
      if (value === undefined || value === '' || definition.variable === undefined) return [];
      const texts = definition.kind === 'urls' ? splitUrls(value) : [value];
      if (texts.length === 0) return [];
      return [
        [
          definition.name,
          toRawSetting(definition, texts, { from: 'environment', name: definition.variable }, cwd),
        ] as const,
      ];
    }),
  );
}

export function defaultLayer(): Layer {
  return createLayer(
    settingDefinitions.flatMap((definition) =>
      definition.defaultValue === undefined
        ? []
        : [[definition.name, toRawSetting(definition, [definition.defaultValue], { from: 'default' }, '/')] as const],
    ),
  );
}

/** The one text of a setting and the place to name in an error; undefined where no layer sets it. */
export function settingText(layer: Layer, name: SettingName): { text: string; place: string } | undefined {
  const value = layer.get(name);
  const text = value?.texts[0];
  return value === undefined || text === undefined ? undefined : { text, place: describeSource(value.origin, name) };
}

/** The error of a value that a setting cannot have. */
export function settingError(place: string, text: string, what: string, hint: string): Error {
  return usageError('bad-setting', `${place}: "${excerpt(text, 60)}" ${what}`, hint);
}

export function booleanSetting(layer: Layer, name: SettingName): boolean {
  const found = settingText(layer, name);
  if (found === undefined) return false;
  const word = found.text.trim().toLowerCase();
  if (['true', 'yes', 'on', '1'].includes(word)) return true;
  if (['false', 'no', 'off', '0'].includes(word)) return false;
  throw settingError(found.place, found.text, 'is not a boolean', 'Use true or false.');
}

/** The source of a layer's secrets for the connection. */
function secretSources(layer: Layer): readonly string[] {
  return secretSettings.flatMap((name) => {
    const value = layer.get(name);
    return value === undefined ? [] : [describeSource(value.origin, name)];
  });
}

/** Puts name and password of the URLs beside the other settings of their layer. */
function withUserinfo(layer: Layer): Layer {
  const url = layer.get('url');
  const [first, ...others] = url?.userinfo ?? [];
  if (url === undefined || first === undefined) return layer;
  const place = describeSource(url.origin, 'url');
  const { username, password } = first.account(place);
  for (const other of others) {
    const account = other.account(place);
    if (account.username === username && account.password?.reveal() === password?.reveal()) continue;
    throw usageError('two-accounts', `${place}: the URLs contain different accounts`, 'Use one account for all nodes.');
  }
  const name = layer.get('username');
  const duplicates = [
    ...(name === undefined ? [] : [describeSource(name.origin, 'username')]),
    ...(password === undefined ? [] : secretSources(layer)),
  ];
  if (duplicates.length > 0) {
    const message = `two accounts for the connection: in the URL of ${place} and in ${duplicates.join(', ')}`;
    throw usageError('two-accounts', message, 'Use one of them.');
  }
  const extended = new Map(layer).set('username', { texts: [username], origin: url.origin });
  return password === undefined
    ? extended
    : extended.set('password', { texts: [], secret: password, origin: url.origin });
}

/** Each setting from the first layer that has it; of the passwords and secrets, all from one layer, and one only. */
export function mergeLayers(layers: readonly Layer[]): Layer {
  const urlLayer = layers.find((layer) => layer.has('url'));
  const all = layers.map((layer) => (layer === urlLayer ? withUserinfo(layer) : layer));
  const merged = new Map<SettingName, RawSetting>();
  for (const { name } of settingDefinitions) {
    if (secretSettings.includes(name)) continue;
    const value = all.find((layer) => layer.has(name))?.get(name);
    if (value !== undefined) merged.set(name, value);
  }
  const secret = all.find((layer) => secretSettings.some((name) => layer.has(name)));
  if (secret === undefined) return merged;
  const places = secretSources(secret);
  if (places.length > 1) {
    const message = `two passwords for the connection: ${places.join(' and ')}`;
    throw usageError('two-passwords', message, 'Use one of them.');
  }
  for (const name of secretSettings) {
    const value = secret.get(name);
    if (value !== undefined) merged.set(name, value);
  }
  return merged;
}
