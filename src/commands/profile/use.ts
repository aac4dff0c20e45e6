import type { Command } from 'commander';
import type { Factory } from '../../cli/factory.js';
import type { Result, View } from '../../output/view.js';
import { saveUserConfig } from '../../settings/config-editor.js';
import { checkProfilesExist, readProfiles, withDryRunNote } from './profiles.js';

interface UseOptions {
  readonly name: string;
}

interface UsedProfile {
  readonly default: string;
  readonly file: string;
  /** Nothing was written. */
  readonly dryRun: boolean;
}

const view: View<UsedProfile> = {
  text: ({ default: name, file, dryRun }) => withDryRunNote([`Profile ${name} is now the default in ${file}.`], dryRun),
  json: (used) => used,
};

export function define(command: Command, action: (options: UseOptions) => Promise<void>): void {
  command
    .argument('<profile>', 'name of the profile')
    .addHelpText('after', '\nExamples:\n  kapadmin profile use prod\n  kapadmin profile use lab')
    .action((name: string) => action({ name }));
}

export async function run({ name }: UseOptions, factory: Factory): Promise<Result<UsedProfile>> {
  checkProfilesExist(await readProfiles(factory), [name]);
  const file = await saveUserConfig(factory.context, factory.flags, (editor, config) => {
    if (config !== undefined) checkProfilesExist(config, [name]);
    editor.setDefault(name);
  });
  return { data: { default: name, file, dryRun: factory.flags.dryRun === true }, view };
}
