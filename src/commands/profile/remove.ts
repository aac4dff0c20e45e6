import type { Command } from 'commander';
import type { Factory } from '../../cli/factory.js';
import { usageError } from '../../errors.js';
import type { Result, View } from '../../output/view.js';
import { saveUserConfig } from '../../settings/config-editor.js';
import { checkProfilesExist, readProfiles, withDryRunNote } from './profiles.js';

interface RemoveOptions {
  readonly names: readonly string[];
  readonly yes: boolean;
}

interface RemovedProfiles {
  readonly removed: readonly string[];
  readonly file: string;
  /** The default profile that is left. */
  readonly default: string | undefined;
  /** Nothing was written. */
  readonly dryRun: boolean;
}

const view: View<RemovedProfiles> = {
  text: ({ removed, file, dryRun }) => {
    const lines = removed.map((name) => `Removed profile ${name} from ${file}.`);
    return withDryRunNote(lines, dryRun);
  },
  json: ({ removed, file, default: defaultProfile = null, dryRun }) => ({
    removed,
    file,
    default: defaultProfile,
    dryRun,
  }),
};

export function define(command: Command, action: (options: RemoveOptions) => Promise<void>): void {
  command
    .argument('<profile...>', 'names of the profiles')
    .option('--yes', 'do not ask for confirmation')
    .addHelpText('after', '\nExamples:\n  kapadmin profile remove lab\n  kapadmin profile remove lab old --yes')
    .action((names: string[], { yes = false }: { yes?: boolean }) => action({ names, yes }));
}

async function confirmRemoval(names: readonly string[], factory: Factory): Promise<void> {
  for (const name of names) {
    const prompter = await factory.prompter();
    if (await prompter.confirmByTyping(`Type the name ${name} to confirm removing this profile`, name)) continue;
    throw usageError('not-confirmed', 'not confirmed: nothing was removed');
  }
}

export async function run({ names, yes }: RemoveOptions, factory: Factory): Promise<Result<RemovedProfiles>> {
  const config = await readProfiles(factory);
  const removed = [...new Set(names)];
  checkProfilesExist(config, removed);
  if (!yes && factory.flags.dryRun !== true) await confirmRemoval(removed, factory);
  const losesDefault = config.defaultProfile !== undefined && removed.includes(config.defaultProfile);
  const file = await saveUserConfig(factory.context, factory.flags, (editor, now) => {
    if (now !== undefined) checkProfilesExist(now, removed);
    for (const name of removed) editor.removeProfile(name);
    if (losesDefault) editor.setDefault(undefined);
  });
  if (losesDefault) factory.logger.info('No default profile is left. To set one: kapadmin profile use NAME');
  const remainingDefault =
    config.defaultProfile !== undefined && !losesDefault && config.profiles.has(config.defaultProfile)
      ? config.defaultProfile
      : undefined;
  return { data: { removed, file, default: remainingDefault, dryRun: factory.flags.dryRun === true }, view };
}
