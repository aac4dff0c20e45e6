import type { Command } from 'commander';
import type { Deps } from '../../cli/factory.js';
import { KapadminError, usageError } from '../../errors.js';
import { checkNewProfile, knownProfiles, profileKeys, told } from './profiles.js';
import { commandLine } from '../../model/shell-command.js';
import type { Result, View } from '../../output/view.js';
import { saveUserConfig } from '../../settings/config-editor.js';
import type { UserConfig } from '../../settings/config-file.js';

export interface Options {
  readonly name: string;
  readonly force: boolean;
}

interface Added {
  readonly name: string;
  readonly file: string;
  readonly default: boolean;
  readonly replaced: boolean;
  /** Nothing was written. */
  readonly dryRun: boolean;
}

const view: View<Added> = {
  text: ({ name, file, replaced, default: standard, dryRun }) => {
    const what = `${replaced ? 'Replaced' : 'Added'} profile ${name} in ${file}`;
    return told([`${what}${standard ? '; it is the default' : ''}.`], dryRun);
  },
  json: (added) => added,
};

export function define(command: Command, act: (options: Options) => Promise<void>): void {
  command
    .argument('<profile>', 'a name for the connection')
    .option('--force', 'replace a profile of this name')
    .addHelpText(
      'after',
      `
Saves the connection flags (kapadmin --help) in your own configuration file. The
first profile becomes the default. A password is kept in the file only when it
is typed or comes by --meta-password-stdin.

Examples:
  kapadmin profile add prod --meta-url https://meta1:8091 --meta-username admin --meta-password-file ~/.meta-password
  kapadmin profile add lab --meta-url http://localhost:8091 --meta-username admin --meta-password-stdin < password`,
    )
    .action((name: string, { force = false }: { force?: boolean }) => act({ name, force }));
}

/** Throws where there is such a profile and it is not to be replaced. */
function checkFree(name: string, force: boolean, { file, profiles }: Pick<UserConfig, 'file' | 'profiles'>): void {
  if (force || !profiles.has(name)) return;
  const message = `profile "${name}" already exists in ${file}`;
  throw new KapadminError('exists', 'profile-exists', message, { hint: 'Replace it with --force.' });
}

export async function run({ name, force }: Options, deps: Deps): Promise<Result<Added>> {
  const { context, flags } = deps;
  checkNewProfile(name);
  checkFree(name, force, await knownProfiles(deps));
  const keys = await profileKeys(deps);
  if (keys.size === 0) {
    const example = commandLine('kapadmin profile add', [name], ['--meta-url', 'http://localhost:8091']);
    throw usageError('empty-profile', 'a profile takes connection flags, and none is given', `Such as: ${example}`);
  }
  let standard = true;
  let replaced = false;
  const file = await saveUserConfig(context, flags, (draft, config) => {
    if (config !== undefined) {
      checkFree(name, force, config);
      replaced = config.profiles.has(name);
      standard = config.standard === undefined ? config.profiles.size === 0 : config.standard === name;
    }
    if (standard) draft.setDefault(name);
    draft.setProfile(name, keys);
  });
  return { data: { name, file, default: standard, replaced, dryRun: flags.dryRun === true }, view };
}
