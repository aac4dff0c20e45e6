import type { PromptSpecs } from '../../cli/command.js';
import type { Command } from 'commander';
import type { Change } from '../../mutations/change.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import type { Factory } from '../../cli/factory.js';
import type { Result } from '../../output/view.js';
import type { ShownChanges } from '../../output/views/changes.js';
import { executeChanges, changesResult, hasWritten } from '../execute-changes.js';
import { addGrantFlags, addPresetFlag, resolvePermissionsToGrant, type GrantFlags } from '../permission-flags.js';
import { noteCachedEntry } from '../kapacitor-notes.js';
import { namePrompt, permissionsToGrantPrompt } from '../prompts.js';

interface GrantOptions extends GrantFlags {
  readonly name: string;
  readonly permissions: readonly string[];
}

export const prompts: PromptSpecs<GrantOptions> = {
  name: namePrompt('user'),
  permissions: permissionsToGrantPrompt('user'),
};

export function define(command: Command, action: (options: GrantOptions) => Promise<void>): void {
  command.argument('<user>', 'name of the user').argument('[permission...]', 'permission, such as KapacitorAPI');
  addPresetFlag(addGrantFlags(command))
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin user grant johndoe KapacitorAPI' +
        '\n  kapadmin user grant writer ReadData WriteData --db telegraf --db stats' +
        '\n  kapadmin user grant johndoe --preset kapacitor-admin',
    )
    .action((name: string, permissions: string[], flags: GrantFlags) => action({ ...flags, name, permissions }));
}

export async function run(
  { name, permissions, ...flags }: GrantOptions,
  factory: Factory,
): Promise<Result<ShownChanges>> {
  const scopedPermissions = resolvePermissionsToGrant(permissions, flags, factory.logger);
  const before = await readSnapshot(await factory.metaClient(), { users: [name] }, factory.context.stop);
  const change: Change = { on: 'user', name, action: 'add-permissions', permissions: scopedPermissions };
  const executed = await executeChanges({ changes: [change], before }, factory);
  if (hasWritten(executed)) noteCachedEntry([name], scopedPermissions, factory.logger);
  return changesResult(executed);
}
