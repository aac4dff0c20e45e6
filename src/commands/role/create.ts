import type { PromptSpecs } from '../../cli/command.js';
import { type Command, Option } from 'commander';
import { roleCreation } from '../../mutations/change.js';
import { checkNewName, notFoundError } from '../../model/user.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import type { Factory } from '../../cli/factory.js';
import { usageError } from '../../errors.js';
import type { Result } from '../../output/view.js';
import type { ShownChanges } from '../../output/views/changes.js';
import { changesResult, executeChanges } from '../execute-changes.js';
import { noteLackingMembers } from '../kapacitor-notes.js';
import { addGrantFlags, type GrantFlags, resolvePermissionsToGrant } from '../permission-flags.js';
import { collectList, pluralize } from '../../model/text.js';
import { newNamesPrompt } from '../prompts.js';

interface CreateOptions extends GrantFlags {
  readonly names: readonly string[];
  readonly grant?: readonly string[];
  readonly user?: readonly string[];
  readonly ifNotExists?: boolean;
}

export const prompts: PromptSpecs<CreateOptions> = { names: newNamesPrompt('role') };

export function define(command: Command, action: (options: CreateOptions) => Promise<void>): void {
  command
    .argument('<role...>', 'names of the roles')
    .addOption(new Option('--grant <permissions>', 'grant these permissions: P,...').argParser(collectList))
    .addOption(new Option('--user <users>', 'add these users: U,...').argParser(collectList))
    .option('--if-not-exists', 'succeed if the role exists; add permissions and users to it');
  addGrantFlags(command)
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin role create kapacitor' +
        '\n  kapadmin role create kapacitor --grant KapacitorAPI,KapacitorConfigAPI --user johndoe,janedoe',
    )
    .action((names: string[], flags: Omit<CreateOptions, 'names'>) => action({ ...flags, names }));
}

export async function run(options: CreateOptions, factory: Factory): Promise<Result<ShownChanges>> {
  const names = [...new Set(options.names)];
  const users = [...new Set(options.user)];
  for (const name of names) checkNewName('role', name);
  if (options.db !== undefined && options.grant === undefined) {
    throw usageError('db-without-grant', '--db requires --grant');
  }
  const scoped = options.grant === undefined ? [] : resolvePermissionsToGrant(options.grant, options, factory.logger);
  const before = await readSnapshot(await factory.metaClient(), { users, roles: names }, factory.context.stop);
  const unknownUsers = users.filter((name) => !before.users.has(name));
  if (unknownUsers.length > 0)
    throw notFoundError('user', unknownUsers, `cannot create ${pluralize(names.length, 'role')}`);
  const changes = names.flatMap((name) => roleCreation(name, scoped, users));
  const executed = await executeChanges({ changes, before, tolerant: options.ifNotExists === true }, factory);
  if (!executed.dryRun) await noteLackingMembers(names, factory);
  return changesResult(executed);
}
