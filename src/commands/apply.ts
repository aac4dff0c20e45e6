import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Factory } from '../cli/factory.js';
import { usageError } from '../errors.js';
import { planView } from '../output/views/plan-and-apply.js';
import type { Result } from '../output/view.js';
import { hashesInFiles, parseStateTexts, readStateFiles } from './desired-state/load-state-files.js';
import { isPlanFile } from '../desired-state/plan-file.js';
import type { ProtectedChange } from '../desired-state/protect.js';
import { applyChanges, type ApplyFlags, type ChangesToApply } from './desired-state/apply-plan.js';
import {
  addPlanFlags,
  addStateFiles,
  createPlan,
  loadPlanFile,
  namedStateFiles,
  type PlanFlags,
  type StateFileFlags,
} from './desired-state/load-plan.js';

interface ApplyOptions extends PlanFlags, Omit<ApplyFlags, 'passwordsOut'> {
  readonly files: readonly string[];
}

const maxConcurrency = 256;

function parseConcurrency(value: string): number {
  const count = Number(value);
  if (/^\d+$/.test(value) && count >= 1 && count <= maxConcurrency) return count;
  throw new InvalidArgumentError(`Use a number from 1 to ${maxConcurrency}.`);
}

export function define(command: Command, action: (options: ApplyOptions) => Promise<void>): void {
  addStateFiles(command, 'state files and directories, or one saved plan; - is standard input');
  addPlanFlags(command)
    .option('--yes', 'do not ask before removals')
    .option('--undo <file>', 'save a rollback file first')
    .addOption(new Option('--concurrency <count>', 'concurrent writes').argParser(parseConcurrency).default(16))
    .option('--fail-fast', 'stop at the first failure')
    .addHelpText(
      'after',
      `
Changes the cluster to match the state files. To finish an interrupted run, run
it again.

Examples:
  kapadmin apply users.yaml --passwords-out passwords
  kapadmin apply access/ --prune --yes --undo before.yaml
  kapadmin apply plan.json
  kapadmin export --with-hashes | kapadmin apply -`,
    )
    .action((files: string[], flags: Omit<ApplyOptions, 'files'> & StateFileFlags) =>
      action({ ...flags, files: namedStateFiles(files, flags) }),
    );
}

/** Throws a usage error for flags that apply only when a plan is created. */
function checkPlanFlags(options: ApplyOptions): void {
  const planFlags = [
    ['--prune', options.prune],
    ['--set-passwords', options.setPasswords],
    ['--check-passwords', options.checkPasswords],
  ].flatMap(([flag, value]) => (value === undefined ? [] : [flag]));
  if (planFlags.length === 0) return;
  throw usageError('plan-is-made', `${planFlags.join(', ')} cannot be combined with a saved plan`);
}

async function loadChanges(
  options: ApplyOptions,
  factory: Factory,
): Promise<ChangesToApply & { readonly protectedChanges: readonly ProtectedChange[] }> {
  const texts = await readStateFiles(options.files, factory.context);
  const plan = texts.find(({ text }) => isPlanFile(text));
  if (plan !== undefined) {
    if (texts.length > 1) throw usageError('two-files', 'a saved plan cannot be combined with other files');
    checkPlanFlags(options);
    return { ...(await loadPlanFile(plan, options, factory)), protectedChanges: [] };
  }
  const loaded = parseStateTexts(texts, options.force === true, factory);
  const { changes, cluster, protectedChanges } = await createPlan(loaded, options, factory);
  return { changes, cluster, protectedChanges, hashes: hashesInFiles(loaded.desired) };
}

export async function run(options: ApplyOptions, factory: Factory): Promise<Result<unknown>> {
  const toApply = await loadChanges(options, factory);
  if (factory.flags.dryRun === true) {
    factory.logger.info('Dry run: no changes were made.');
    return {
      data: { changes: toApply.changes, protectedChanges: toApply.protectedChanges, drift: null },
      view: planView,
    };
  }
  return applyChanges(toApply, options, factory);
}
