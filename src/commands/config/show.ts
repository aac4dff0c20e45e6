import type { Command } from 'commander';
import type { Factory } from '../../cli/factory.js';
import { usedConfigView } from '../../output/views/config-commands.js';
import type { Result } from '../../output/view.js';
import { effectiveConfig, type EffectiveConfig } from '../../diagnostics/config/facts.js';
import { configCheckCommand, kapacitorOptions } from '../../settings/locate-kapacitor-conf.js';
import { addConfigFlags, readInput, readTlsFiles, logVariableNotes, type ConfigFlags } from './input.js';

export function define(command: Command, action: (options: ConfigFlags) => Promise<void>): void {
  addConfigFlags(command);
  command
    .addHelpText(
      'after',
      `
Secrets are shown as ***.

Examples:
  kapadmin config show
  kapadmin config show kapacitor.conf --no-env -o json`,
    )
    .action((file: string | undefined, options: ConfigFlags) =>
      action(file === undefined ? options : { ...options, file }),
    );
}

export async function run(options: ConfigFlags, factory: Factory): Promise<Result<EffectiveConfig>> {
  const input = await readInput(options, factory);
  logVariableNotes(input, factory);
  const data = effectiveConfig(input, await readTlsFiles(input, factory));
  if (data.refusal !== undefined) {
    factory.logger.info(`To see how to fix it: ${configCheckCommand(data.file, kapacitorOptions(options))}`);
  }
  return { data, view: usedConfigView, ...(data.refusal === undefined ? {} : { end: 'no' as const }) };
}
