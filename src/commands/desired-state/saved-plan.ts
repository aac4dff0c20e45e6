import type { Factory } from '../../cli/factory.js';
import { usageError } from '../../errors.js';
import { checkPermission } from '../../model/permissions.js';
import { checkNewName, listSome, showFile, showName } from '../../model/text.js';
import type { Secret } from '../../model/secret.js';
import { type StateInput, readStateFiles } from './read-state-files.js';
import { changedSince, type PlanFile, readPlanFile } from '../../desired-state/plan-file.js';
import type { CurrentState } from '../../desired-state/desired-state.js';
import type { ChangesToApply } from './apply-changes.js';
import type { PlanFlags } from './flags.js';
import { problemsError, hashesInFiles, isErrorProblem, parseStateTexts, readCluster } from './load.js';
import { checkOutsideFiles, findSecretRef } from './secrets.js';
import type { Change, SecretRef } from '../../mutations/change.js';

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
