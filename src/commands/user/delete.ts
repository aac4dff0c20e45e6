import type { PromptSpecs } from '../../cli/command.js';
import type { Command } from 'commander';
import type { Change } from '../../mutations/change.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import type { Factory } from '../../cli/factory.js';
import { isKapacitorPermission } from '../../model/permissions.js';
import { flushCommand } from '../../model/shell-command.js';
import { showNames } from '../../model/text.js';
import type { Result } from '../../output/view.js';
import type { ShownChanges } from '../../output/views/changes.js';
import { addLockoutFlag, changesResult, executeChanges, type LockoutFlags } from '../execute-changes.js';
import { checkCanConfirm, confirmDeletion, namesPrompt } from '../prompts.js';

interface DeleteOptions extends LockoutFlags {
  readonly names: readonly string[];
  readonly yes?: boolean;
  readonly ifExists?: boolean;
}

export const prompts: PromptSpecs<DeleteOptions> = { names: namesPrompt('user') };

export function define(command: Command, action: (options: DeleteOptions) => Promise<void>): void {
  addLockoutFlag(command)
    .argument('<user...>', 'names of the users')
    .option('--yes', 'do not ask for confirmation')
    .option('--if-exists', 'succeed if a user does not exist')
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin user delete johndoe\n  kapadmin user delete old1 old2 --yes --if-exists',
    )
    .action((names: string[], flags: Omit<DeleteOptions, 'names'>) => action({ ...flags, names }));
}

export async function run(
  { yes = false, ifExists = false, ...options }: DeleteOptions,
  factory: Factory,
): Promise<Result<ShownChanges>> {
  const names = [...new Set(options.names)];
  checkCanConfirm('user', names, yes, factory);
  const before = await readSnapshot(await factory.metaClient(), { users: names }, factory.context.stop);
  const existing = names.filter((name) => before.users.has(name));
  const changes = names.map((name): Change => ({ on: 'user', name, action: 'delete' }));
  const executed = await executeChanges(
    {
      changes,
      before,
      tolerant: ifExists,
      allowLockout: options.allowLockout === true,
      confirm: () => confirmDeletion('user', existing, yes, factory),
    },
    factory,
  );
  const kapacitorUsers = existing.filter((name) =>
    [...(before.users.get(name)?.permissions.values() ?? [])].flat().some(isKapacitorPermission),
  );
  const done = new Set(
    executed.summary.results.filter(({ status }) => status === 'done').map(({ change }) => change.name),
  );
  const deletedKapacitorUsers = kapacitorUsers.filter((name) => done.has(name));
  if (deletedKapacitorUsers.length > 0)
    factory.logger.info(
      `Kapacitor may accept logins of ${showNames(deletedKapacitorUsers, 3)} until the cached ${deletedKapacitorUsers.length === 1 ? 'entry expires' : 'entries expire'} (up to cache-expiration). To end this at once: ${String(flushCommand(deletedKapacitorUsers))}`,
    );
  return changesResult(executed);
}
