import { type Command, Option } from 'commander';
import type { ClusterSupport } from '../cli/run-on-clusters.js';
import type { Factory } from '../cli/factory.js';
import { usageError } from '../errors.js';
import type { Change } from '../mutations/change.js';
import { collectList, collectValue, pluralize, showFile, showNames } from '../model/text.js';
import { commandLine } from '../model/shell-command.js';
import { resolvePath } from '../settings/files-and-stdin.js';
import { refuseForClusters } from '../settings/flags.js';
import { accessChanges } from '../access-matrix/access-changes.js';
import { type GainPattern, matchGains, parseGainPattern } from '../access-matrix/fail-on-gain.js';
import { accessChangesView } from '../output/views/access.js';
import { clusterPlansView, lintView, planView, type ShownPlan } from '../output/views/plan-and-apply.js';
import type { Result } from '../output/view.js';
import { expectedStates, writePlanFile } from '../desired-state/plan-file.js';
import { lintRules, lintState } from '../desired-state/lint.js';
import { sortProblems, type StateProblem } from '../desired-state/problems.js';
import {
  addPlanFlags,
  addStateFiles,
  createPlan,
  type LoadedPlan,
  namedStateFiles,
  type PlanFlags,
  type StateFileFlags,
  withAbsoluteHashPaths,
} from './desired-state/load-plan.js';
import { isErrorProblem, type LoadedState, loadState, problemsError } from './desired-state/load-state-files.js';
import { findOutsideFiles, findSecretRef, usesGeneratedPassword } from './desired-state/secrets.js';
import { detectRolesInUserRecords } from './kapacitor-notes.js';

export const formats = ['markdown'] as const;

interface PlanOptions extends PlanFlags {
  readonly files: readonly string[];
  readonly access?: boolean;
  readonly failOnGain?: readonly string[];
  readonly lint?: boolean;
  readonly ignore?: readonly string[];
  /** The files, where they were read before. */
  readonly loaded?: LoadedState;
}

export const clusters: ClusterSupport<PlanOptions> = {
  formats: [],
  view: () => Promise.resolve(clusterPlansView),
  prepare: async (options, factory) => {
    const { lint, access, failOnGain } = options;
    const { out } = factory.flags;
    refuseForClusters({ '--lint': lint, '--access': access, '--fail-on-gain': failOnGain, '--out': out });
    const loaded = await loadState(options.files, options.force === true, factory);
    if (loaded.problems.some(isErrorProblem)) throw problemsError(loaded.problems);
    return { ...options, loaded };
  },
};

export function define(command: Command, action: (options: PlanOptions) => Promise<void>): void {
  addStateFiles(command, 'state files and directories, YAML or JSON; - is standard input');
  addPlanFlags(command)
    .option('--access', 'show who gains and who loses access to Kapacitor and InfluxDB')
    .addOption(
      new Option(
        '--fail-on-gain <pattern>',
        'the same; exit 1 only if somebody gains it, such as write:/config or WriteData:telegraf (repeatable)',
      ).argParser(collectList),
    )
    .option('--lint', 'check the files only: broad permissions, roles without members, what Kapacitor may not see')
    .addOption(
      new Option('--ignore <rule>', `with --lint: ${lintRules.join(', ')} (repeatable)`).argParser(collectValue),
    )
    .addHelpText(
      'after',
      `
Exit code 0: no changes, 1: changes. --out FILE saves the plan for apply, without
secrets; with --access or --lint it saves the report.

Examples:
  kapadmin plan users.yaml
  kapadmin plan -f users.yaml -f access/
  kapadmin plan access/ --prune --out plan.json
  kapadmin plan access/ --access -o markdown --out comment.md
  kapadmin plan access/ --fail-on-gain write:/config
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
  const references = changes.map((change) => ({ user: change.name, ref: findSecretRef(change), by }));
  const isOutside = (await findOutsideFiles(references, factory)).length > 0;
  const given = passwordsOut === undefined ? [] : ['--passwords-out', passwordsOut];
  const line = String(
    commandLine('kapadmin apply', [out], [...given, ...(isOutside ? ['--allow-outside-files'] : [])]),
  );
  return passwordsOut === undefined && changes.some(usesGeneratedPassword) ? `${line} --passwords-out FILE` : line;
}

/** Who gains and who loses what by a plan. */
async function accessOf(
  plan: LoadedPlan,
  patterns: readonly GainPattern[],
  factory: Factory,
): Promise<Result<unknown>> {
  const { changes, cluster } = plan;
  const data = accessChanges(cluster, changes, await detectRolesInUserRecords(cluster, factory));
  const matches = matchGains(patterns, data.changes);
  for (const { pattern, gained, unknown } of matches) {
    if (gained.length > 0) factory.logger.warn(`--fail-on-gain ${pattern}: gained by ${showNames(gained)}`);
    if (unknown.length === 0) continue;
    factory.logger.warn(
      `--fail-on-gain ${pattern}: may be gained by ${showNames(unknown)}; to settle it: kapadmin doctor --probe`,
    );
  }
  const isNo = patterns.length > 0 ? matches.length > 0 : changes.length > 0;
  return { data, view: accessChangesView, end: isNo ? 'no' : 'done' };
}

export async function run(options: PlanOptions, factory: Factory): Promise<Result<unknown>> {
  const patterns = (options.failOnGain ?? []).map(parseGainPattern);
  const isAccess = options.access === true || patterns.length > 0;
  const other = options.lint === true ? '--lint' : options.checkPasswords === true ? '--check-passwords' : undefined;
  if (isAccess && other !== undefined) throw usageError('two-questions', `--access cannot be combined with ${other}`);
  const loaded = options.loaded ?? (await loadState(options.files, options.force === true, factory));
  if (options.lint === true) return lintFiles(loaded, options);
  const plan = await createPlan(loaded, options, factory);
  if (isAccess) return accessOf(plan, patterns, factory);
  const { changes, protectedChanges, drift = null } = plan;
  const data: ShownPlan = { changes, protectedChanges, drift };
  const generated = changes.filter(usesGeneratedPassword).length;
  if (generated > 0 && options.passwordsOut === undefined) {
    factory.logger.info(`${pluralize(generated, 'password')} will be generated; \`apply\` needs --passwords-out FILE`);
  }
  const { out } = factory.flags;
  const file = out === undefined ? undefined : await createPlanFile(plan, loaded, factory);
  if (out !== undefined) {
    const command = await applyCommand(out, changes, options.passwordsOut, factory);
    factory.logger.info(`The plan goes to ${showFile(out)}. To apply it: ${command}`);
  }
  const end = changes.length > 0 || (drift?.differing.length ?? 0) > 0 ? 'no' : 'done';
  return { data, view: planView, end, ...(file === undefined ? {} : { file }) };
}
