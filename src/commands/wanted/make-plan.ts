import type { Deps } from '../../deps.js';
import { KapadminError } from '../../errors.js';
import type { Drift } from '../../output/views/plan.js';
import { plan, type Plan } from '../../desired-state/plan.js';
import { type Problem, Report, sortProblems } from '../../desired-state/problems.js';
import { clusterRules, runRules } from '../../desired-state/rules.js';
import type { Actual } from '../../desired-state/desired-state.js';
import { ownAccount } from '../account.js';
import { findDrift } from './drift.js';
import type { PlanFlags } from './flags.js';
import type { LoadedState } from './load.js';
import { checkOutsideFiles, secretsOf } from './outside-files.js';
import { errorOf, isError, warnOf } from './problems.js';
import { readCluster } from './read-cluster.js';

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
