import type { PromptSpecs } from '../../cli/command.js';
import type { Command } from 'commander';
import { type Change, type ChangeResult, roleCreation, summaryError } from '../../mutations/change.js';
import { notFoundError } from '../../mutations/dependency-guard.js';
import { readSnapshot, type Snapshot } from '../../mutations/snapshot.js';
import type { StopSignal } from '../../context.js';
import type { Factory } from '../../cli/factory.js';
import { KapadminError, usageError } from '../../errors.js';
import { checkNewName, showName, showNames } from '../../model/text.js';
import { commandLine } from '../../model/shell-command.js';
import type { Role } from '../../model/user.js';
import type { ShownChanges } from '../../output/views/changes.js';
import type { Result } from '../../output/view.js';
import { type CarriedOut, carryOut, resultOf } from '../execute-changes.js';
import { asScoped } from '../permission-flags.js';
import { nameOf, newNameOf } from '../prompts.js';

interface RenameOptions {
  readonly old: string;
  readonly new: string;
}

export const prompts: PromptSpecs<RenameOptions> = {
  old: { ...nameOf('role'), argument: 'old' },
  new: newNameOf('role', 'new'),
};

export function define(command: Command, action: (options: RenameOptions) => Promise<void>): void {
  command
    .argument('<old>', 'current name of the role')
    .argument('<new>', 'new name of the role')
    .addHelpText(
      'after',
      '\nThe meta API cannot rename roles: a new role is created with the permissions and' +
        '\nmembers of the old one and verified; only then is the old role deleted.' +
        '\n\nExamples:\n  kapadmin role rename kapa kapacitor\n  kapadmin role rename kapa kapacitor --dry-run',
    )
    .action((old: string, name: string) => action({ old, new: name }));
}

async function find(options: RenameOptions, factory: Factory): Promise<{ role: Role; before: Snapshot }> {
  const client = await factory.metaClient();
  const { roles } = await readSnapshot(client, { roles: [options.old, options.new] }, factory.context.stop);
  const role = roles.get(options.old);
  const cannot = `cannot rename role ${showName(options.old)}`;
  if (role === undefined) throw notFoundError('role', [options.old], cannot);
  if (roles.has(options.new)) {
    const message = `${cannot}: role ${showName(options.new)} already exists`;
    const show = [options.old, options.new].map((name) => String(commandLine('kapadmin role show', [name])));
    const hint = `If an earlier rename was interrupted, compare both and delete the incomplete one: ${show.join('; ')}`;
    throw new KapadminError('exists', 'role-exists', message, { hint });
  }
  const { users } = await readSnapshot(client, { users: role.users }, factory.context.stop);
  return { role, before: { users, roles } };
}

/** The old role stays, because the new one is not as it should be. */
function kept(made: CarriedOut, deletion: Change, because: string, stopped?: StopSignal): Result<ShownChanges> {
  const results: ChangeResult[] = [...made.account.results, { change: deletion, status: 'not-started', because }];
  const account = { ...made.account, results, ...(stopped === undefined ? {} : { stopped }) };
  return resultOf({ ...made, account });
}

export async function run(options: RenameOptions, factory: Factory): Promise<Result<ShownChanges>> {
  if (options.old === options.new) throw usageError('same-name', 'the new name is the same as the old one');
  checkNewName('role', options.new);
  const { role, before } = await find(options, factory);
  const strangers = role.users.filter((name) => !before.users.has(name));
  if (strangers.length > 0) {
    factory.logger.warn(`members that no longer exist as users were left out: ${showNames(strangers)}`);
  }
  const members = role.users.filter((name) => before.users.has(name));
  const making = roleCreation(options.new, asScoped(role.permissions), members);
  const deletion: Change = { on: 'role', name: options.old, action: 'delete' };
  if (factory.flags.dryRun === true)
    return resultOf(await carryOut({ changes: [...making, deletion], before }, factory));
  const made = await carryOut({ changes: making, before, mustSee: true }, factory);
  if (summaryError(made.account) !== undefined) return kept(made, deletion, 'the new role is incomplete');
  if (factory.context.stop.aborted) return kept(made, deletion, 'stopped', factory.context.stop.reason as StopSignal);
  let deleted: CarriedOut;
  try {
    deleted = await carryOut({ changes: [deletion], before }, factory);
  } catch (error) {
    if (error instanceof KapadminError && error.code === 'would-lock-out') return kept(made, deletion, error.message);
    throw error;
  }
  const results = [...made.account.results, ...deleted.account.results];
  return resultOf({ ...deleted, account: { ...deleted.account, results } });
}
