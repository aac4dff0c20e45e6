import {
  awaitVisible,
  type ChangeClient,
  type ConnectionLogin,
  type SecretSource,
} from '../mutations/change-transport.js';
import type { Factory } from '../cli/factory.js';
import { showDuration, showName } from '../model/text.js';
import { type Command, Option } from 'commander';
import {
  type Change,
  type ChangeResult,
  countedError,
  describePlanned,
  describeUnchanged,
  type ExecutionSummary,
  summaryError,
} from '../mutations/change.js';
import { readSnapshot, type Snapshot, snapshotOf, splitNeeded } from '../mutations/snapshot.js';
import { findLockout, lockoutError, type LockoutOptions, lockoutReason, mayLockOut } from '../mutations/lockout.js';
import { KapadminError, usageError } from '../errors.js';
import { isManaging, managingRoles } from '../model/roles-in-user-records.js';
import { canAsk } from '../prompt/prompter.js';
import { execute } from '../mutations/execute.js';
import { retryPolicy } from '../meta/retry.js';
import { Secret } from '../model/secret.js';
import type { Result } from '../output/view.js';
import { type ShownChange, type ShownChanges, changesView } from '../output/views/changes.js';

/** The account that sends the requests, where it is a user of the cluster. */
export async function ownAccount(factory: Factory): Promise<string | undefined> {
  const { credentials } = await factory.settings();
  return credentials.kind === 'none' || credentials.username === '' ? undefined : credentials.username;
}

/** The login of this connection: what is done to it comes last. */
export async function loginOf(factory: Factory): Promise<ConnectionLogin | undefined> {
  const { credentials } = await factory.settings();
  if (credentials.kind !== 'basic') return undefined;
  const { username } = credentials;
  return { name: username, reconnect: (password) => factory.metaClientWith({ kind: 'basic', username, password }) };
}

/** How often a write of unknown delivery status is sent again: fewer `--retries` than the default limit writes, too. */
export async function maxRepeats(factory: Factory): Promise<number | undefined> {
  const { retries } = (await factory.networkSettings()).limits;
  return retries < retryPolicy.retries ? retries : undefined;
}

/** Warns that the account of the connection has a new password, and where the old one still stands. */
export async function warnOfOldPassword(name: string, factory: Factory): Promise<void> {
  const { passwordSource } = await factory.settings();
  const where = passwordSource === undefined ? '' : `; update ${passwordSource}, which has the old one`;
  factory.logger.warn(`${showName(name)} is the account of this connection: use its new password from now on${where}`);
}

export interface LockoutFlags {
  readonly allowLockout?: boolean;
}

const word = 'lockout';

/** Declares `--allow-lockout` of a command that may take CreateUserAndRole from somebody. */
export function addLockoutFlag(command: Command): Command {
  const text = 'allow locking out your own account or the last user with CreateUserAndRole';
  return command.addOption(new Option('--allow-lockout', text));
}

/** All users and roles, where one of the changes takes something from an account that can manage users. */
async function clusterFor(
  risky: readonly Change[],
  before: Snapshot,
  account: string | undefined,
  factory: Factory,
): Promise<Snapshot> {
  const { stop } = factory.context;
  const client = await factory.metaClient();
  const { roles } = await readSnapshot(client, { roles: 'all' }, stop);
  const managing = managingRoles(roles.values());
  const concerns = ({ on, name }: Change): boolean => {
    if (on === 'role') return managing.some((role) => role.name === name);
    const isMember = managing.some((role) => role.users.includes(name));
    return name === account || isMember || isManaging(before.users.get(name)?.permissions);
  };
  if (!risky.some(concerns)) return { users: before.users, roles };
  const { users } = await readSnapshot(client, { users: 'all' }, stop);
  return { users, roles };
}

/**
 * What the executor's guard goes by. Throws its usage error for changes that would lock somebody out; with
 * `--allow-lockout` a word is to be typed on a terminal.
 * @param isWhole whether `before` holds all users and roles
 */
export async function settleLockout(
  changes: readonly Change[],
  before: Snapshot,
  { allowLockout = false }: LockoutFlags,
  isWhole: boolean,
  factory: Factory,
): Promise<LockoutOptions> {
  const account = await ownAccount(factory);
  const risky = changes.filter(mayLockOut);
  if (risky.length === 0) return { account };
  const cluster = isWhole ? before : await clusterFor(risky, before, account, factory);
  const options = { account, cluster, probed: (await factory.settings()).rolesInUserRecords };
  const safeFirst = [...changes.filter((change) => !mayLockOut(change)), ...risky];
  const lockout = findLockout(safeFirst, before, options);
  if (lockout === undefined) return options;
  if (!allowLockout) throw lockoutError(lockout);
  if (factory.flags.dryRun !== true && canAsk(factory.context)) {
    factory.logger.warn(`${describePlanned(lockout.change)}: ${lockoutReason(lockout)}`);
    const prompter = await factory.prompter();
    if (!(await prompter.typedName(`Type "${word}" to do it anyway`, word))) {
      throw usageError('not-confirmed', 'not confirmed: no changes were made');
    }
  }
  return { ...options, allowed: true };
}

export interface Work {
  readonly changes: readonly Change[];
  /** What was read of all users and roles that the changes name. */
  readonly before: Snapshot;
  /** Passwords of the users that get one, by name. */
  readonly passwords?: ReadonlyMap<string, Secret>;
  /** To create what is there, and to delete what is not, is no failure. */
  readonly tolerant?: boolean;
  /** In place of the client of the connection. */
  readonly client?: ChangeClient;
  /** Read what was done even where no wait is wanted. */
  readonly mustSee?: boolean;
  /** `--allow-lockout`. */
  readonly allowLockout?: boolean;
  /** Asks before the first write; throws where the answer is no. */
  readonly confirm?: () => Promise<void>;
}

export interface CarriedOut {
  readonly account: ExecutionSummary;
  /** Nothing was sent: what is done in the account would be done. */
  readonly dryRun: boolean;
  /** What the last read after the last write showed. */
  readonly now: Snapshot;
}

/** Writes of one command at the same time. */
const concurrency = 8;

/** Stands for the client in a dry run. */
const idle: ChangeClient = {
  users: async () => [],
  roles: async () => [],
  writeUser: async () => {},
  writeRole: async () => {},
};

/** The password of the user that a change names. */
function secretsOf({ passwords }: Work): SecretSource {
  return async (_, { name }) => passwords?.get(name) ?? new Secret('');
}

/** An accepted change that a read does not show. */
function notVisible(change: Change, why: string): ChangeResult {
  const message = `${describePlanned(change)}: ${why}`;
  return { change, status: 'unknown', error: new KapadminError('partial', 'not-visible', message) };
}

/** Waits until a read shows what was done; what none has shown is of unknown fate. */
async function see(results: readonly ChangeResult[], work: Work, factory: Factory, login: ConnectionLogin | undefined) {
  const { limits } = await factory.networkSettings();
  const { clock, stop } = factory.context;
  const done = results.filter(({ status }) => status === 'done').map(({ change }) => change);
  const password = login === undefined ? undefined : work.passwords?.get(login.name);
  const isOwn = done.some(({ name, action }) => action === 'change-password' && name === login?.name);
  const client = isOwn && password !== undefined ? await login?.reconnect(password) : undefined;
  const { before } = work;
  const {
    hidden,
    hiddenByRole: masked,
    now,
    error,
  } = await awaitVisible(limits.wait > 0 || work.mustSee === true ? done : [], {
    client: client ?? work.client ?? (await factory.metaClient()),
    before,
    secret: secretsOf(work),
    wait: limits.wait,
    clock,
    stop,
  });
  if (stop.aborted) return { results, now };
  if (error?.kind === 'refused' && done.some(({ on, name }) => on === 'user' && name === login?.name)) {
    factory.logger.info('This account can no longer read users; the change was not verified.');
    return { results, now };
  }
  if (error !== undefined) {
    factory.logger.warn(`done, but reading the result back failed: ${error.message}`);
    if (work.mustSee !== true) return { results, now };
  }
  const after = `accepted, but not visible after ${showDuration(limits.wait * 1e6)}`;
  const wrong = new Map([
    ...hidden.map((change) => [change, notVisible(change, after)] as const),
    ...masked.map((change) => {
      const why = 'accepted, but the user record still includes it, because a role grants it too';
      return [change, notVisible(change, why)] as const;
    }),
  ]);
  return { results: results.map((entry) => wrong.get(entry.change) ?? entry), now };
}

async function carriedOut(work: Work, factory: Factory): Promise<CarriedOut> {
  const { before, tolerant = false } = work;
  const { clock, stop } = factory.context;
  const dryRun = factory.flags.dryRun === true;
  const { needed, unchanged } = splitNeeded(work.changes, before);
  const lockout = await settleLockout(needed, before, { allowLockout: work.allowLockout === true }, false, factory);
  await work.confirm?.();
  const login = dryRun ? undefined : await loginOf(factory);
  const { results, ...end } = await execute(needed, {
    client: dryRun ? idle : (work.client ?? (await factory.metaClient())),
    before,
    secret: secretsOf(work),
    concurrency,
    clock,
    stop,
    tolerant,
    login,
    lockout,
    maxRepeats: await maxRepeats(factory),
  });
  const seen = dryRun ? { results, now: snapshotOf([], []) } : await see(results, work, factory, login);
  const account: ExecutionSummary = {
    ...end,
    results: [...seen.results, ...unchanged.map((change): ChangeResult => ({ change, status: 'unchanged' }))],
  };
  for (const { change, status } of account.results)
    if (status === 'unchanged') factory.logger.info(describeUnchanged(change));
  if (dryRun) factory.logger.info('Dry run: no changes were made.');
  return { now: seen.now, account, dryRun };
}

/**
 * Carries out what a command is to change, or in a dry run finds out what it would; then waits until a read shows it.
 * Notes what is so already. Throws a usage error, before anything is sent, for what would lock somebody out.
 */
export function carryOut(work: Work, factory: Factory): Promise<CarriedOut> {
  return factory.status.withSpinner('applying changes', () => carriedOut(work, factory));
}

/** Whether anything happened, or may have; in a dry run: would happen. */
export function happened({ account }: CarriedOut): boolean {
  return account.results.some(({ status }) => status !== 'failed' && status !== 'not-started');
}

/** Whether something was written, or may have been. */
export function wrote({ account, dryRun }: CarriedOut): boolean {
  return !dryRun && account.results.some(({ status }) => status === 'done' || status === 'unknown');
}

/** Errors that one error message names; of more it tells how many. */
const maxNamed = 3;

/** The failure of an account, and its changes as they are shown beside it: each error is told once. */
export function toldOnce(account: ExecutionSummary): {
  readonly changes: readonly ShownChange[];
  readonly failure: KapadminError | undefined;
} {
  const failure = summaryError(account);
  const isNamed = account.results.filter((entry) => 'error' in entry).length <= maxNamed;
  const changes = account.results.map((entry): ShownChange => {
    return 'error' in entry && isNamed ? { ...entry, isReported: true } : entry;
  });
  return { changes, failure: failure === undefined || isNamed ? failure : countedError(account, failure) };
}

/** The result of a command that writes. Throws the failure where nothing happened. */
export function resultOf(out: CarriedOut): Result<ShownChanges> {
  const { account, dryRun } = out;
  const error = summaryError(account);
  if (error !== undefined && !happened(out)) throw error;
  const { changes, failure } = toldOnce(account);
  const shown = changes.map((entry): ShownChange => {
    return dryRun && entry.status === 'done' ? { ...entry, status: 'planned' } : entry;
  });
  return { data: { dryRun, changes: shown }, view: changesView, ...(failure === undefined ? {} : { failure }) };
}
