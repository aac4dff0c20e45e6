import type { Command } from 'commander';
import type { Deps } from '../../cli/factory.js';
import type { Result, View } from '../../output/view.js';
import { saveUserConfig } from '../../settings/config-editor.js';
import { checkKnown, knownProfiles, told } from './profiles.js';

interface UseOptions {
  readonly name: string;
}

interface Used {
  readonly default: string;
  readonly file: string;
  /** Nothing was written. */
  readonly dryRun: boolean;
}

const view: View<Used> = {
  text: ({ default: name, file, dryRun }) => told([`Profile ${name} is now the default in ${file}.`], dryRun),
  json: (used) => used,
};

export function define(command: Command, act: (options: UseOptions) => Promise<void>): void {
  command
    .argument('<profile>', 'name of the profile')
    .addHelpText('after', '\nExamples:\n  kapadmin profile use prod\n  kapadmin profile use lab')
    .action((name: string) => act({ name }));
}

export async function run({ name }: UseOptions, deps: Deps): Promise<Result<Used>> {
  checkKnown(await knownProfiles(deps), [name]);
  const file = await saveUserConfig(deps.context, deps.flags, (draft, config) => {
    if (config !== undefined) checkKnown(config, [name]);
    draft.setDefault(name);
  });
  return { data: { default: name, file, dryRun: deps.flags.dryRun === true }, view };
}
