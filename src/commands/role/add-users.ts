import type { Asks } from '../../cli/command.js';
import type { Command } from 'commander';
import type { Change } from '../../mutations/change.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import type { Deps } from '../../cli/factory.js';
import type { Result } from '../../output/view.js';
import type { ShownChanges } from '../../output/views/changes.js';
import { carryOut, happened, resultOf } from '../execute-changes.js';
import { noteLackingMembers } from '../roles-in-user-records.js';
import { nameOf, usersToAdd } from '../prompts.js';

interface AddUsersOptions {
  readonly name: string;
  readonly users: readonly string[];
}

export const asks: Asks<AddUsersOptions> = { name: nameOf('role'), users: usersToAdd };

export function define(command: Command, act: (options: AddUsersOptions) => Promise<void>): void {
  command
    .argument('<role>', 'name of the role')
    .argument('<user...>', 'users to add')
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin role add-users kapacitor johndoe\n  kapadmin role add-users kapacitor johndoe janedoe',
    )
    .action((name: string, users: string[]) => act({ name, users }));
}

export async function run({ name, ...options }: AddUsersOptions, deps: Deps): Promise<Result<ShownChanges>> {
  const users = [...new Set(options.users)];
  const before = await readSnapshot(await deps.meta(), { users, roles: [name] }, deps.context.stop);
  const change: Change = { on: 'role', name, action: 'add-users', users };
  const out = await carryOut({ changes: [change], before }, deps);
  if (happened(out) && !out.dryRun) await noteLackingMembers([name], deps);
  return resultOf(out);
}
