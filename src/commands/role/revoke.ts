import type { PromptSpecs } from '../../cli/command.js';
import type { Command } from 'commander';
import type { Change } from '../../mutations/change.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import type { Factory } from '../../cli/factory.js';
import type { Result } from '../../output/view.js';
import type { ShownChanges } from '../../output/views/changes.js';
import { addLockoutFlag, executeChanges, type LockoutFlags, changesResult, hasWritten } from '../execute-changes.js';
import { noteOfMemberCache } from '../kapacitor-notes.js';
import { addGrantFlags, type GrantFlags, resolvePermissionsToRevoke } from '../permission-flags.js';
import { namePrompt, permissionsToRevokePrompt } from '../prompts.js';

interface RevokeOptions extends GrantFlags, LockoutFlags {
  readonly name: string;
  readonly permissions: readonly string[];
}

export const prompts: PromptSpecs<RevokeOptions> = {
  name: namePrompt('role'),
  permissions: permissionsToRevokePrompt('role'),
};

export function define(command: Command, action: (options: RevokeOptions) => Promise<void>): void {
  command.argument('<role>', 'name of the role').argument('<permission...>', 'permission, such as ReadData');
  addLockoutFlag(addGrantFlags(command))
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin role revoke kapacitor KapacitorConfigAPI' +
        '\n  kapadmin role revoke readers ReadData --db telegraf',
    )
    .action((name: string, permissions: string[], flags: GrantFlags & LockoutFlags) =>
      action({ ...flags, name, permissions }),
    );
}

export async function run(
  { name, permissions, ...flags }: RevokeOptions,
  factory: Factory,
): Promise<Result<ShownChanges>> {
  const scoped = resolvePermissionsToRevoke(permissions, flags);
  const before = await readSnapshot(await factory.metaClient(), { roles: [name] }, factory.context.stop);
  const change: Change = { on: 'role', name, action: 'remove-permissions', permissions: scoped };
  const executed = await executeChanges(
    { changes: [change], before, allowLockout: flags.allowLockout === true },
    factory,
  );
  if (hasWritten(executed)) await noteOfMemberCache(before.roles.get(name)?.users ?? [], scoped, factory);
  return changesResult(executed);
}
