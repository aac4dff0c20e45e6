import { type Command, Option } from 'commander';
import type { Change, ChangeResult, ExecutionSummary } from '../../mutations/change.js';
import { notFoundError } from '../../model/user.js';
import { readSnapshot, type Snapshot } from '../../mutations/snapshot.js';
import type { Factory } from '../../cli/factory.js';
import { usageError } from '../../errors.js';
import { collectList, isoTime, showName, showNames } from '../../model/text.js';
import type { Result } from '../../output/view.js';
import { type KapacitorOutlook, type RotationResult, rotationView } from '../../output/views/changes.js';
import { resolvePath } from '../../settings/files-and-stdin.js';
import {
  changesResult,
  executeChanges,
  ownAccount,
  reportErrorsOnce,
  warnAboutOldPassword,
} from '../execute-changes.js';
import {
  addKapacitorFlags,
  type KapacitorConfOptions,
  type KapacitorFlags,
  kapacitorOptions,
} from '../../settings/locate-kapacitor-conf.js';
import { checkPasswordsFile, openPasswordsFile, type PasswordsFile } from '../passwords-file.js';
import { isBcryptHash, type Secret } from '../../model/secret.js';
import type { StopSignal } from '../../context.js';
import { toText } from '../../go-compat/utf8.js';
import { passwordTimeline } from '../../auth-engine/caches.js';
import { readSimulatedKapacitor, type SimulatedKapacitor } from '../../auth-test/simulated-kapacitor.js';

interface RotateOptions extends KapacitorFlags {
  readonly names: readonly string[];
  readonly all?: boolean;
  readonly except?: readonly string[];
  readonly passwordsOut?: string;
  readonly failFast?: boolean;
  readonly yes?: boolean;
}

export function define(command: Command, action: (options: RotateOptions) => Promise<void>): void {
  command
    .argument('[user...]', 'names of the users')
    .option('--all', 'all users')
    .addOption(new Option('--except <user>', 'with --all: skip this user (repeatable)').argParser(collectList))
    .option('--passwords-out <file>', 'file for the new passwords (required)')
    .option('--fail-fast', 'stop at the first failure')
    .option('--yes', 'do not ask before changing several passwords');
  addKapacitorFlags(command);
  command
    .addHelpText(
      'after',
      `
Verifies each new password, then says until when Kapacitor may accept the old
ones. The --passwords-out file gets one line of JSON per password:
{"name","password","at"}. The last line of a name is the current one.

Examples:
  kapadmin user rotate johndoe --passwords-out passwords
  kapadmin user rotate --all --except admin --passwords-out passwords --yes`,
    )
    .action((names: string[], flags: Omit<RotateOptions, 'names'>) => action({ ...flags, names }));
}

/** Throws a usage error for words that do not say clearly who is meant, and where the passwords go. */
function checkOptions({ names, all, except, passwordsOut }: RotateOptions): string {
  if (all === true && names.length > 0) throw usageError('usage', '--all and names cannot be combined');
  if (all !== true && names.length === 0) throw usageError('usage', 'no users given: add names or --all');
  if (all !== true && except !== undefined) throw usageError('usage', '--except requires --all');
  if (passwordsOut !== undefined) return passwordsOut;
  throw usageError('no-passwords-file', '--passwords-out FILE is required', 'No changes were made.');
}

/** Throws a usage error if more than one password is to be changed without confirmation. */
async function confirmRotation(names: readonly string[], own: string | undefined, yes: boolean, factory: Factory) {
  if (own !== undefined && names.includes(own)) {
    factory.logger.warn(`${showName(own)} is the account of this connection; its password is changed last`);
  }
  if (names.length < 2 || yes) return;
  const count = String(names.length);
  if (!factory.context.io.isInteractive) {
    const message = `changing ${count} passwords requires --yes without a terminal`;
    throw usageError('not-confirmed', message, 'No changes were made.');
  }
  const prompter = await factory.prompter();
  if (await prompter.confirmByTyping(`Type "${count}" to change the passwords of ${showNames(names, 5)}`, count))
    return;
  throw usageError('not-confirmed', 'not confirmed: no changes were made');
}

/** Who gets a new password, the account of the connection last. */
function selectUsers(
  { names, all, except = [] }: RotateOptions,
  before: Snapshot,
  own: string | undefined,
): readonly string[] {
  const unknown = except.filter((name) => !before.users.has(name));
  if (unknown.length > 0) {
    throw notFoundError('user', unknown, 'cannot skip users (--except)', [...before.users.keys()]);
  }
  const selected =
    all === true ? [...before.users.keys()].filter((name) => !except.includes(name)).sort() : [...new Set(names)];
  return [...selected.filter((name) => name !== own), ...selected.filter((name) => name === own)];
}

export async function run(options: RotateOptions, factory: Factory): Promise<Result<unknown>> {
  const { context } = factory;
  const passwordsOut = resolvePath(checkOptions(options), context);
  await checkPasswordsFile(passwordsOut, context);
  const target = await readKapacitorTarget(kapacitorOptions(options), factory);
  const own = await ownAccount(factory);
  const selection = options.all === true ? 'all' : options.names;
  const before = await readSnapshot(await factory.metaClient(), { users: selection }, context.stop);
  const targets = selectUsers(options, before, own);
  const changes = targets.map((name): Change => {
    return { on: 'user', name, action: 'change-password', password: { from: 'generate' } };
  });
  if (factory.flags.dryRun === true) return changesResult(await executeChanges({ changes, before }, factory));
  await confirmRotation(
    targets.filter((name) => before.users.has(name)),
    own,
    options.yes === true,
    factory,
  );
  const passwords = await openPasswordsFile(passwordsOut, context);
  try {
    const { summary, verified } = await rotateOneByOne(changes, before, passwords, options.failFast === true, factory);
    const changed = summary.results
      .filter(({ status }) => status === 'done' || status === 'unknown')
      .map(({ change }) => change.name);
    const at = context.clock.now();
    const kapacitor = changed.length === 0 ? null : await predictKapacitor(target, changed, own, at, factory);
    const { changes: shown, failure } = reportErrorsOnce(summary);
    const data: RotationResult = { changes: shown, verified, passwordsOut, kapacitor };
    return { data, view: rotationView, ...(failure === undefined ? {} : { failure }) };
  } finally {
    await passwords.close();
  }
}

interface RotationSummary {
  readonly summary: ExecutionSummary;
  /** Users whose new password a read has shown to be in force. */
  readonly verified: ReadonlySet<string>;
}

interface RotatedUser {
  readonly entry: ChangeResult;
  readonly isVerified: boolean;
}

/** Nothing can succeed now: no connection, or no permission. */
function isFatal(entry: ChangeResult): boolean {
  return 'error' in entry && (entry.error.kind === 'unreachable' || entry.error.kind === 'refused');
}

/** One user: the password on the disk, then the request, then a read. */
async function rotateOne(
  change: Change,
  before: Snapshot,
  passwords: PasswordsFile,
  factory: Factory,
): Promise<RotatedUser> {
  const { name } = change;
  const known = new Map<string, Secret>();
  if (before.users.has(name)) known.set(name, await passwords.create(name));
  const executed = await executeChanges({ changes: [change], before, passwords: known, requireVisible: true }, factory);
  const [entry = { change, status: 'not-started' as const }] = executed.summary.results;
  if (entry.status !== 'done') return { entry, isVerified: false };
  const hash = executed.after.users.get(name)?.hash;
  return { entry, isVerified: hash !== undefined && isBcryptHash(hash) };
}

/** Sets a new password for each user, one after the other. Ends early if nothing can succeed, or when stopped. */
async function rotateOneByOne(
  changes: readonly Change[],
  before: Snapshot,
  passwords: PasswordsFile,
  failFast: boolean,
  factory: Factory,
): Promise<RotationSummary> {
  const { stop } = factory.context;
  const results: ChangeResult[] = [];
  const verified = new Set<string>();
  let isAborted = false;
  for (const change of changes) {
    if (isAborted || stop.aborted) {
      results.push({ change, status: 'not-started' });
      continue;
    }
    const { entry, isVerified } = await rotateOne(change, before, passwords, factory);
    results.push(entry);
    if (isVerified) verified.add(change.name);
    isAborted = isFatal(entry) || (failFast && entry.status !== 'done');
  }
  const isIncomplete = stop.aborted && results.some(({ status }) => status === 'not-started' || status === 'unknown');
  return { summary: isIncomplete ? { results, stopped: stop.reason as StopSignal } : { results }, verified };
}

/** The Kapacitor whose memory of passwords counts. Throws where its configuration cannot be read. */
async function readKapacitorTarget(options: KapacitorConfOptions, factory: Factory): Promise<SimulatedKapacitor> {
  const target = await readSimulatedKapacitor(options, factory.context, () => factory.settings());
  for (const warning of target.warnings) factory.logger.warn(warning);
  return target;
}

/** The configuration as text. */
function describeBasis({ conf, environment, assumed }: SimulatedKapacitor): string {
  return (
    assumed ??
    [conf, environment]
      .filter((part) => part !== undefined)

      .join(', ')
  );
}

/**
 * What Kapacitor may still do with passwords last changed at `at` (ms since 1970); null if it does not check them.
 * Notes what else to change: the passwords of this connection and of Kapacitor's own account.
 */
async function predictKapacitor(
  target: SimulatedKapacitor,
  changed: readonly string[],
  own: string | undefined,
  at: number,
  factory: Factory,
): Promise<KapacitorOutlook | null> {
  const { logger } = factory;
  const { settings, refusal, assumed } = target;
  if (own !== undefined && changed.includes(own)) {
    await warnAboutOldPassword(own, factory);
  }
  if (refusal !== undefined) {
    logger.warn(`Kapacitor does not start with this configuration: ${refusal}`);
    return null;
  }
  const service = toText(settings.metaUsername);
  if (assumed === undefined && changed.includes(service)) {
    logger.warn(
      `Kapacitor logs in to the meta node as ${showName(service)}: set its meta-password to the new password and restart it`,
    );
  }
  const timeline = passwordTimeline(settings);
  if (timeline === undefined) {
    logger.info(
      `Kapacitor does not check passwords with the meta node (${describeBasis(target)}): it is not affected.`,
    );
    return null;
  }
  const { oldUntil, newRefusedUntil } = timeline;
  return {
    basis: describeBasis(target),
    assumed: assumed !== undefined,
    oldUntil: isoTime(at + oldUntil / 1e6),
    newRefusedUntil: newRefusedUntil === 0 ? null : isoTime(at + newRefusedUntil / 1e6),
  };
}
