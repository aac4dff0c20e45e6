import type { PromptSpecs } from '../../cli/command.js';
import type { Command } from 'commander';
import type { Change } from '../../mutations/change.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import type { Factory } from '../../cli/factory.js';
import type { Result } from '../../output/view.js';
import type { ShownChanges } from '../../output/views/changes.js';
import { executeChanges, hasEffect, changesResult, hasWritten } from '../execute-changes.js';
import { listScopedPermissions } from '../permission-flags.js';
import { noteLackingMembers, noteOfMemberCache } from '../kapacitor-notes.js';
import { namePrompt, usersToAddPrompt } from '../prompts.js';

interface AddUsersOptions {
  readonly name: string;
  readonly users: readonly string[];
}

export const prompts: PromptSpecs<AddUsersOptions> = { name: namePrompt('role'), users: usersToAddPrompt };

export function define(command: Command, action: (options: AddUsersOptions) => Promise<void>): void {
  command
    .argument('<role>', 'name of the role')
    .argument('<user...>', 'users to add')
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin role add-users kapacitor johndoe\n  kapadmin role add-users kapacitor johndoe janedoe',
    )
    .action((name: string, users: string[]) => action({ name, users }));
}

export async function run({ name, ...options }: AddUsersOptions, factory: Factory): Promise<Result<ShownChanges>> {
  const users = [...new Set(options.users)];
  const before = await readSnapshot(await factory.metaClient(), { users, roles: [name] }, factory.context.stop);
  const change: Change = { on: 'role', name, action: 'add-users', users };
  const executed = await executeChanges({ changes: [change], before }, factory);
  if (hasEffect(executed) && !executed.dryRun) await noteLackingMembers([name], factory);
  if (hasWritten(executed))
    await noteOfMemberCache(users, listScopedPermissions(before.roles.get(name)?.permissions), factory);
  return changesResult(executed);
}
