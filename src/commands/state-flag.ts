import type { Command } from 'commander';
import type { Factory } from '../cli/factory.js';
import { createAccessDecider } from '../access-matrix/access.js';
import { joinPermissions } from '../access-matrix/record-access.js';
import type { CurrentState } from '../desired-state/desired-state.js';
import { planChanges } from '../desired-state/plan.js';
import { ProblemReport, sortProblems } from '../desired-state/problems.js';
import { clusterRules, runStateRules } from '../desired-state/rules.js';
import { stateAfter } from '../desired-state/state-after.js';
import { rolesByMember } from '../model/roles-in-user-records.js';
import { showNames } from '../model/text.js';
import type { User } from '../model/user.js';
import { isErrorProblem, loadState, problemsError, warnAboutProblems } from './desired-state/load.js';

/** State files instead of a cluster. */
export interface StateFlag {
  readonly state?: readonly string[];
}

export function addStateFlag(command: Command): Command {
  return command.option('--state <file...>', 'read state files instead of the cluster; - is standard input');
}

/** The users and roles of state files, as if nothing else existed. */
export interface FilesState extends CurrentState {
  readonly files: readonly string[];
}

const empty: CurrentState = { users: new Map(), roles: new Map() };
/** Problems that do not matter if files are only read. */
const notChecked = new Set(['no-password', 'hash-of-existing-user', 'lock-out']);

/** Reads the files of `--state`; no connection is made. Throws one usage error that lists what is wrong with them. */
export async function readFilesState(names: readonly string[], factory: Factory): Promise<FilesState> {
  const loaded = await loadState(names, true, factory);
  const report = new ProblemReport();
  const { desired } = loaded;
  const rules = clusterRules.filter(({ name }) => !notChecked.has(name));
  const facts = { desired, cluster: empty, protectedChanges: [], setPasswords: false, isFilesOnly: true };
  if (!loaded.isBroken) runStateRules(rules, facts, report);
  const found = sortProblems([...loaded.problems, ...loaded.place(report)], [...loaded.paths.keys()]);
  warnAboutProblems(found, factory.logger);
  if (found.some(isErrorProblem)) {
    throw problemsError(found, 'With --state, no other users and roles exist than those of the files.');
  }
  const { changes } = planChanges(desired, empty, { allowLockout: true });
  return { ...stateAfter(empty, changes), files: [...loaded.paths.keys()] };
}

/**
 * Notes who would also be allowed on a cluster that copies role permissions into user records: state files do not show
 * that.
 */
export function noteRoleAccess(
  users: Iterable<User>,
  { roles }: CurrentState,
  questions: readonly { readonly method: string; readonly path: string }[],
  factory: Factory,
): void {
  const memberOf = rolesByMember(roles.values());
  const deciders = questions.map(({ method, path }) => createAccessDecider(method, path, true));
  const allowed = (user: User): number =>
    deciders.flatMap((decide) => decide(user)).filter((access) => access.allowed).length;
  const byRole: string[] = [];
  for (const user of users) {
    const own = memberOf.get(user.name);
    if (own === undefined) continue;
    const permissions = joinPermissions(user.permissions, ...own.map((role) => role.permissions));
    if (allowed({ ...user, permissions }) > allowed(user)) byRole.push(user.name);
  }
  if (byRole.length === 0) return;
  const who = showNames(byRole.sort());
  factory.logger.info(
    `A role gives more to ${who}, which counts only if the cluster copies role permissions into user records.`,
  );
}
