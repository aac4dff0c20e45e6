import type { Factory } from '../../cli/factory.js';
import { KapadminError, stopped } from '../../errors.js';
import type { PasswordDrift } from '../../output/views/plan.js';
import { planChanges, type Plan } from '../../desired-state/plan.js';
import { type StateProblem, ProblemReport, sortProblems } from '../../desired-state/problems.js';
import { clusterRules, runStateRules } from '../../desired-state/rules.js';
import type { CurrentState, DesiredState, DesiredUser } from '../../desired-state/desired-state.js';
import { ownAccount } from '../execute-changes.js';
import type { PlanFlags } from './flags.js';
import {
  problemsError,
  hashesInFiles,
  isErrorProblem,
  type LoadedState,
  readCluster,
  warnAboutProblems,
} from './load.js';
import { checkOutsideFiles, createSecretReader, secretReferences } from './secrets.js';
import { passwordMatches } from '../../mutations/change-transport.js';
import { showName } from '../../model/text.js';
import type { Secret } from '../../model/secret.js';
import { resolvePath } from '../../settings/read-input.js';
import { readPasswords } from './passwords-file.js';

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
  return { ...plan, cluster, drift };
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
