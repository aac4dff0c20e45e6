import type { Asks } from '../../cli/command.js';
import type { Command } from 'commander';
import type { Change } from '../../mutations/change.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import type { Deps } from '../../cli/factory.js';
import type { Result } from '../../output/view.js';
import type { ShownChanges } from '../../output/views/changes.js';
import { addLockoutFlag, carryOut, type LockoutFlags, resultOf } from '../execute-changes.js';
import { addGrantFlags, type GrantFlags, scopedToRevoke } from '../permission-flags.js';
import { nameOf, permissionsToRevoke } from '../prompts.js';

interface RevokeOptions extends GrantFlags, LockoutFlags {
  readonly name: string;
  readonly permissions: readonly string[];
}

export const asks: Asks<RevokeOptions> = { name: nameOf('role'), permissions: permissionsToRevoke('role') };

export function define(command: Command, act: (options: RevokeOptions) => Promise<void>): void {
  command.argument('<role>', 'name of the role').argument('<permission...>', 'permission, such as ReadData');
  addLockoutFlag(addGrantFlags(command))
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin role revoke kapacitor KapacitorConfigAPI' +
        '\n  kapadmin role revoke readers ReadData --db telegraf',
    )
    .action((name: string, permissions: string[], flags: GrantFlags & LockoutFlags) =>
      act({ ...flags, name, permissions }),
    );
}

export async function run({ name, permissions, ...flags }: RevokeOptions, deps: Deps): Promise<Result<ShownChanges>> {
  const scoped = scopedToRevoke(permissions, flags);
  const before = await readSnapshot(await deps.meta(), { roles: [name] }, deps.context.stop);
  const change: Change = { on: 'role', name, action: 'remove-permissions', permissions: scoped };
  return resultOf(await carryOut({ changes: [change], before, allowLockout: flags.allowLockout === true }, deps));
}
