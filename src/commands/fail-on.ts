import { Option, type Command } from 'commander';
import type { Result } from '../output/view.js';
import { findingsView } from '../output/views/findings.js';
import { hasSeverity, type FindingsReport } from '../diagnostics/finding.js';

/** The outputs of every command that gives findings. */
export const findingFormats = ['sarif', 'junit'] as const;

export interface FailOnFlags {
  readonly failOn?: 'warning' | 'error';
}

export function addFailOn(command: Command): void {
  const option = new Option('--fail-on <severity>', 'minimum severity for exit code 1 (default: error)');
  command.addOption(option.choices(['warning', 'error']).helpGroup('Results:'));
}

/** Findings as the result of a command, which says no where one is bad enough. */
export function findingsResult(
  report: FindingsReport,
  { failOn = 'error' }: FailOnFlags,
): Pick<Result<FindingsReport>, 'data' | 'view' | 'end'> {
  const fails = hasSeverity(report.findings, failOn);
  return { data: report, view: findingsView, ...(fails ? { end: 'no' as const } : {}) };
}
