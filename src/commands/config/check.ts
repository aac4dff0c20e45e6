import type { Command } from 'commander';
import type { Factory } from '../../cli/factory.js';
import type { Result } from '../../output/view.js';
import { checkConfig } from '../../diagnostics/config/fix-config.js';
import type { ConfigInput } from '../../diagnostics/config/facts.js';
import type { FindingsReport } from '../../diagnostics/finding.js';
import {
  addFindingsFlags,
  findingFormats,
  type FindingsFlags,
  findingsOutput,
  findingsResult,
} from '../findings-output.js';
import { addConfigFlags, readInput, readTlsFiles, logVariableNotes, type ConfigFlags } from './input.js';

export const formats = findingFormats;

interface CheckOptions extends ConfigFlags, FindingsFlags {}

export function define(command: Command, action: (options: CheckOptions) => Promise<void>): void {
  addConfigFlags(command);
  addFindingsFlags(command);
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

function configurationFile({ file, environment }: ConfigInput): string | undefined {
  return file?.path ?? (environment.file === undefined ? undefined : environment.from);
}

export async function run(options: CheckOptions, factory: Factory): Promise<Result<FindingsReport>> {
  const { clock } = factory.context;
  const began = clock.now();
  const input = await readInput(options, factory);
  const output = await findingsOutput(options, () => configurationFile(input), factory);
  logVariableNotes(input, factory);
  const report = checkConfig(input, await readTlsFiles(input, factory));
  return findingsResult(report, { ...output, milliseconds: clock.now() - began });
}
