import type { Command } from 'commander';
import type { KapacitorOptions } from '../../settings/kapacitor.js';

/** Where Kapacitor's own configuration comes from, as commander names the flags. */
export interface KapacitorFlags {
  readonly kapacitorConf?: string;
  readonly envFile?: string;
  /** False for `--no-env`. */
  readonly env?: boolean;
}

export function addKapacitorFlags(command: Command): void {
  command
    .optionsGroup("Kapacitor's configuration:")
    .option('--kapacitor-conf <file>', "Kapacitor's configuration file (else where the daemon looks for it)")
    .option(
      '--env-file <file>',
      "Kapacitor's variables, as systemd has them (else /etc/default/kapacitor, else the shell)",
    )
    .option('--no-env', 'take no variable of Kapacitor into account');
}

export function kapacitorOptions(flags: KapacitorFlags): KapacitorOptions {
  return { kapacitorConf: flags.kapacitorConf, envFile: flags.envFile, noEnv: flags.env === false };
}
