import type { Command } from 'commander';
import type { Factory } from '../../cli/factory.js';
import type { Result } from '../../output/view.js';
import { checkConfig } from '../../diagnostics/config/check-config.js';
import type { FindingsReport } from '../../diagnostics/finding.js';
import { addFailOn, findingFormats, findingsResult, type FailOnFlags } from '../fail-on.js';
import { addConfigFlags, readInput, readTlsFiles, tellVariables, type ConfigFlags } from './input.js';

export const formats = findingFormats;

interface CheckOptions extends ConfigFlags, FailOnFlags {}

export function define(command: Command, action: (options: CheckOptions) => Promise<void>): void {
  addConfigFlags(command);
  addFailOn(command);
  command
    .addHelpText(
      'after',
      `
Nothing is sent. To explain a finding: kapadmin explain ID

Examples:
  kapadmin config check
  kapadmin config check kapacitor.conf --env-file kapacitor.env
  kapadmin config check kapacitor.conf --no-env --fail-on warning -o sarif`,
    )
    .action((file: string | undefined, options: CheckOptions) =>
      action(file === undefined ? options : { ...options, file }),
    );
}

export async function run(options: CheckOptions, factory: Factory): Promise<Result<FindingsReport>> {
  const input = await readInput(options, factory);
  tellVariables(input, factory);
  const report = checkConfig(input, await readTlsFiles(input, factory));
  return findingsResult({ ...report, base: factory.context.cwd }, options);
}
