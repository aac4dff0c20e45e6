import {
  booleanSetting,
  defaultLayer,
  describeSource,
  environmentLayer,
  flagLayer,
  type Layer,
  mergeLayers,
  settingError,
  type SettingName,
  type SettingSource,
  settingText,
} from './layers.js';
import { type ErrorKind, KapadminError, usageError } from '../errors.js';
import { excerpt, nearest, parseDurationMs } from '../model/text.js';
import { nodeOrigin } from '../model/urls.js';
import { type KapacitorVersion, knownReleasesHint, parseKapacitorVersion } from '../model/kapacitor-versions.js';
import type { RolesInUserRecords } from '../model/user.js';
import type { Context } from '../context.js';
import { checkNamedConfig, type UserConfig, userConfigPath } from './config-file.js';
import type { GlobalFlags } from './flags.js';
import type { ClientTlsOptions, MetaCredentials, ProxyOptions } from '../meta/client-types.js';
import { proxyFromEnvironment } from '../meta/transport/proxy.js';
import type { Logger } from '../output/logger.js';
import { connectionTlsFiles, type PasswordPrompt, resolveCredentials, resolveTls } from './credentials.js';
import type { TlsFilePaths } from './request-as-curl.js';
import type { Prompter } from '../prompt/prompter.js';

const maxDurationMs = 24 * 3_600_000;
const maxBodyBytes = 512 * 1024 * 1024;
const sizeUnits: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['B', 1],
  ['KiB', 1024],
  ['MiB', 1024 ** 2],
  ['GiB', 1024 ** 3],
  ['kB', 1000],
  ['KB', 1000],
  ['MB', 1000 ** 2],
  ['GB', 1000 ** 3],
]);

/** The distinct nodes as `http://host:8091`. */
export function nodeUrls(layer: Layer): readonly string[] {
  const value = layer.get('url');
  const urls = value?.texts ?? [];
  const nodes = urls.map((text, i) => {
    const node = nodeOrigin(text);
    if (typeof node === 'string') return node;
    const place = value === undefined ? 'url' : describeSource(value.origin, 'url');
    // An invalid URL is not shown: it may contain a password anywhere.
    const which = urls.length === 1 ? 'the URL' : `URL number ${i + 1}`;
    const hint = 'Use http://HOST:8091 or https://HOST:8091.';
    throw usageError('bad-setting', `${place}: ${which} ${node.problem}`, hint);
  });
  return [...new Set(nodes)];
}

/** Milliseconds; `min` is the smallest that makes sense. */
function durationSetting(layer: Layer, name: SettingName, min: number): number {
  const { text, place } = settingText(layer, name) ?? { text: '', place: name };
  const ms = parseDurationMs(text, place);
  if (ms >= min && ms <= maxDurationMs) return Math.round(ms);
  throw settingError(place, text, `is not between ${min}ms and 24h`, 'Use a duration such as 500ms, 3s or 1m30s.');
}

/** Bytes. */
function sizeSetting(layer: Layer, name: SettingName): number {
  const { text, place } = settingText(layer, name) ?? { text: '', place: name };
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(text.trim()) ?? [];
  const bytes = Math.floor(Number(number || Number.NaN) * (sizeUnits.get(unit) ?? Number.NaN));
  if (bytes >= 1 && bytes <= maxBodyBytes) return bytes;
  throw settingError(place, text, 'is not a size from 1 byte to 512MiB', 'Use a size such as 64MiB or 1048576.');
}

function countSetting(layer: Layer, name: SettingName, max: number): number {
  const { text, place } = settingText(layer, name) ?? { text: '', place: name };
  if (/^\d{1,6}$/.test(text.trim()) && Number(text) <= max) return Number(text);
  throw settingError(place, text, 'is not a valid number', `Use a whole number from 0 to ${max}.`);
}

/** Whether the cluster copies role permissions into user records, as a profile says it. */
function rolesInUserRecordsSetting(layer: Layer): RolesInUserRecords {
  const { text, place } = settingText(layer, 'rolesInUserRecords') ?? { text: 'unknown', place: '' };
  if (text === 'yes' || text === 'true') return 'yes';
  if (text === 'no' || text === 'false') return 'no';
  if (text === 'unknown') return 'unknown';
  throw settingError(place, text, 'is not yes, no or unknown', 'Find out with: kapadmin doctor --probe');
}

/** Which Kapacitor runs, where a variable or a profile says it. */
function kapacitorVersionSetting(layer: Layer): KapacitorVersion | undefined {
  const found = settingText(layer, 'kapacitorVersion');
  if (found === undefined) return undefined;
  const version = parseKapacitorVersion(found.text);
  if (version !== undefined) return version;
  throw settingError(found.place, found.text, 'is not a known release of Kapacitor', knownReleasesHint);
}

/** Each setting as the first layer that has it gives it. */
export interface ResolvedLayers {
  readonly merged: Layer;
  /** The profile that counts. */
  readonly profile: string | undefined;
}

/** The error for a profile that was not found, with the nearest name; `place` begins the message. */
export function profileNotFound(
  kind: ErrorKind,
  name: string,
  place: string,
  file: string,
  names: readonly string[],
): KapadminError {
  const near = nearest(name, names);
  const known =
    names.length === 0
      ? 'Create one: kapadmin profile add NAME --meta-url URL'
      : 'List the profiles: kapadmin profile list';
  const hint = near === undefined ? known : `Did you mean "${near}"?`;
  const message = `${place}profile "${excerpt(name, 60)}" not found in ${file}`;
  return new KapadminError(kind, 'no-such-profile', message, { hint });
}

/** The error of a default profile that does not exist. Its name is not shown: it may be a password in a wrong place. */
function defaultProfileNotFound(name: string, file: string, names: readonly string[]): KapadminError {
  const near = nearest(name, names);
  const hint = near === undefined ? 'Set one: kapadmin profile use NAME' : `Did you mean "${near}"?`;
  return new KapadminError('usage', 'no-such-profile', `"default" in ${file} names a profile that does not exist`, {
    hint,
  });
}

/** The profile that a flag or a variable names. */
function requestedProfile(
  flags: GlobalFlags,
  env: Context['env'],
): { name: string; origin: SettingSource } | undefined {
  const [named] = flags.profile ?? [];
  if (named !== undefined) return { name: named, origin: { from: 'flag', name: '--profile' } };
  const name = env['KAPADMIN_PROFILE'];
  if (name === undefined || name === '') return undefined;
  return { name, origin: { from: 'environment', name: 'KAPADMIN_PROFILE' } };
}

/**
 * The layers in their order: flags, environment, the requested or default profile, and the default values. Throws a
 * usage error if the requested configuration file or profile does not exist.
 */
export async function resolveLayers(
  flags: GlobalFlags,
  context: Context,
  config: UserConfig | undefined,
): Promise<ResolvedLayers> {
  if (config === undefined) await checkNamedConfig(context, flags.config);
  const requested = requestedProfile(flags, context.env);
  const profile = requested?.name ?? config?.defaultProfile;
  const layer = profile === undefined ? undefined : config?.profiles.get(profile);
  if (profile !== undefined && layer === undefined) {
    const file = config?.file ?? (await userConfigPath(context, flags.config));
    const names = [...(config?.profiles.keys() ?? [])];
    if (requested === undefined) throw defaultProfileNotFound(profile, file, names);
    throw profileNotFound('usage', profile, `${describeSource(requested.origin, 'profile')}: `, file, names);
  }
  const layers: readonly Layer[] = [
    flagLayer(flags, context.cwd),
    environmentLayer(context.env, context.cwd),
    ...(layer === undefined ? [] : [layer]),
    defaultLayer(),
  ];
  return { merged: mergeLayers(layers), profile };
}

/** Milliseconds, a count, bytes. */
export interface ConnectionLimits {
  readonly connectTimeout: number;
  readonly timeout: number;
  /** How long a write may take to show in a read. */
  readonly wait: number;
  readonly retries: number;
  readonly maxBody: number;
}

/** How servers are reached, whoever asks. */
export interface NetworkSettings {
  readonly limits: ConnectionLimits;
  readonly proxy: ProxyOptions;
  /** The Kapacitor version, if given. */
  readonly kapacitorVersion: KapacitorVersion | undefined;
}

/** The connection to the meta nodes. */
export interface Settings extends NetworkSettings {
  /** As `http://host:8091`, each once. */
  readonly nodes: readonly string[];
  readonly credentials: MetaCredentials;
  readonly tls: ClientTlsOptions;
  readonly tlsFiles: TlsFilePaths;
  readonly readLeader: boolean;
  /** The profile that counts. */
  readonly profile: string | undefined;
  /** The profile that names the nodes; undefined where a flag or a variable does. */
  readonly clusterProfile: string | undefined;
  /** What that profile knows of its cluster, as `doctor --probe` found it out. */
  readonly rolesInUserRecords: RolesInUserRecords;
  /** The source of the account's password, as text; undefined if it was typed or piped, or there is none. */
  readonly passwordSource: string | undefined;
}

export function connectionLimits(layer: Layer): ConnectionLimits {
  return {
    connectTimeout: durationSetting(layer, 'connectTimeout', 1),
    timeout: durationSetting(layer, 'timeout', 1),
    wait: durationSetting(layer, 'wait', 0),
    retries: countSetting(layer, 'retries', 100),
    maxBody: sizeSetting(layer, 'maxBody'),
  };
}

/** Prompts on a terminal; undefined without one. */
function createPasswordPrompt(context: Context, prompter: () => Promise<Prompter>): PasswordPrompt | undefined {
  return context.io.isInteractive ? async (question) => (await prompter()).password(question) : undefined;
}

function describePasswordSource(layer: Layer): string | undefined {
  for (const name of ['password', 'passwordFile'] as const) {
    const value = layer.get(name);
    if (value !== undefined) return describeSource(value.origin, name);
  }
  return undefined;
}

/** What of the connection is known without its credentials. */
export function networkSettings({ merged: layer }: ResolvedLayers, env: Context['env']): NetworkSettings {
  return {
    limits: connectionLimits(layer),
    proxy: proxyFromEnvironment(env),
    kapacitorVersion: kapacitorVersionSetting(layer),
  };
}

/**
 * The connection. Depends on files, and on standard input or a terminal for a password. Throws usage errors that name
 * the wrong setting and where it comes from; nothing is sent.
 */
export async function resolveSettings(
  layers: ResolvedLayers,
  context: Context,
  logger: Logger,
  prompter = async () => (await import('../prompt/prompter.js')).createPrompter(context, false),
): Promise<Settings> {
  const { merged: layer, profile } = layers;
  const nodes = nodeUrls(layer);
  const network = networkSettings(layers, context.env);
  const readLeader = booleanSetting(layer, 'readLeader');
  const url = layer.get('url');
  const clusterProfile = url?.origin.from === 'profile' ? profile : undefined;
  if (url?.origin.from === 'flag' && url.userinfo?.some((info) => info.hasPassword()) === true) {
    logger.warn('the password in --meta-url is visible in the process list and in the shell history');
  }
  if (profile !== undefined) logger.debug(`profile ${profile}`);
  const tls = await resolveTls(layer, { context, logger });
  const credentials = await resolveCredentials(layer, { context, logger }, createPasswordPrompt(context, prompter));
  return {
    nodes,
    credentials,
    tls,
    tlsFiles: connectionTlsFiles(layer),
    ...network,
    readLeader,
    profile,
    clusterProfile,
    rolesInUserRecords: clusterProfile === undefined ? 'unknown' : rolesInUserRecordsSetting(layer),
    passwordSource: describePasswordSource(layer),
  };
}
