import type { Command } from 'commander';
import type { Factory } from '../../cli/factory.js';
import type { Context } from '../../context.js';
import { KapadminError, usageError } from '../../errors.js';
import { checkNewProfile, readProfiles, profileKeys, withDryRunNote } from './profiles.js';
import { commandLine } from '../../model/shell-command.js';
import type { Result, View } from '../../output/view.js';
import { saveUserConfig } from '../../settings/config-editor.js';
import type { UserConfig } from '../../settings/config-file.js';
import type { SettingName } from '../../settings/layers.js';

interface AddOptions {
  readonly name: string;
  readonly force: boolean;
  /** False for `--no-test`. */
  readonly test?: boolean;
}

interface AddedProfile {
  readonly name: string;
  readonly file: string;
  readonly default: boolean;
  readonly replaced: boolean;
  /** Nothing was written. */
  readonly dryRun: boolean;
  /** Whether a read by this connection worked; null where none was sent. */
  readonly works: boolean | null;
}

const view: View<AddedProfile> = {
  text: ({ name, file, replaced, default: isDefault, dryRun, works }) => {
    const what = `${replaced ? 'Replaced' : 'Added'} profile ${name} in ${file}`;
    const tested = works === true ? ['The connection works.'] : [];
    return withDryRunNote([`${what}${isDefault ? '; it is the default' : ''}.`, ...tested], dryRun);
  },
  json: (added) => added,
};

export function define(command: Command, action: (options: AddOptions) => Promise<void>): void {
  command
    .argument('<profile>', 'name of the profile')
    .option('--force', 'replace an existing profile')
    .option('--no-test', 'do not test the connection after it is saved')
    .addHelpText(
      'after',
      `
Saves the connection flags (kapadmin help flags) in your configuration file. The
first profile becomes the default. A password is saved only if you type it or
pass it with --meta-password-stdin.

Examples:
  kapadmin profile add prod --meta-url https://meta1:8091 --meta-username admin --meta-password-file ~/.meta-password
  kapadmin profile add lab --meta-url http://localhost:8091 --meta-username admin --meta-password-stdin < password`,
    )
    .action((name: string, { force = false, test = true }: { force?: boolean; test?: boolean }) =>
      action({ name, force, ...(test ? {} : { test }) }),
    );
}

/** Throws where there is such a profile and it is not to be replaced. */
function checkNotExisting(
  name: string,
  force: boolean,
  { file, profiles }: Pick<UserConfig, 'file' | 'profiles'>,
): void {
  if (force || !profiles.has(name)) return;
  const message = `profile "${name}" already exists in ${file}`;
  throw new KapadminError('exists', 'profile-exists', message, { hint: 'To replace it, add --force.' });
}

/** What the error of the test read begins with: that a user was read matters only if the node responded. */
const readPrefix = /^cannot read user "[^"]*": /;

/**
 * Reads one user by the profile alone, not by flags or variables. Resolves to whether that worked, null where its
 * password is not kept; why it did not is a warning, since the profile is saved all the same.
 */
async function testConnection(name: string, factory: Factory): Promise<boolean | null> {
  const { context, flags, logger } = factory;
  const { loadUserConfig } = await import('../../settings/config-file.js');
  const { resolveLayers, resolveSettings } = await import('../../settings/settings.js');
  const { connectMetaClient, withSpinner } = await import('../../settings/connect.js');
  const env = Object.fromEntries(Object.entries(context.env).filter(([key]) => !key.startsWith('KAPADMIN_')));
  const ownContext = Object.create(context, { env: { value: env } }) as Context;
  try {
    const config = await loadUserConfig(context, flags.config);
    const layers = await resolveLayers({ profile: [name] }, ownContext, config);
    const has = (setting: SettingName): boolean => layers.merged.has(setting);
    if (has('username') && !(['password', 'passwordFile', 'secretFile'] as const).some(has)) return null;
    const settings = await resolveSettings(layers, ownContext, logger);
    const limits = { ...settings.limits, retries: 0 };
    const client = await connectMetaClient({ ...settings, limits }, context, logger, flags);
    const { credentials } = settings;
    const account = credentials.kind === 'none' ? 'kapadmin' : credentials.username || 'kapadmin';
    try {
      await withSpinner(client, factory.status).users({ name: account, signal: context.stop });
    } finally {
      await client.close();
    }
    return true;
  } catch (error) {
    if (!(error instanceof KapadminError) || context.stop.aborted) throw error;
    const { kind, message } = error;
    const cause = kind === 'unreachable' ? message.replace(readPrefix, 'no response from the meta node: ') : message;
    logger.warn(`the profile is saved, but its connection does not work: ${cause}`);
    logger.info(`To correct it: ${commandLine('kapadmin profile add', [name], ['--force'])}, with the corrected flags`);
    return false;
  }
}

export async function run({ name, force, test }: AddOptions, factory: Factory): Promise<Result<AddedProfile>> {
  const { context, flags } = factory;
  checkNewProfile(name);
  checkNotExisting(name, force, await readProfiles(factory));
  const keys = await profileKeys(factory);
  if (keys.size === 0) {
    const example = commandLine('kapadmin profile add', [name], ['--meta-url', 'http://localhost:8091']);
    throw usageError('empty-profile', 'no connection flags given', `Example: ${example}`);
  }
  let isDefault = true;
  let replaced = false;
  const file = await saveUserConfig(context, flags, (editor, config) => {
    if (config !== undefined) {
      checkNotExisting(name, force, config);
      replaced = config.profiles.has(name);
      isDefault = config.defaultProfile === undefined ? config.profiles.size === 0 : config.defaultProfile === name;
    }
    if (isDefault) editor.setDefault(name);
    editor.setProfile(name, keys);
  });
  const isDryRun = flags.dryRun === true;
  const works = isDryRun || test === false ? null : await testConnection(name, factory);
  return { data: { name, file, default: isDefault, replaced, dryRun: isDryRun, works }, view };
}
