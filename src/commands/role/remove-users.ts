import type { PromptSpecs } from '../../cli/command.js';
import type { Command } from 'commander';
import type { Change } from '../../mutations/change.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import { notFoundError } from '../../model/user.js';
import type { Factory } from '../../cli/factory.js';
import { showName, showNames } from '../../model/text.js';
import type { Result } from '../../output/view.js';
import { type ShownChanges, changesView } from '../../output/views/changes.js';
import { addLockoutFlag, executeChanges, type LockoutFlags, changesResult, hasWritten } from '../execute-changes.js';
import { listScopedPermissions } from '../permission-flags.js';
import { noteOfMemberCache } from '../kapacitor-notes.js';
import { namePrompt, usersToRemovePrompt } from '../prompts.js';

interface RemoveUsersOptions extends LockoutFlags {
  readonly ifExists?: boolean;
  readonly name: string;
  readonly users: readonly string[];
}

export const prompts: PromptSpecs<RemoveUsersOptions> = { name: namePrompt('role'), users: usersToRemovePrompt };

export function define(command: Command, action: (options: RemoveUsersOptions) => Promise<void>): void {
  addLockoutFlag(command)
    .argument('<role>', 'name of the role')
    .argument('<user...>', 'users to remove')
    .option('--if-exists', 'succeed if a user does not exist')
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin role remove-users kapacitor johndoe\n  kapadmin role remove-users kapacitor johndoe janedoe',
    )
    .action((name: string, users: string[], flags: Omit<RemoveUsersOptions, 'name' | 'users'>) =>
      action({ ...flags, name, users }),
    );
}

export async function run(
  { name, ifExists = false, ...options }: RemoveUsersOptions,
  factory: Factory,
): Promise<Result<ShownChanges>> {
  const names = [...new Set(options.users)];
  const before = await readSnapshot(await factory.metaClient(), { users: names, roles: [name] }, factory.context.stop);
  const role = before.roles.get(name);
  const unknownUsers = names.filter((user) => !before.users.has(user) && role?.users.includes(user) !== true);
  if (role !== undefined && unknownUsers.length > 0) {
    if (!ifExists) throw notFoundError('user', unknownUsers, `cannot remove users from role ${showName(name)}`);
    factory.logger.info(`${unknownUsers.length === 1 ? 'user' : 'users'} not found: ${showNames(unknownUsers)}`);
  }
  const users = ifExists ? names.filter((user) => !unknownUsers.includes(user)) : names;
  if (users.length === 0) return { data: { dryRun: factory.flags.dryRun === true, changes: [] }, view: changesView };
  const change: Change = { on: 'role', name, action: 'remove-users', users };
  const executed = await executeChanges(
    { changes: [change], before, allowLockout: options.allowLockout === true },
    factory,
  );
  if (hasWritten(executed)) await noteOfMemberCache(users, listScopedPermissions(role?.permissions), factory);
  return changesResult(executed);
}
