import { type Command, Option } from 'commander';
import type { ClusterSupport } from '../cli/clusters.js';
import type { Factory } from '../cli/factory.js';
import { usageError } from '../errors.js';
import type { Change } from '../mutations/change.js';
import { pluralize } from '../model/text.js';
import { collectValue, commandLine } from '../model/shell-command.js';
import { resolvePath } from '../settings/read-input.js';
import { refuseForClusters } from '../settings/flags.js';
import { clusterPlansView, lintView, planView, type ShownPlan } from '../output/views/plan.js';
import type { Result } from '../output/view.js';
import { expectedStates, writePlanFile } from '../desired-state/plan-file.js';
import { lintState, lintRules } from '../desired-state/lint.js';
import { type StateProblem, sortProblems } from '../desired-state/problems.js';
import {
  addPlanFlags,
  addStateFiles,
  namedStateFiles,
  type PlanFlags,
  type StateFileFlags,
} from './desired-state/flags.js';
import { isErrorProblem, type LoadedState, loadState, problemsError } from './desired-state/load.js';
import { type LoadedPlan, createPlan } from './desired-state/make-plan.js';
import { usesGeneratedPassword, findOutsideFiles, secretRefOf } from './desired-state/secrets.js';
import { withAbsoluteHashPaths } from './desired-state/saved-plan.js';

interface PlanOptions extends PlanFlags {
  readonly files: readonly string[];
  readonly lint?: boolean;
  readonly ignore?: readonly string[];
  /** The files, where they were read before. */
  readonly loaded?: LoadedState;
}

export const clusters: ClusterSupport<PlanOptions> = {
  formats: [],
  view: () => Promise.resolve(clusterPlansView),
  prepare: async (options, factory) => {
    refuseForClusters({ '--lint': options.lint, '--out': factory.flags.out });
    const loaded = await loadState(options.files, options.force === true, factory);
    if (loaded.problems.some(isErrorProblem)) throw problemsError(loaded.problems);
    return { ...options, loaded };
  },
};

export function define(command: Command, action: (options: PlanOptions) => Promise<void>): void {
  addStateFiles(command, 'state files and directories, YAML or JSON; - is standard input');
  addPlanFlags(command)
    .option('--lint', 'check the files only: broad permissions, roles without members, what Kapacitor cannot see')
    .addOption(
      new Option('--ignore <rule>', `with --lint: ${lintRules.join(', ')} (repeatable)`).argParser(collectValue),
    )
    .addHelpText(
      'after',
      `
Exit code 0: no changes, 1: changes. --out FILE saves the plan for apply, without
secrets.

Examples:
  kapadmin plan users.yaml
  kapadmin plan -f users.yaml -f access/
  kapadmin plan access/ --prune --out plan.json
  kapadmin plan access/ --profile prod --profile lab
  kapadmin plan --lint access/ -o json`,
    )
    .action((files: string[], flags: Omit<PlanOptions, 'files'> & StateFileFlags) =>
      action({ ...flags, files: namedStateFiles(files, flags) }),
    );
}

function lintFiles(loaded: LoadedState, { ignore = [] }: PlanOptions): Result<readonly StateProblem[]> {
  const unknown = ignore.find((rule) => !lintRules.includes(rule));
  if (unknown !== undefined) {
    throw usageError('unknown-rule', `--ignore: unknown rule "${unknown}"`, `Known rules: ${lintRules.join(', ')}`);
  }
  const lintProblems = loaded.isBroken ? [] : loaded.place(lintState(loaded.desired));
  const found = [...loaded.problems, ...lintProblems].filter(({ code }) => !ignore.includes(code));
  const data = sortProblems(found, [...loaded.paths.keys()]);
  const end = data.some(isErrorProblem) ? 'usage' : data.length > 0 ? 'no' : 'done';
  return { data, view: lintView, end };
}

async function createPlanFile(
  { changes, protectedChanges, cluster }: LoadedPlan,
  loaded: LoadedState,
  factory: Factory,
): Promise<string> {
  const { nodes } = await factory.settings();
  return writePlanFile({
    nodes,
    changes: withAbsoluteHashPaths(changes, loaded.paths),
    protectedChanges,
    expected: expectedStates(changes, cluster),
  });
}

/** The command that applies a saved plan. */
async function applyCommand(
  out: string,
  changes: readonly Change[],
  passwordsOut: string | undefined,
  factory: Factory,
): Promise<string> {
  const by = resolvePath(out, factory.context);
  const references = changes.map((change) => ({ user: change.name, ref: secretRefOf(change), by }));
  const isOutside = (await findOutsideFiles(references, factory)).length > 0;
  const given = passwordsOut === undefined ? [] : ['--passwords-out', passwordsOut];
  const line = String(
    commandLine('kapadmin apply', [out], [...given, ...(isOutside ? ['--allow-outside-files'] : [])]),
  );
  return passwordsOut === undefined && changes.some(usesGeneratedPassword) ? `${line} --passwords-out FILE` : line;
}

export async function run(options: PlanOptions, factory: Factory): Promise<Result<unknown>> {
  const loaded = options.loaded ?? (await loadState(options.files, options.force === true, factory));
  if (options.lint === true) return lintFiles(loaded, options);
  const plan = await createPlan(loaded, options, factory);
  const { changes, protectedChanges, drift = null } = plan;
  const data: ShownPlan = { changes, protectedChanges, drift };
  const generated = changes.filter(usesGeneratedPassword).length;
  if (generated > 0 && options.passwordsOut === undefined) {
    factory.logger.info(`${pluralize(generated, 'password')} will be generated; \`apply\` needs --passwords-out FILE`);
  }
  const { out } = factory.flags;
  const file = out === undefined ? undefined : await createPlanFile(plan, loaded, factory);
  if (out !== undefined)
    factory.logger.info(`To apply it: ${await applyCommand(out, changes, options.passwordsOut, factory)}`);
  const end = changes.length > 0 || (drift?.differing.length ?? 0) > 0 ? 'no' : 'done';
  return { data, view: planView, end, ...(file === undefined ? {} : { file }) };
}
