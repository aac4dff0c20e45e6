import type { Factory } from '../../cli/factory.js';
import { type UserConfig, userConfigPath } from '../../settings/config-file.js';
import { connectionLimits, nodeUrls, profileNotFound } from '../../settings/settings.js';
import { usageError } from '../../errors.js';
import { excerpt, hasControls } from '../../model/text.js';
import type { Secret } from '../../model/secret.js';
import type { ProfileKeys } from '../../settings/config-editor.js';
import {
  defaultLayer,
  flagLayer,
  type Layer,
  mergeLayers,
  secretSettings,
  settingDefinitions,
} from '../../settings/layers.js';
import { parseSecret } from '../../settings/secrets.js';
import { readStdin } from '../../settings/files-and-stdin.js';
import type { Lines } from '../../output/style.js';

const empty: Pick<UserConfig, 'defaultProfile' | 'profiles'> = { defaultProfile: undefined, profiles: new Map() };

/** The profiles of the user's configuration file (none if it does not exist), and its path. */
export async function readProfiles({
  context,
  flags,
  userConfig,
}: Factory): Promise<Pick<UserConfig, 'file' | 'defaultProfile' | 'profiles'>> {
  return (await userConfig()) ?? { ...empty, file: await userConfigPath(context, flags.config) };
}

/** Throws a not-found error with the nearest name for the first name that is not a profile. */
export function checkProfilesExist(config: Pick<UserConfig, 'file' | 'profiles'>, names: readonly string[]): void {
  const missing = names.find((name) => !config.profiles.has(name));
  if (missing === undefined) return;
  throw profileNotFound('not-found', missing, '', config.file, [...config.profiles.keys()]);
}

/** Throws a usage error for a name that no profile may have. */
export function checkNewProfile(name: string): void {
  if (name.trim() !== '' && !hasControls(name)) return;
  throw usageError(
    'invalid-name',
    `"${excerpt(name, 60)}" is not a valid profile name: it must not be empty or contain control characters`,
  );
}

/** The password to save: from the URL, from standard input, or prompted for if only a user name is given. */
async function readProfilePassword(given: Layer, factory: Factory): Promise<Secret | undefined> {
  const { context } = factory;
  if (given.has('passwordStdin')) {
    return parseSecret(await readStdin(context, '--meta-password-stdin'), '--meta-password-stdin');
  }
  if (given.has('password')) return given.get('password')?.secret;
  const username = given.get('username')?.texts[0];
  const hasSecret = username === undefined || secretSettings.some((name) => given.has(name));
  if (hasSecret || !context.io.isInteractive) return undefined;
  const question = `Password of the meta account ${username} (empty: do not save one)`;
  const answer = await (await factory.prompter()).password(question, '--meta-password-stdin');
  return answer.reveal() === '' ? undefined : answer;
}

/**
 * The keys of a new profile, from the connection flags. Throws usage errors for invalid values; files that they name
 * may be missing.
 */
export async function profileKeys(factory: Factory): Promise<ProfileKeys> {
  const { flags, context, logger } = factory;
  const layer = flagLayer(flags, context.cwd);
  const given = mergeLayers([layer]);
  const merged = mergeLayers([layer, defaultLayer()]);
  connectionLimits(merged);
  const nodes = nodeUrls(merged);
  if (layer.get('url')?.userinfo?.some((info) => info.hasPassword()) === true) {
    logger.warn('the password in --meta-url is visible in the process list and in the shell history');
  }
  const password = await readProfilePassword(given, factory);
  const keys = new Map<string, string | boolean | readonly string[]>();
  for (const { name, kind, inProfile } of settingDefinitions) {
    const text = given.get(name)?.texts[0];
    if (!inProfile || name === 'output' || name === 'password' || text === undefined) continue;
    if (name === 'url') keys.set(name, nodes.length === 1 ? (nodes[0] ?? '') : nodes);
    else keys.set(name, kind === 'switch' ? text === 'true' : text);
  }
  if (password !== undefined) keys.set('password', password.reveal());
  return keys;
}

/** The text of a change to the user's files, and whether it was only tried. */
export function withDryRunNote(lines: Lines, dryRun: boolean): Lines {
  return dryRun ? [...lines, 'Dry run: no changes were made.'] : lines;
}
