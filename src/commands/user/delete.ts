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
import { addLockoutFlag, carryOut, type LockoutFlags, resultOf } from '../execute-changes.js';
import { checkConfirmable, confirm } from '../confirm-delete.js';
import { namesOf } from '../prompts.js';

interface DeleteOptions extends LockoutFlags {
  readonly names: readonly string[];
  readonly yes?: boolean;
  readonly ifExists?: boolean;
}

export const prompts: PromptSpecs<DeleteOptions> = { names: namesOf('user') };

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
  checkConfirmable('user', names, yes, factory);
  const before = await readSnapshot(await factory.metaClient(), { users: names }, factory.context.stop);
  const there = names.filter((name) => before.users.has(name));
  const changes = names.map((name): Change => ({ on: 'user', name, action: 'delete' }));
  const out = await carryOut(
    {
      changes,
      before,
      tolerant: ifExists,
      allowLockout: options.allowLockout === true,
      confirm: () => confirm('user', there, yes, factory),
    },
    factory,
  );
  const known = there.filter((name) =>
    [...(before.users.get(name)?.permissions.values() ?? [])].flat().some(isKapacitorPermission),
  );
  const done = new Set(out.account.results.filter(({ status }) => status === 'done').map(({ change }) => change.name));
  const gone = known.filter((name) => done.has(name));
  if (gone.length > 0)
    factory.logger.info(
      `Kapacitor may accept logins of ${showNames(gone, 3)} until the cached ${gone.length === 1 ? 'entry expires' : 'entries expire'} (up to cache-expiration). To end this at once: ${String(flushCommand(gone))}`,
    );
  return resultOf(out);
}
