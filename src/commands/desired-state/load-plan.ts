import { type Command, Option } from 'commander';
import { KapadminError, stopped, usageError } from '../../errors.js';
import { collectValue, listSome, pluralize, showFile, showName } from '../../model/text.js';
import { addLockoutFlag, type LockoutFlags, ownAccount } from '../execute-changes.js';
import type { Factory } from '../../cli/factory.js';
import type { PasswordDrift } from '../../output/views/plan-and-apply.js';
import { type Plan, planChanges } from '../../desired-state/plan.js';
import { ProblemReport, sortProblems, type StateProblem } from '../../desired-state/problems.js';
import { clusterRules, runStateRules } from '../../desired-state/validate.js';
import type { CurrentState, DesiredState, DesiredUser } from '../../desired-state/desired-state.js';
import {
  hashesInFiles,
  isErrorProblem,
  type LoadedState,
  parseStateTexts,
  problemsError,
  readCluster,
  readStateFiles,
  type StateInput,
  warnAboutProblems,
} from './load-state-files.js';
import { checkOutsideFiles, createSecretReader, findSecretRef, secretReferences } from './secrets.js';
import { readPasswords } from '../passwords-file.js';
import { passwordMatches } from '../../mutations/send-and-verify.js';
import { checkNewName } from '../../model/user.js';
import type { Secret } from '../../model/secret.js';
import { resolvePath } from '../../settings/files-and-stdin.js';
import { checkPermission } from '../../model/permissions.js';
import { changedSince, type PlanFile, readPlanFile } from '../../desired-state/plan-file.js';
import type { ChangesToApply } from './apply-plan.js';
import type { Change, SecretRef } from '../../mutations/change.js';

/** What `plan` and `apply` have in common, as commander names it. */
export interface PlanFlags extends LockoutFlags {
  readonly prune?: boolean;
  readonly setPasswords?: boolean;
  readonly checkPasswords?: boolean;
  readonly passwordsOut?: string;
  readonly allowOutsideFiles?: boolean;
  readonly force?: boolean;
}

export function addPlanFlags(command: Command): Command {
  return addLockoutFlag(command)
    .option('--prune', 'delete what the files do not list, within what they manage')
    .option('--set-passwords', 'also set the passwords of existing users')
    .option(
      '--check-passwords',
      'compare passwords with the stored hashes; with --set-passwords, set only those that differ',
    )
    .option('--passwords-out <file>', 'save generated passwords to this file')
    .option('--allow-outside-files', 'allow password files outside the directory of their state file')
    .option('--force', 'allow permissions that Kapacitor does not know');
}

/** State files, as arguments or by `-f`. */
export interface StateFileFlags {
  readonly file?: readonly string[];
}

export function addStateFiles(command: Command, what: string): Command {
  return command
    .argument('[file...]', what)
    .addOption(new Option('-f, --file <file>', 'the same as the argument (repeatable)').argParser(collectValue));
}

/** All files that the arguments name. Throws a usage error if there is none. */
export function namedStateFiles(files: readonly string[], { file = [] }: StateFileFlags): readonly string[] {
  const all = [...files, ...file];
  if (all.length > 0) return all;
  throw usageError('no-file', "missing required argument 'file'", 'Give FILE, -f FILE, or - for standard input.');
}

export interface LoadedPlan extends Plan {
  /** The cluster as it was read. */
  readonly cluster: CurrentState;
  /** Passwords that differ, if they were compared. */
  readonly drift: PasswordDrift | undefined;
}

/** Milliseconds for checks against the cluster when the files have errors anyway. */
const clusterTimeoutMs = 2_000;

async function planAgainst(
  loaded: LoadedState,
  cluster: CurrentState,
  drift: PasswordDrift | undefined,
  flags: PlanFlags,
  factory: Factory,
): Promise<{ plan: Plan; problems: readonly StateProblem[] }> {
  const { desired } = loaded;
  const setPasswords = flags.setPasswords === true;
  const plan = planChanges(desired, cluster, {
    prune: flags.prune === true,
    allowLockout: flags.allowLockout === true,
    login: await ownAccount(factory),
    probed: (await factory.settings()).rolesInUserRecords,
    ...(setPasswords ? { setPasswords: drift === undefined ? 'all' : new Set(drift.differing) } : {}),
  });
  const report = new ProblemReport();
  runStateRules(clusterRules, { desired, cluster, protectedChanges: plan.protectedChanges, setPasswords }, report);
  return { plan, problems: loaded.place(report) };
}

/** Problems that only the cluster shows, for files that have errors; none if it does not respond in time. */
async function problemsInCluster(
  loaded: LoadedState,
  flags: PlanFlags,
  factory: Factory,
): Promise<readonly StateProblem[]> {
  if (loaded.isBroken) return [];
  try {
    const timeout = AbortSignal.any([factory.context.stop, AbortSignal.timeout(clusterTimeoutMs)]);
    return (await planAgainst(loaded, await readCluster(factory, timeout), undefined, flags, factory)).problems;
  } catch (error) {
    if (error instanceof KapadminError) return [];
    throw error;
  }
}

/**
 * The changes that lead to the desired state. Throws one usage error that lists everything that is
 * wrong with the files; prints warnings for the rest.
 */
export async function createPlan(loaded: LoadedState, flags: PlanFlags, factory: Factory): Promise<LoadedPlan> {
  if (loaded.problems.some(isErrorProblem)) {
    const found = [...loaded.problems, ...(await problemsInCluster(loaded, flags, factory))];
    const problems = sortProblems(found, [...loaded.paths.keys()]);
    warnAboutProblems(problems, factory.logger);
    throw problemsError(problems);
  }
  await checkOutsideFiles(secretReferences(loaded), flags, factory);
  const cluster = await readCluster(factory);
  const { checkPasswords, passwordsOut } = flags;
  const drift =
    checkPasswords === true ? await findPasswordDrift(loaded.desired, cluster, passwordsOut, factory) : undefined;
  const { plan, problems } = await planAgainst(loaded, cluster, drift, flags, factory);
  warnAboutProblems([...problems, ...loaded.problems], factory.logger);
  if (problems.some(isErrorProblem)) throw problemsError(problems);
  if (plan.changes.length === 0 && flags.prune !== true) {
    const pruned = await planAgainst(loaded, cluster, drift, { ...flags, prune: true }, factory);
    noteLeftOut(pruned.plan.changes.length, factory);
  }
  return { ...plan, cluster, drift };
}

/** Without `--prune`, a permission that was taken out of a file is still there, and the plan is empty. */
function noteLeftOut(count: number, factory: Factory): void {
  if (count === 0) return;
  factory.logger.info(
    `The cluster has more than the state files. Nothing is removed without --prune, which would make ${pluralize(count, 'change')}.`,
  );
}

/** More comparisons than this are announced, because each is slow. */
const announceAbove = 20;

/** Whether a user's password or hash matches the files; undefined when unknown. */
async function passwordMatchesState(
  user: DesiredUser,
  hash: Secret | undefined,
  secretOf: (user: DesiredUser) => Promise<Secret | undefined>,
): Promise<boolean | undefined> {
  const secret = await secretOf(user);
  if (secret === undefined) return undefined;
  return user.password === undefined ? hash?.reveal() === secret.reveal() : passwordMatches(secret, hash);
}

/**
 * Compares the passwords of the files with the hashes of the cluster. One that cannot be read, or whose hash is not
 * bcrypt, is reported as unknown.
 */
async function findPasswordDrift(
  desired: DesiredState,
  cluster: CurrentState,
  passwordsOut: string | undefined,
  factory: Factory,
): Promise<PasswordDrift> {
  const { logger, context } = factory;
  const generated =
    passwordsOut === undefined
      ? new Map<string, Secret>()
      : await readPasswords(resolvePath(passwordsOut, context), context);
  const readSecret = createSecretReader(hashesInFiles(desired), factory);
  const secretOf = async (user: DesiredUser): Promise<Secret | undefined> => {
    const ref = user.password ?? user.hash;
    if (ref === undefined || ref.from === 'generate') return generated.get(user.name);
    try {
      return await readSecret(ref, user.name);
    } catch (error) {
      if (!(error instanceof KapadminError)) throw error;
      logger.warn(`cannot compare the password of ${showName(user.name)}: ${error.message}`);
      return undefined;
    }
  };
  const users = [...desired.users.values()].filter((user) => {
    return (user.password ?? user.hash) !== undefined && cluster.users.has(user.name);
  });
  if (users.length > announceAbove) logger.progress(`Comparing ${users.length} passwords by bcrypt.`);
  const differing: string[] = [];
  const unknown: string[] = [];
  for (const user of users) {
    if (context.stop.aborted) throw stopped(context.stop, 'Cancelled. No changes were made.');
    const matches = await passwordMatchesState(user, cluster.users.get(user.name)?.hash, secretOf);
    if (matches === undefined) unknown.push(user.name);
    else if (!matches) differing.push(user.name);
  }
  return { differing: differing.sort(), unknown: unknown.sort() };
}

const planAgainHint = 'No changes were made. Create the plan again with kapadmin plan --out.';
const maxNamed = 5;

/** Throws a usage error that names what has changed since the plan. */
function checkUnchanged(name: string, plan: PlanFile, cluster: CurrentState): void {
  const changed = changedSince(plan.expected, cluster);
  if (changed.length === 0) return;
  const items = changed.map((item) => `${item.on} ${showName(item.name)}`);
  const message = `the cluster has changed since ${showFile(name)} was created: ${listSome(items, maxNamed)}`;
  throw usageError('cluster-moved-on', message, planAgainHint);
}

/** Throws a usage error if a plan lacks the expected state of something that it changes. */
function checkExpectedStates(name: string, { changes, expected }: PlanFile): void {
  const known = new Set(expected.map((item) => `${item.on} ${item.name}`));
  const unknown = changes.find((change) => !known.has(`${change.on} ${change.name}`));
  if (unknown === undefined) return;
  const message = `${showFile(name)} is not a complete plan: the expected state of ${unknown.on} ${showName(unknown.name)} is missing`;
  throw usageError('bad-plan-file', message, planAgainHint);
}

/** Throws a usage error for what no state file may hold: a plan may come from somebody else. */
function checkNames({ changes }: PlanFile, force: boolean): void {
  for (const change of changes) {
    if (change.action === 'create') checkNewName(change.on, change.name);
    if (change.action !== 'add-permissions' || force) continue;
    for (const { permissions } of change.permissions) for (const name of permissions) checkPermission(name);
  }
}

/** The hashes that the plan refers to, by user, read again. */
async function readHashes({ changes }: PlanFile, factory: Factory): Promise<ReadonlyMap<string, Secret>> {
  const files = new Set(
    changes.flatMap((change) => {
      const ref = findSecretRef(change);
      return ref?.from === 'state' ? [ref.file] : [];
    }),
  );
  if (files.size === 0) return new Map();
  const { desired, problems } = parseStateTexts(await readStateFiles([...files], factory.context), true, factory);
  if (problems.some(isErrorProblem)) throw problemsError(problems);
  return hashesInFiles(desired);
}

/** Loads a saved plan, if the cluster has not changed since. Throws usage errors if it cannot be applied. */
export async function loadPlanFile(
  { file: name, text, path }: StateInput,
  flags: Pick<PlanFlags, 'allowOutsideFiles' | 'force'>,
  factory: Factory,
): Promise<ChangesToApply> {
  const plan = readPlanFile(name, text);
  checkExpectedStates(name, plan);
  checkNames(plan, flags.force === true);
  const references = plan.changes.map((change) => ({ user: change.name, ref: findSecretRef(change), by: path }));
  await checkOutsideFiles(references, flags, factory);
  const hashes = await readHashes(plan, factory);
  const { nodes } = await factory.settings();
  if (!plan.nodes.some((node) => nodes.includes(node))) {
    const message = `${showFile(name)} was created for ${plan.nodes.join(', ')}, but the connection is to ${nodes.join(', ')}`;
    throw usageError('other-cluster', message, planAgainHint);
  }
  const cluster = await readCluster(factory);
  checkUnchanged(name, plan, cluster);
  return { changes: plan.changes, cluster, hashes };
}

/** Makes the paths of files with hashes absolute, so that a saved plan can be applied from any directory. */
export function withAbsoluteHashPaths(
  changes: readonly Change[],
  paths: ReadonlyMap<string, string | undefined>,
): readonly Change[] {
  const withAbsolutePath = (ref: SecretRef): SecretRef => {
    if (ref.from !== 'state') return ref;
    const file = paths.get(ref.file);
    if (file !== undefined) return { ...ref, file };
    throw usageError(
      'hashes-not-saved',
      'cannot save the plan: its password hashes came from standard input, and a saved plan contains none',
      'Name the state file instead of -, or run kapadmin apply without a saved plan.',
    );
  };
  return changes.map((change) => {
    return change.on === 'user' && change.action === 'create' && change.hash !== undefined
      ? { ...change, hash: withAbsolutePath(change.hash) }
      : change;
  });
}
