import { type Command, Option } from 'commander';
import { type Change, toDo } from '../mutations/change.js';
import { type Found, readFound } from '../mutations/snapshot.js';
import { findLockout, lockoutError, type LockoutOptions, lockoutReason, mayLockOut } from '../mutations/lockout.js';
import type { Deps } from '../cli/factory.js';
import { usageError } from '../errors.js';
import { isManaging, managingRoles } from '../model/roles-in-user-records.js';
import { canAsk } from '../prompt/prompter.js';
import { ownAccount } from './account.js';

export interface LockoutFlags {
  readonly allowLockout?: boolean;
}

const word = 'lockout';

/** Declares `--allow-lockout` of a command that may take CreateUserAndRole from somebody. */
export function addLockoutFlag(command: Command): Command {
  const text = 'allow changes that lock out your own account or the last user with CreateUserAndRole';
  return command.addOption(new Option('--allow-lockout', text));
}

/** All users and roles, where one of the changes takes something from an account that can manage users. */
async function clusterFor(
  risky: readonly Change[],
  before: Found,
  account: string | undefined,
  deps: Deps,
): Promise<Found> {
  const { stop } = deps.context;
  const client = await deps.meta();
  const { roles } = await readFound(client, { roles: 'all' }, stop);
  const managing = managingRoles(roles.values());
  const concerns = ({ on, name }: Change): boolean => {
    if (on === 'role') return managing.some((role) => role.name === name);
    const isMember = managing.some((role) => role.users.includes(name));
    return name === account || isMember || isManaging(before.users.get(name)?.permissions);
  };
  if (!risky.some(concerns)) return { users: before.users, roles };
  const { users } = await readFound(client, { users: 'all' }, stop);
  return { users, roles };
}

/**
 * What the executor's guard goes by. Throws its usage error for changes that would lock somebody out; with
 * `--allow-lockout` a word is to be typed on a terminal.
 * @param isWhole whether `before` holds all users and roles
 */
export async function settleLockout(
  changes: readonly Change[],
  before: Found,
  { allowLockout = false }: LockoutFlags,
  isWhole: boolean,
  deps: Deps,
): Promise<LockoutOptions> {
  const account = await ownAccount(deps);
  const risky = changes.filter(mayLockOut);
  if (risky.length === 0) return { account };
  const cluster = isWhole ? before : await clusterFor(risky, before, account, deps);
  const options = { account, cluster, probed: (await deps.settings()).rolesInUserRecords };
  const safeFirst = [...changes.filter((change) => !mayLockOut(change)), ...risky];
  const lockout = findLockout(safeFirst, before, options);
  if (lockout === undefined) return options;
  if (!allowLockout) throw lockoutError(lockout);
  if (deps.flags.dryRun !== true && canAsk(deps.context)) {
    deps.notes.warn(`${toDo(lockout.change)}: ${lockoutReason(lockout)}`);
    const prompter = await deps.prompter();
    if (!(await prompter.typedName(`Type the word ${word} to do it all the same`, word))) {
      throw usageError('not-confirmed', 'that is not the word: nothing was sent');
    }
  }
  return { ...options, allowed: true };
}
