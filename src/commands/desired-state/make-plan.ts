import type { Deps } from '../../cli/factory.js';
import { KapadminError, stopped } from '../../errors.js';
import type { Drift } from '../../output/views/plan.js';
import { plan, type Plan } from '../../desired-state/plan.js';
import { type Problem, Report, sortProblems } from '../../desired-state/problems.js';
import { clusterRules, runRules } from '../../desired-state/rules.js';
import type { Actual, Wanted, WantedUser } from '../../desired-state/desired-state.js';
import { ownAccount } from '../execute-changes.js';
import type { PlanFlags } from './flags.js';
import { errorOf, hashesOf, isError, type LoadedState, readCluster, warnOf } from './load.js';
import { checkOutsideFiles, makeReader, secretsOf } from './secrets.js';
import { passwordMatches } from '../../mutations/change-transport.js';
import { showName } from '../../model/text.js';
import type { Secret } from '../../model/secret.js';
import { wholePath } from '../../settings/state-files.js';
import { readPasswords } from './passwords-file.js';

export interface MadePlan extends Plan {
  /** The cluster as it was read. */
  readonly actual: Actual;
  /** Passwords that differ, where they were compared. */
  readonly drift: Drift | undefined;
}

/** How long a cluster is asked for what else is wrong with a file that cannot be used anyway. */
const patience = 2_000;

async function planFor(
  loaded: LoadedState,
  actual: Actual,
  drift: Drift | undefined,
  flags: PlanFlags,
  deps: Deps,
): Promise<{ made: Plan; problems: readonly Problem[] }> {
  const { wanted } = loaded;
  const setPasswords = flags.setPasswords === true;
  const made = plan(wanted, actual, {
    prune: flags.prune === true,
    allowLockout: flags.allowLockout === true,
    login: await ownAccount(deps),
    probed: (await deps.settings()).rolesInUserRecords,
    ...(setPasswords ? { setPasswords: drift === undefined ? 'all' : new Set(drift.differing) } : {}),
  });
  const report = new Report();
  runRules(clusterRules, { wanted, actual, kept: made.kept, setPasswords }, report);
  return { made, problems: loaded.place(report) };
}

/** What the cluster shows to be wrong with files that have errors; nothing where it does not answer soon. */
async function problemsInCluster(loaded: LoadedState, flags: PlanFlags, deps: Deps): Promise<readonly Problem[]> {
  if (loaded.isBroken) return [];
  try {
    const soon = AbortSignal.any([deps.context.stop, AbortSignal.timeout(patience)]);
    return (await planFor(loaded, await readCluster(deps, soon), undefined, flags, deps)).problems;
  } catch (error) {
    if (error instanceof KapadminError) return [];
    throw error;
  }
}

/**
 * What has to change for the cluster to be as the files want it. Throws one usage error that tells everything that is
 * wrong with the files; what is only odd is warned about.
 */
export async function makePlan(loaded: LoadedState, flags: PlanFlags, deps: Deps): Promise<MadePlan> {
  if (loaded.problems.some(isError)) {
    const found = [...loaded.problems, ...(await problemsInCluster(loaded, flags, deps))];
    const problems = sortProblems(found, [...loaded.paths.keys()]);
    warnOf(problems, deps.notes);
    throw errorOf(problems);
  }
  await checkOutsideFiles(secretsOf(loaded), flags, deps);
  const actual = await readCluster(deps);
  const { checkPasswords, passwordsOut } = flags;
  const drift = checkPasswords === true ? await findDrift(loaded.wanted, actual, passwordsOut, deps) : undefined;
  const { made, problems } = await planFor(loaded, actual, drift, flags, deps);
  warnOf([...problems, ...loaded.problems], deps.notes);
  if (problems.some(isError)) throw errorOf(problems);
  return { ...made, actual, drift };
}

/** More comparisons than this are announced: each takes a moment. */
const quick = 20;

/** Whether a user's password, or its hash, is the one in the files; undefined where that cannot be told. */
async function fits(
  user: WantedUser,
  hash: Secret | undefined,
  secretOf: (user: WantedUser) => Promise<Secret | undefined>,
): Promise<boolean | undefined> {
  const secret = await secretOf(user);
  if (secret === undefined) return undefined;
  return user.password === undefined ? hash?.reveal() === secret.reveal() : passwordMatches(secret, hash);
}

/**
 * Compares the passwords of the files with the hashes of the cluster. One that cannot be read, or whose hash is not
 * bcrypt, is told as unknown.
 */
export async function findDrift(
  wanted: Wanted,
  actual: Actual,
  passwordsOut: string | undefined,
  deps: Deps,
): Promise<Drift> {
  const { notes, context } = deps;
  const generated =
    passwordsOut === undefined
      ? new Map<string, Secret>()
      : await readPasswords(wholePath(passwordsOut, context), context);
  const read = makeReader(hashesOf(wanted), deps);
  const secretOf = async (user: WantedUser): Promise<Secret | undefined> => {
    const ref = user.password ?? user.hash;
    if (ref === undefined || ref.from === 'generate') return generated.get(user.name);
    try {
      return await read(ref, user.name);
    } catch (error) {
      if (!(error instanceof KapadminError)) throw error;
      notes.warn(`cannot compare the password of ${showName(user.name)}: ${error.message}`);
      return undefined;
    }
  };
  const users = [...wanted.users.values()].filter((user) => {
    return (user.password ?? user.hash) !== undefined && actual.users.has(user.name);
  });
  if (users.length > quick) notes.note(`Comparing ${users.length} passwords by bcrypt.`);
  const differing: string[] = [];
  const unknown: string[] = [];
  for (const user of users) {
    if (context.stop.aborted) throw stopped(context.stop, 'stopped while passwords were compared: nothing was sent');
    const fit = await fits(user, actual.users.get(user.name)?.hash, secretOf);
    if (fit === undefined) unknown.push(user.name);
    else if (!fit) differing.push(user.name);
  }
  return { differing: differing.sort(), unknown: unknown.sort() };
}
