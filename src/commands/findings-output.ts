import { Option, type Command } from 'commander';
import type { Factory } from '../cli/factory.js';
import { usageError } from '../errors.js';
import type { Result } from '../output/view.js';
import { type FindingsOutput, findingsView } from '../output/views/findings.js';
import { hasSeverity, type FindingsReport } from '../diagnostics/finding.js';
import { resolvePath } from '../settings/files-and-stdin.js';

/** The outputs of every command that gives findings. */
export const findingFormats = ['sarif', 'junit'] as const;

export interface FindingsFlags {
  readonly failOn?: 'warning' | 'error';
  readonly sarifAnchor?: string;
}

export function addFindingsFlags(command: Command): void {
  const failOn = new Option('--fail-on <severity>', 'minimum severity for exit code 1 (default: error)');
  const anchor = '--sarif-anchor <file>';
  command
    .addOption(failOn.choices(['warning', 'error']).helpGroup('Results:'))
    .addOption(
      new Option(anchor, 'with -o sarif: file for findings without one (default: the configuration)').helpGroup(
        'Results:',
      ),
    );
}

/**
 * How findings are printed; for before anything is sent. Throws a usage error for SARIF without a file that all
 * findings can be shown in: code scanning drops a result without one.
 * @param configuration finds the file that the command is about
 */
export async function findingsOutput(
  { failOn = 'error', sarifAnchor }: FindingsFlags,
  configuration: () => string | undefined | Promise<string | undefined>,
  factory: Factory,
): Promise<FindingsOutput> {
  const { cwd } = factory.context;
  if (sarifAnchor === '') throw usageError('bad-anchor', '--sarif-anchor: the file has no name');
  if (sarifAnchor !== undefined) return { failOn, base: cwd, anchor: resolvePath(sarifAnchor, factory.context) };
  if ((await factory.outputFormat(findingFormats)) !== 'sarif') return { failOn, base: cwd, anchor: undefined };
  const anchor = await configuration();
  if (anchor !== undefined) return { failOn, base: cwd, anchor };
  throw usageError(
    'no-anchor',
    'SARIF needs a file for findings about no file, and there is no kapacitor.conf here',
    'Name one of your repository: --sarif-anchor FILE',
  );
}

/** Findings as the result of a command, which says no where one is bad enough. */
export function findingsResult(
  report: FindingsReport,
  output: FindingsOutput,
): Pick<Result<FindingsReport>, 'data' | 'view' | 'end'> {
  const fails = hasSeverity(report.findings, output.failOn);
  return { data: report, view: findingsView(output), ...(fails ? { end: 'no' as const } : {}) };
}
