import {
  awaitVisible,
  type ChangeClient,
  type ConnectionLogin,
  type SecretSource,
} from '../mutations/send-and-verify.js';
import type { Factory } from '../cli/factory.js';
import { showDuration, showName } from '../model/text.js';
import { type Command, Option } from 'commander';
import {
  type Change,
  type ChangeResult,
  countedError,
  describeDone,
  describePlanned,
  describeUnchanged,
  type ExecutionSummary,
  summaryError,
} from '../mutations/change.js';
import { createSnapshot, type Snapshot, splitNeeded } from '../mutations/snapshot.js';
import {
  findLockout,
  lockoutError,
  type LockoutOptions,
  lockoutReason,
  mayLockOut,
  readClusterForLockout,
} from '../mutations/lockout.js';
import { KapadminError, usageError } from '../errors.js';
import { execute } from '../mutations/execute.js';
import { retryPolicy } from '../meta/retry.js';
import { Secret } from '../model/secret.js';
import type { Result } from '../output/view.js';
import {
  changesView,
  type GeneratedPassword,
  passwordsView,
  type ShownChange,
  type ShownChanges,
} from '../output/views/changes.js';
import { commandLine } from '../model/shell-command.js';

/** The account that sends the requests, where it is a user of the cluster. */
export async function ownAccount(factory: Factory): Promise<string | undefined> {
  const { credentials } = await factory.settings();
  return credentials.kind === 'none' || credentials.username === '' ? undefined : credentials.username;
}

/** The login of this connection: what is done to it comes last. */
export async function connectionLogin(factory: Factory): Promise<ConnectionLogin | undefined> {
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
export async function warnAboutOldPassword(name: string, factory: Factory): Promise<void> {
  const { passwordSource } = await factory.settings();
  const where = passwordSource === undefined ? '' : `; update ${passwordSource}, which has the old one`;
  factory.logger.warn(`${showName(name)} is the account of this connection: use its new password from now on${where}`);
}

export interface LockoutFlags {
  readonly allowLockout?: boolean;
}

const confirmationWord = 'lockout';

/** Declares `--allow-lockout` of a command that may take CreateUserAndRole from somebody. */
export function addLockoutFlag(command: Command): Command {
  const text = 'allow locking out your own account or the last user with CreateUserAndRole';
  return command.addOption(new Option('--allow-lockout', text));
}

/**
 * The options of the executor's lockout guard. Throws its usage error for changes that would lock somebody out; with
 * `--allow-lockout` a word is to be typed on a terminal.
 * @param isWhole whether `before` holds all users and roles
 */
export async function checkLockout(
  changes: readonly Change[],
  before: Snapshot,
  { allowLockout = false }: LockoutFlags,
  isWhole: boolean,
  factory: Factory,
): Promise<LockoutOptions> {
  const account = await ownAccount(factory);
  const risky = changes.filter(mayLockOut);
  if (risky.length === 0) return { account };
  const cluster = isWhole
    ? before
    : await readClusterForLockout(risky, before, account, await factory.metaClient(), factory.context.stop);
  const options = { account, cluster, probed: (await factory.settings()).rolesInUserRecords };
  const safeFirst = [...changes.filter((change) => !mayLockOut(change)), ...risky];
  const lockout = findLockout(safeFirst, before, options);
  if (lockout === undefined) return options;
  if (!allowLockout) throw lockoutError(lockout);
  if (factory.flags.dryRun !== true && factory.context.io.isInteractive) {
    factory.logger.warn(`${describePlanned(lockout.change)}: ${lockoutReason(lockout)}`);
    const prompter = await factory.prompter();
    if (!(await prompter.confirmByTyping(`Type "${confirmationWord}" to do it anyway`, confirmationWord))) {
      throw usageError('not-confirmed', 'not confirmed: no changes were made');
    }
  }
  return { ...options, allowed: true };
}

interface ChangeRequest {
  readonly changes: readonly Change[];
  /** What was read of all users and roles that the changes name. */
  readonly before: Snapshot;
  /** Passwords of the users that get one, by name. */
  readonly passwords?: ReadonlyMap<string, Secret>;
  /** Creating what exists and deleting what does not is no failure. */
  readonly tolerant?: boolean;
  /** Used instead of the client of the connection. */
  readonly client?: ChangeClient;
  /** Read the changes even where no wait is configured. */
  readonly requireVisible?: boolean;
  /** `--allow-lockout`. */
  readonly allowLockout?: boolean;
  /** Confirms before the first write; throws where that is declined. */
  readonly confirm?: () => Promise<void>;
}

export interface ExecutedChanges {
  readonly summary: ExecutionSummary;
  /** Nothing was sent: what is `done` in the summary would be done. */
  readonly dryRun: boolean;
  /** The last read after the last write. */
  readonly after: Snapshot;
}

/** Writes of one command at the same time. */
const concurrency = 8;

/** Replaces the client in a dry run. */
const dryRunClient: ChangeClient = {
  users: async () => [],
  roles: async () => [],
  writeUser: async () => {},
  writeRole: async () => {},
};

/** The password of the user that a change names. */
function passwordSource({ passwords }: ChangeRequest): SecretSource {
  return async (_, { name }) => passwords?.get(name) ?? new Secret('');
}

/** An accepted change that a read does not show. */
function notVisibleResult(change: Change, why: string, hint?: string): ChangeResult {
  const message = `${describePlanned(change)}: ${why}`;
  return { change, status: 'unknown', error: new KapadminError('partial', 'not-visible', message, { hint }) };
}

/** Waits until a read shows the changes; what no read shows has an unknown status. */
async function verifyVisible(
  results: readonly ChangeResult[],
  request: ChangeRequest,
  factory: Factory,
  login: ConnectionLogin | undefined,
) {
  const { limits } = await factory.networkSettings();
  const { clock, stop } = factory.context;
  const done = results.filter(({ status }) => status === 'done').map(({ change }) => change);
  const password = login === undefined ? undefined : request.passwords?.get(login.name);
  const isOwn = done.some(({ name, action }) => action === 'change-password' && name === login?.name);
  const client = isOwn && password !== undefined ? await login?.reconnect(password) : undefined;
  const { before } = request;
  const { hidden, hiddenByRole, now, error } = await awaitVisible(
    limits.wait > 0 || request.requireVisible === true ? done : [],
    {
      client: client ?? request.client ?? (await factory.metaClient()),
      before,
      secret: passwordSource(request),
      wait: limits.wait,
      clock,
      stop,
    },
  );
  if (stop.aborted) return { results, now };
  if (error?.kind === 'refused' && done.some(({ on, name }) => on === 'user' && name === login?.name)) {
    factory.logger.info('This account can no longer read users; the change was not verified.');
    return { results, now };
  }
  if (error !== undefined) {
    factory.logger.warn(`done, but reading the result back failed: ${error.message}`);
    if (request.requireVisible !== true) return { results, now };
  }
  const notVisibleReason = `accepted, but not visible after ${showDuration(limits.wait * 1e6)}`;
  const unverified = new Map([
    ...hidden.map((change) => [change, notVisibleResult(change, notVisibleReason)] as const),
    ...hiddenByRole.map((change) => {
      const why = 'accepted, but the user record still includes it, perhaps because a role grants it too';
      const show = commandLine('kapadmin user show', [change.name]);
      return [change, notVisibleResult(change, why, `To see which role grants it: ${String(show)}`)] as const;
    }),
  ]);
  return { results: results.map((entry) => unverified.get(entry.change) ?? entry), now };
}

async function executeAndVerify(request: ChangeRequest, factory: Factory): Promise<ExecutedChanges> {
  const { before, tolerant = false } = request;
  const { clock, stop } = factory.context;
  const dryRun = factory.flags.dryRun === true;
  const { needed, unchanged } = splitNeeded(request.changes, before);
  const lockout = await checkLockout(needed, before, { allowLockout: request.allowLockout === true }, false, factory);
  await request.confirm?.();
  const login = dryRun ? undefined : await connectionLogin(factory);
  const { results, ...rest } = await execute(needed, {
    client: dryRun ? dryRunClient : (request.client ?? (await factory.metaClient())),
    before,
    secret: passwordSource(request),
    concurrency,
    clock,
    stop,
    tolerant,
    login,
    lockout,
    maxRepeats: await maxRepeats(factory),
  });
  const verified = dryRun
    ? { results, now: createSnapshot([], []) }
    : await verifyVisible(results, request, factory, login);
  const summary: ExecutionSummary = {
    ...rest,
    results: [...verified.results, ...unchanged.map((change): ChangeResult => ({ change, status: 'unchanged' }))],
  };
  for (const { change, status } of summary.results)
    if (status === 'unchanged') factory.logger.info(describeUnchanged(change));
  if (dryRun) factory.logger.info('Dry run: no changes were made.');
  return { after: verified.now, summary, dryRun };
}

/**
 * Executes the changes of a command, or in a dry run finds out what would change; then waits until a read shows them.
 * Reports what is unchanged. Throws a usage error, before anything is sent, for what would lock somebody out.
 */
export function executeChanges(request: ChangeRequest, factory: Factory): Promise<ExecutedChanges> {
  return factory.status.withSpinner('applying changes', () => executeAndVerify(request, factory));
}

/** Whether anything happened, or may have; in a dry run: would happen. */
export function hasEffect({ summary }: ExecutedChanges): boolean {
  return summary.results.some(({ status }) => status !== 'failed' && status !== 'not-started');
}

/** Whether something was written, or may have been. */
export function hasWritten({ summary, dryRun }: ExecutedChanges): boolean {
  return !dryRun && summary.results.some(({ status }) => status === 'done' || status === 'unknown');
}

/** Errors that one error message names; the others are counted. */
const maxNamed = 3;

/** The failure of a summary, and its changes as they are shown beside it: each error is reported once. */
export function reportErrorsOnce(summary: ExecutionSummary): {
  readonly changes: readonly ShownChange[];
  readonly failure: KapadminError | undefined;
} {
  const failure = summaryError(summary);
  const isNamed = summary.results.filter((entry) => 'error' in entry).length <= maxNamed;
  const changes = summary.results.map((entry): ShownChange => {
    return 'error' in entry && isNamed ? { ...entry, isReported: true } : entry;
  });
  return { changes, failure: failure === undefined || isNamed ? failure : countedError(summary, failure) };
}

/** The result of a command that writes. Throws the failure where nothing happened. */
export function changesResult(executed: ExecutedChanges): Result<ShownChanges> {
  const { summary, dryRun } = executed;
  const error = summaryError(summary);
  if (error !== undefined && !hasEffect(executed)) throw error;
  const { changes, failure } = reportErrorsOnce(summary);
  const shown = changes.map((entry): ShownChange => {
    return dryRun && entry.status === 'done' ? { ...entry, status: 'planned' } : entry;
  });
  return { data: { dryRun, changes: shown }, view: changesView, ...(failure === undefined ? {} : { failure }) };
}

/**
 * The result of a command with `--generate`: the passwords of those that got them, or may have got them; what was done is
 * reported in notes. Throws the failure where nothing happened.
 */
export function generatedPasswordsResult(
  names: readonly string[],
  passwords: ReadonlyMap<string, Secret>,
  executed: ExecutedChanges,
  factory: Factory,
): Result<readonly GeneratedPassword[]> {
  const { results } = executed.summary;
  const failure = summaryError(executed.summary);
  if (failure !== undefined && !hasEffect(executed)) throw failure;
  for (const { change, status } of results) if (status === 'done') factory.logger.info(describeDone(change));
  const isActive = (name: string): boolean =>
    results.some(
      ({ change, status }) =>
        'password' in change && change.name === name && (status === 'done' || status === 'unknown'),
    );
  const data = names.map((name) => ({ name, password: (isActive(name) ? passwords.get(name) : undefined) ?? null }));
  const [only] = names;
  const passwdCommand = commandLine('kapadmin user passwd', only !== undefined && names.length === 1 ? [only] : []);
  const hintIfLost = `The generated ${names.length === 1 ? 'password is' : 'passwords are'} lost. Set a new one: ${passwdCommand}`;
  return { data, view: passwordsView, hintIfLost, ...(failure === undefined ? {} : { failure }) };
}
