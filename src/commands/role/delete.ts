import type { PromptSpecs } from '../../cli/command.js';
import type { Command } from 'commander';
import type { Change } from '../../mutations/change.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import type { Factory } from '../../cli/factory.js';
import type { Result } from '../../output/view.js';
import type { ShownChanges } from '../../output/views/changes.js';
import { addLockoutFlag, changesResult, executeChanges, hasWritten, type LockoutFlags } from '../execute-changes.js';
import { checkCanConfirm, confirmDeletion, namesPrompt } from '../prompts.js';
import { listScopedPermissions } from '../permission-flags.js';
import { noteOfMemberCache } from '../kapacitor-notes.js';

interface DeleteOptions extends LockoutFlags {
  readonly names: readonly string[];
  readonly yes?: boolean;
  readonly ifExists?: boolean;
}

export const prompts: PromptSpecs<DeleteOptions> = { names: namesPrompt('role') };

export function define(command: Command, action: (options: DeleteOptions) => Promise<void>): void {
  addLockoutFlag(command)
    .argument('<role...>', 'names of the roles')
    .option('--yes', 'do not ask for confirmation')
    .option('--if-exists', 'succeed if a role does not exist')
    .addHelpText('after', '\nExamples:\n  kapadmin role delete kapacitor\n  kapadmin role delete old1 old2 --yes')
    .action((names: string[], flags: Omit<DeleteOptions, 'names'>) => action({ ...flags, names }));
}

export async function run(
  { yes = false, ifExists = false, ...options }: DeleteOptions,
  factory: Factory,
): Promise<Result<ShownChanges>> {
  const names = [...new Set(options.names)];
  checkCanConfirm('role', names, yes, factory);
  const before = await readSnapshot(await factory.metaClient(), { roles: names }, factory.context.stop);
  const existing = names.filter((name) => before.roles.has(name));
  const changes = names.map((name): Change => ({ on: 'role', name, action: 'delete' }));
  const allowLockout = options.allowLockout === true;
  const request = {
    changes,
    before,
    tolerant: ifExists,
    allowLockout,
    confirm: () => confirmDeletion('role', existing, yes, factory),
  };
  const executed = await executeChanges(request, factory);
  const done = new Set(
    executed.summary.results.filter(({ status }) => status === 'done').map(({ change }) => change.name),
  );
  for (const { users, permissions } of [...before.roles.values()].filter(
    ({ name }) => hasWritten(executed) && done.has(name),
  )) {
    await noteOfMemberCache(users, listScopedPermissions(permissions), factory);
  }
  return changesResult(executed);
}
