import {
  type Change,
  type ChangeResult,
  describeDone,
  describePlanned,
  type ExecutionSummary,
} from '../../mutations/change.js';
import { checkLockout, connectionLogin, maxRepeats, reportErrorsOnce } from '../execute-changes.js';
import { execute } from '../../mutations/execute.js';
import type { Factory } from '../../cli/factory.js';
import { KapadminError, usageError } from '../../errors.js';
import type { Secret } from '../../model/secret.js';
import { type ProgressReporter, showProgress } from '../../output/progress.js';
import { accessChanges } from '../../access-matrix/access-changes.js';
import { accessLines } from '../../output/views/access.js';
import { detectRolesInUserRecords } from '../kapacitor-notes.js';
import { type ApplyResult, applyView } from '../../output/views/plan-and-apply.js';
import type { Result } from '../../output/view.js';
import { resolvePath } from '../../settings/files-and-stdin.js';
import type { CurrentState } from '../../desired-state/desired-state.js';
import { openPasswordsFile, type PasswordsFile } from '../passwords-file.js';
import { readSecrets, usesGeneratedPassword } from './secrets.js';
import { listSome, pluralize, showDuration, showFile, showNames, someLines } from '../../model/text.js';
import { commandLine } from '../../model/shell-command.js';
import { rollbackState } from '../../desired-state/rollback.js';
import { stateYaml } from '../../desired-state/export.js';
import { isApplied, readSnapshot, type SnapshotReader } from '../../mutations/snapshot.js';
import type { ConnectionLogin, SecretSource } from '../../mutations/send-and-verify.js';

export interface ApplyFlags {
  readonly passwordsOut?: string;
  readonly undo?: string;
  readonly yes?: boolean;
  readonly concurrency: number;
  readonly failFast?: boolean;
  readonly allowLockout?: boolean;
  readonly force?: boolean;
}

/** The changes to apply. */
export interface ChangesToApply {
  readonly changes: readonly Change[];
  readonly cluster: CurrentState;
  /** Hashes from state files, by user. */
  readonly hashes: ReadonlyMap<string, Secret>;
}

function createProgress(factory: Factory): ProgressReporter {
  const { clock } = factory.context;
  return showProgress('changes', {
    spinner: factory.status.acquire(),
    now: () => clock.now(),
    line: (text) => factory.logger.progress(text),
  });
}

/** Adds a hint to the error of a server that does not accept a hash; an error that has one says what it is about. */
function withHashHint(result: ChangeResult): ChangeResult {
  const { change } = result;
  const hasHash = change.on === 'user' && change.action === 'create' && change.hash !== undefined;
  if (!hasHash || result.status !== 'failed') return result;
  const { kind, message, hint: known } = result.error;
  if (kind !== 'server' || known !== undefined) return result;
  const hint = 'This server may not accept a password hash: set a password for these users instead.';
  return { ...result, error: new KapadminError(kind, 'hash-refused', message, { hint, cause: result.error }) };
}

/** Applies changes, reports progress, and verifies the result with one read at the end. */
export async function applyChanges(
  toApply: ChangesToApply,
  flags: ApplyFlags,
  factory: Factory,
): Promise<Result<ApplyResult>> {
  const { changes, cluster, hashes } = toApply;
  const { context } = factory;
  const undo = flags.undo === undefined || changes.length === 0 ? undefined : resolvePath(flags.undo, context);
  const passwordsOut = flags.passwordsOut === undefined ? undefined : resolvePath(flags.passwordsOut, context);
  const generatesPasswords = changes.some(usesGeneratedPassword);
  if (generatesPasswords && passwordsOut === undefined) {
    const message = '--passwords-out FILE is required: passwords will be generated';
    throw usageError('no-passwords-file', message, 'No changes were made.');
  }
  let passwords: PasswordsFile | undefined;
  const secret = await readSecrets(
    changes,
    { hashes, passwords: () => passwords, force: flags.force === true },
    factory,
  );
  if (undo !== undefined) await checkRollbackFile(undo, factory);
  await showAccess(toApply, flags, factory);
  const lockout = await checkLockout(changes, cluster, flags, true, factory);
  const login = await connectionLogin(factory);
  await confirmRemovals(changes, flags.yes === true, login?.name, factory);
  const progress = createProgress(factory);
  try {
    if (generatesPasswords && passwordsOut !== undefined) passwords = await openPasswordsFile(passwordsOut, context);
    if (undo !== undefined) await writeRollbackFile(undo, changes, cluster, factory);
    const summary = await execute(changes, {
      client: await factory.metaClient(),
      before: cluster,
      secret,
      login,
      lockout,
      clock: context.clock,
      stop: context.stop,
      maxRepeats: await maxRepeats(factory),
      concurrency: flags.concurrency,
      failFast: flags.failFast === true,
      onProgress: ({ total, ended, failed, unknown }) => progress.update({ total, ended, failed: failed + unknown }),
    });
    progress.stop();
    const done = summary.results.filter(({ status }) => status === 'done').map(({ change }) => change);
    const verificationError = await verifyChanges({ changes: done, before: cluster, secret, login }, factory);
    return applyResult(summary, verificationError, {
      undo: undo ?? null,
      passwordsOut: summary.results.some(mayUsePassword) ? (passwordsOut ?? null) : null,
    });
  } finally {
    progress.stop();
    await passwords?.close();
  }
}

/** Whether a generated password is, or may be, in effect. */
function mayUsePassword({ change, status }: ChangeResult): boolean {
  return usesGeneratedPassword(change) && (status === 'done' || status === 'unknown' || status === 'unchanged');
}

function applyResult(
  summary: ExecutionSummary,
  verificationError: KapadminError | undefined,
  files: Pick<ApplyResult, 'undo' | 'passwordsOut'>,
): Result<ApplyResult> {
  const withHints: ExecutionSummary = { ...summary, results: summary.results.map(withHashHint) };
  const { changes, failure = verificationError } = reportErrorsOnce(withHints);
  const data: ApplyResult = { changes, ...files };
  return { data, view: applyView, ...(failure === undefined ? {} : { failure }) };
}

/** Says who gains and who loses what where a question follows. */
async function showAccess({ changes, cluster }: ChangesToApply, flags: ApplyFlags, factory: Factory): Promise<void> {
  const asks = (flags.yes !== true && changes.some(isRemoval)) || flags.allowLockout === true;
  if (!asks || !factory.context.io.isInteractive) return;
  const access = accessChanges(cluster, changes, await detectRolesInUserRecords(cluster, factory));
  for (const line of accessLines(access)) factory.logger.show(line);
}

const maxListed = 200;
const confirmationWord = 'remove';

function isRemoval({ action }: Change): boolean {
  return action === 'delete' || action === 'remove-permissions' || action === 'remove-users';
}

/**
 * Lists the removals and asks for a typed confirmation. Throws a usage error without a terminal and `--yes`, or if
 * another word is typed; nothing was sent then.
 */
async function confirmRemovals(
  changes: readonly Change[],
  yes: boolean,
  ownName: string | undefined,
  factory: Factory,
): Promise<void> {
  const isOwnPasswordChange = ({ action, name }: Change): boolean => action === 'change-password' && name === ownName;
  const removals = changes.filter((change) => isRemoval(change) || isOwnPasswordChange(change));
  if (removals.length === 0 || yes) return;
  const count = pluralize(removals.length, 'removal');
  if (!factory.context.io.isInteractive) {
    throw usageError(
      'not-confirmed',
      `${count} ${removals.length === 1 ? 'requires' : 'require'} --yes without a terminal`,
      'No changes were made.',
    );
  }
  const lines = removals.map((change) => `- ${describePlanned(change)}`);
  for (const line of someLines(lines, maxListed)) factory.logger.show(`  ${line}`);
  const prompter = await factory.prompter();
  if (await prompter.confirmByTyping(`Type "${confirmationWord}" to confirm ${count}`, confirmationWord)) return;
  throw usageError('not-confirmed', 'not confirmed: no changes were made');
}

/** Throws a usage error if the file exists: it may hold the state before an earlier run. */
async function checkRollbackFile(file: string, factory: Factory): Promise<void> {
  if ((await factory.context.files.readOptional(file)) === undefined) return;
  const message = `--undo: ${showFile(file)} already exists and may contain the state before an earlier run`;
  throw usageError('undo-exists', message, 'Use another file name, or move this file. No changes were made.');
}

/** Writes the current state of everything that the changes touch, as a state file. */
async function writeRollbackFile(
  file: string,
  changes: readonly Change[],
  cluster: CurrentState,
  factory: Factory,
): Promise<void> {
  const probed = (await factory.settings()).rolesInUserRecords;
  await factory.context.files.writeFileAtomic(file, stateYaml(rollbackState(changes, cluster, probed)), 0o600);
  const passwords = changes.filter(({ action }) => action === 'change-password').length;
  if (passwords > 0)
    factory.logger.warn(`${showFile(file)} cannot restore ${pluralize(passwords, 'changed password')}`);
}

export interface AppliedChanges {
  readonly changes: readonly Change[];
  readonly before: CurrentState;
  readonly secret: SecretSource;
  readonly login: ConnectionLogin | undefined;
}

const maxNamed = 3;

function describeFirst(changes: readonly Change[]): string {
  return listSome(changes.map(describeDone), maxNamed, '; ');
}

/** What a read shows of the changes: `hidden` are not visible, `hiddenByRole` may be hidden by a role's permissions. */
interface VerificationRead {
  readonly now: CurrentState;
  readonly hidden: readonly Change[];
  readonly hiddenByRole: readonly Change[];
}

/** A client that can still log in. */
async function verificationReader(
  { changes, secret, login }: AppliedChanges,
  factory: Factory,
): Promise<SnapshotReader> {
  const own = changes.find((change) => change.action === 'change-password' && change.name === login?.name);
  if (own?.action !== 'change-password' || login === undefined) return factory.metaClient();
  return login.reconnect(await secret(own.password, own));
}

/** Users that the server created without the given hash. */
async function usersWithOtherHash({ changes, secret }: AppliedChanges, now: CurrentState): Promise<readonly string[]> {
  const other: string[] = [];
  for (const change of changes) {
    if (change.action !== 'create' || change.on !== 'user' || change.hash === undefined) continue;
    const user = now.users.get(change.name);
    const desired = await secret(change.hash, change);
    if (user !== undefined && user.hash?.reveal() !== desired.reveal()) other.push(change.name);
  }
  return other;
}

/**
 * Reads all users and roles once more, and a second time if a change is not visible yet: warns of what stays
 * invisible. Returns the error of users that the server created without the given hash.
 */
async function verifyChanges(done: AppliedChanges, factory: Factory): Promise<KapadminError | undefined> {
  const { context, logger } = factory;
  const { limits } = await factory.networkSettings();
  if (done.changes.length === 0 || context.stop.aborted) return undefined;
  try {
    const reader = await verificationReader(done, factory);
    const read = async (): Promise<VerificationRead> => {
      const now = await readSnapshot(reader, { users: 'all', roles: 'all' }, context.stop);
      const checked = done.changes.map((change) => ({ change, seen: isApplied(change, now, done.before) }));
      const of = (desired: boolean | undefined): readonly Change[] =>
        checked.filter(({ seen }) => seen === desired).map(({ change }) => change);
      return { now, hidden: of(false), hiddenByRole: of(undefined) };
    };
    let { now, hidden, hiddenByRole } = await read();
    if (hidden.length > 0 && limits.wait > 0) {
      await context.clock.sleep(limits.wait, context.stop);
      ({ now, hidden, hiddenByRole } = await read());
    }
    if (hiddenByRole.length > 0) {
      logger.warn(
        `done, but user records still include what was revoked, perhaps because a role grants it too: ${describeFirst(hiddenByRole)}`,
      );
    }
    if (hidden.length > 0) {
      const message = `accepted, but not visible after ${showDuration(limits.wait * 1e6)}: ${describeFirst(hidden)}`;
      return new KapadminError('partial', 'not-visible', message, {
        hint: 'To see what is missing, run kapadmin plan with the same files.',
      });
    }
    const other = await usersWithOtherHash(done, now);
    if (other.length === 0) return undefined;
    const message = `the server did not store the given password hash of ${showNames(other, maxNamed)}: no login is possible`;
    const commands = other.map((name) => String(commandLine('kapadmin user passwd', [name])));
    return new KapadminError('partial', 'hash-not-taken', message, {
      hint: `Set a password: ${listSome(commands, maxNamed, '; ')}`,
    });
  } catch (error) {
    if (!(error instanceof KapadminError)) throw error;
    if (!context.stop.aborted) logger.warn(`done, but reading the result back failed: ${error.message}`);
    return undefined;
  }
}
