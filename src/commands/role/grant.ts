import type { PromptSpecs } from '../../cli/command.js';
import type { Command } from 'commander';
import type { Change } from '../../mutations/change.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import type { Factory } from '../../cli/factory.js';
import type { Result } from '../../output/view.js';
import type { ShownChanges } from '../../output/views/changes.js';
import { executeChanges, hasEffect, changesResult, hasWritten } from '../execute-changes.js';
import { noteLackingMembers, noteOfMemberCache } from '../kapacitor-notes.js';
import { addGrantFlags, addPresetFlag, resolvePermissionsToGrant, type GrantFlags } from '../permission-flags.js';
import { namePrompt, permissionsToGrantPrompt } from '../prompts.js';

interface GrantOptions extends GrantFlags {
  readonly name: string;
  readonly permissions: readonly string[];
}

export const prompts: PromptSpecs<GrantOptions> = {
  name: namePrompt('role'),
  permissions: permissionsToGrantPrompt('role'),
};

export function define(command: Command, action: (options: GrantOptions) => Promise<void>): void {
  command.argument('<role>', 'name of the role').argument('[permission...]', 'permission, such as ReadData');
  addPresetFlag(addGrantFlags(command))
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin role grant kapacitor KapacitorAPI KapacitorConfigAPI' +
        '\n  kapadmin role grant readers ReadData --db telegraf' +
        '\n  kapadmin role grant services --preset kapacitor-service --db telegraf',
    )
    .action((name: string, permissions: string[], flags: GrantFlags) => action({ ...flags, name, permissions }));
}

export async function run(
  { name, permissions, ...flags }: GrantOptions,
  factory: Factory,
): Promise<Result<ShownChanges>> {
  const scoped = resolvePermissionsToGrant(permissions, flags, factory.logger);
  const before = await readSnapshot(await factory.metaClient(), { roles: [name] }, factory.context.stop);
  const change: Change = { on: 'role', name, action: 'add-permissions', permissions: scoped };
  const executed = await executeChanges({ changes: [change], before }, factory);
  if (hasEffect(executed) && !executed.dryRun) await noteLackingMembers([name], factory);
  if (hasWritten(executed)) await noteOfMemberCache(before.roles.get(name)?.users ?? [], scoped, factory);
  return changesResult(executed);
}
