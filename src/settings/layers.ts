import type { GlobalFlags } from './flags.js';
import { Secret } from '../model/secret.js';
import { usageError } from '../errors.js';
import { excerpt } from '../model/text.js';
import path from 'node:path';
import type { Context } from '../context.js';
import { splitUrls, splitUserinfo, type Userinfo } from './meta-urls.js';

export type SettingName =
  | 'url'
  | 'username'
  | 'passwordStdin'
  | 'password'
  | 'passwordFile'
  | 'secretFile'
  | 'ca'
  | 'cert'
  | 'key'
  | 'insecureSkipVerify'
  | 'readLeader'
  | 'connectTimeout'
  | 'timeout'
  | 'wait'
  | 'retries'
  | 'maxBody'
  | 'rolesInUserRecords'
  | 'kapacitorVersion'
  | 'output';

/** One setting of the connection: what it is called in each layer. */
export interface SettingDefinition {
  /** Also its key in a profile. */
  readonly name: SettingName;
  readonly kind: 'urls' | 'text' | 'secret' | 'file' | 'switch';
  readonly option?: keyof GlobalFlags;
  readonly flag?: string;
  readonly variable?: string;
  readonly inProfile: boolean;
  /** The value where no layer sets it. */
  readonly defaultValue?: string;
}

function connectionSetting(
  name: SettingName,
  kind: SettingDefinition['kind'],
  flag: string,
  option: keyof GlobalFlags,
  more: { defaultValue?: string } = {},
): SettingDefinition {
  const variable = `KAPADMIN_${flag.slice(2).replaceAll('-', '_').toUpperCase()}`;
  return { name, kind, flag, option, variable, inProfile: true, ...more };
}

/** All settings, in the order in which they are shown. */
export const settingDefinitions: readonly SettingDefinition[] = [
  connectionSetting('url', 'urls', '--meta-url', 'metaUrl', { defaultValue: 'http://localhost:8091' }),
  connectionSetting('username', 'text', '--meta-username', 'metaUsername'),
  {
    name: 'passwordStdin',
    kind: 'switch',
    flag: '--meta-password-stdin',
    option: 'metaPasswordStdin',
    inProfile: false,
  },
  { name: 'password', kind: 'secret', variable: 'KAPADMIN_META_PASSWORD', inProfile: true },
  connectionSetting('passwordFile', 'file', '--meta-password-file', 'metaPasswordFile'),
  connectionSetting('secretFile', 'file', '--meta-secret-file', 'metaSecretFile'),
  connectionSetting('ca', 'file', '--meta-ca', 'metaCa'),
  connectionSetting('cert', 'file', '--meta-cert', 'metaCert'),
  connectionSetting('key', 'file', '--meta-key', 'metaKey'),
  connectionSetting('insecureSkipVerify', 'switch', '--meta-insecure-skip-verify', 'metaInsecureSkipVerify', {
    defaultValue: 'false',
  }),
  connectionSetting('readLeader', 'switch', '--read-leader', 'readLeader', { defaultValue: 'false' }),
  connectionSetting('connectTimeout', 'text', '--connect-timeout', 'connectTimeout', { defaultValue: '3s' }),
  connectionSetting('timeout', 'text', '--timeout', 'timeout', { defaultValue: '10s' }),
  connectionSetting('wait', 'text', '--wait', 'wait', { defaultValue: '2s' }),
  connectionSetting('retries', 'text', '--retries', 'retries', { defaultValue: '3' }),
  connectionSetting('maxBody', 'text', '--max-body', 'maxBody', { defaultValue: '64MiB' }),
  { name: 'rolesInUserRecords', kind: 'text', inProfile: true },
  { name: 'kapacitorVersion', kind: 'text', variable: 'KAPADMIN_KAPACITOR_VERSION', inProfile: true },
  connectionSetting('output', 'text', '--output', 'output'),
];

/** The credentials for a meta node: at most one of them in a layer. */
export const secretSettings: readonly SettingName[] = ['passwordStdin', 'password', 'passwordFile', 'secretFile'];

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
