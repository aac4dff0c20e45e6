import { Option, type Command } from 'commander';
import { environmentForms, type EnvironmentForm } from '../../kapacitor-config/environment-formats.js';
import type { KapacitorOptions } from '../../settings/kapacitor-conf.js';

/** Where Kapacitor's own configuration comes from, as commander names the flags. */
export interface KapacitorFlags {
  readonly kapacitorConf?: string;
  readonly envFile?: string;
  readonly envFormat?: EnvironmentForm;
  /** False for `--no-env`. */
  readonly env?: boolean;
}

export function addKapacitorFlags(command: Command): void {
  command
    .optionsGroup("Kapacitor's configuration:")
    .option('--kapacitor-conf <file>', "Kapacitor's configuration file (else where the daemon looks for it)")
    .option(
      '--env-file <file>',
      "Kapacitor's variables: an environment file, a compose file or a unit (else /etc/default/kapacitor, else the shell)",
    )
    .addOption(
      new Option('--env-format <form>', 'how the file of --env-file is read (else its content tells)').choices(
        environmentForms,
      ),
    )
    .option('--no-env', 'take no variable of Kapacitor into account');
}

export function kapacitorOptions(flags: KapacitorFlags): KapacitorOptions {
  return {
    kapacitorConf: flags.kapacitorConf,
    envFile: flags.envFile,
    envFormat: flags.envFormat,
    noEnv: flags.env === false,
  };
}
