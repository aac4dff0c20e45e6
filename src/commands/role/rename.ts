import type { PromptSpecs } from '../../cli/command.js';
import type { Command } from 'commander';
import { type Change, type ChangeResult, roleCreation, summaryError } from '../../mutations/change.js';
import { notFoundError, type Role, checkNewName } from '../../model/user.js';
import { readSnapshot, type Snapshot } from '../../mutations/snapshot.js';
import type { StopSignal } from '../../context.js';
import type { Factory } from '../../cli/factory.js';
import { KapadminError, usageError } from '../../errors.js';
import { showName, showNames } from '../../model/text.js';
import { commandLine } from '../../model/shell-command.js';
import type { ShownChanges } from '../../output/views/changes.js';
import type { Result } from '../../output/view.js';
import { changesResult, executeChanges, type ExecutedChanges } from '../execute-changes.js';
import { listScopedPermissions } from '../permission-flags.js';
import { namePrompt, newNamePrompt } from '../prompts.js';

interface RenameOptions {
  readonly old: string;
  readonly new: string;
}

export const prompts: PromptSpecs<RenameOptions> = {
  old: { ...namePrompt('role'), argument: 'old' },
  new: newNamePrompt('role', 'new'),
};

export function define(command: Command, action: (options: RenameOptions) => Promise<void>): void {
  command
    .argument('<old>', 'current name of the role')
    .argument('<new>', 'new name of the role')
    .addHelpText(
      'after',
      '\nNo action of the meta API is known that renames a role: a new role is created with' +
        '\nthe permissions and members of the old one and verified; only then is the old role' +
        '\ndeleted.' +
        '\n\nExamples:\n  kapadmin role rename kapa kapacitor\n  kapadmin role rename kapa kapacitor --dry-run',
    )
    .action((old: string, name: string) => action({ old, new: name }));
}

async function findRole(options: RenameOptions, factory: Factory): Promise<{ role: Role; before: Snapshot }> {
  const client = await factory.metaClient();
  const { roles } = await readSnapshot(client, { roles: [options.old, options.new] }, factory.context.stop);
  const role = roles.get(options.old);
  const errorPrefix = `cannot rename role ${showName(options.old)}`;
  if (role === undefined) throw notFoundError('role', [options.old], errorPrefix);
  if (roles.has(options.new)) {
    const message = `${errorPrefix}: role ${showName(options.new)} already exists`;
    const show = [options.old, options.new].map((name) => String(commandLine('kapadmin role show', [name])));
    const hint = `If an earlier rename was interrupted, compare both and delete the incomplete one: ${show.join('; ')}`;
    throw new KapadminError('exists', 'role-exists', message, { hint });
  }
  const { users } = await readSnapshot(client, { users: role.users }, factory.context.stop);
  return { role, before: { users, roles } };
}

/** The old role stays, because the new one is not as it should be. */
function oldRoleKept(
  created: ExecutedChanges,
  deletion: Change,
  because: string,
  stopped?: StopSignal,
): Result<ShownChanges> {
  const results: ChangeResult[] = [...created.summary.results, { change: deletion, status: 'not-started', because }];
  const summary = { ...created.summary, results, ...(stopped === undefined ? {} : { stopped }) };
  return changesResult({ ...created, summary });
}

export async function run(options: RenameOptions, factory: Factory): Promise<Result<ShownChanges>> {
  if (options.old === options.new) throw usageError('same-name', 'the new name is the same as the old one');
  checkNewName('role', options.new);
  const { role, before } = await findRole(options, factory);
  const missingUsers = role.users.filter((name) => !before.users.has(name));
  if (missingUsers.length > 0) {
    factory.logger.warn(`members that no longer exist as users were left out: ${showNames(missingUsers)}`);
  }
  const members = role.users.filter((name) => before.users.has(name));
  const creation = roleCreation(options.new, listScopedPermissions(role.permissions), members);
  const deletion: Change = { on: 'role', name: options.old, action: 'delete' };
  if (factory.flags.dryRun === true)
    return changesResult(await executeChanges({ changes: [...creation, deletion], before }, factory));
  const created = await executeChanges({ changes: creation, before, requireVisible: true }, factory);
  if (summaryError(created.summary) !== undefined) return oldRoleKept(created, deletion, 'the new role is incomplete');
  if (factory.context.stop.aborted)
    return oldRoleKept(created, deletion, 'stopped', factory.context.stop.reason as StopSignal);
  let deleted: ExecutedChanges;
  try {
    deleted = await executeChanges({ changes: [deletion], before }, factory);
  } catch (error) {
    if (error instanceof KapadminError && error.code === 'would-lock-out')
      return oldRoleKept(created, deletion, error.message);
    throw error;
  }
  const results = [...created.summary.results, ...deleted.summary.results];
  return changesResult({ ...deleted, summary: { ...deleted.summary, results } });
}
