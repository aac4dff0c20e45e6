import { type Command, Option } from 'commander';
import { type EnvironmentFormat, environmentFormats } from '../kapacitor-config/environment-formats.js';
import type { KapacitorConfOptions } from '../settings/kapacitor-conf.js';
import type { Factory } from '../cli/factory.js';
import { usageError } from '../errors.js';
import { type KapacitorVersion, knownReleasesHint, parseKapacitorVersion } from '../model/kapacitor-versions.js';
import { excerpt } from '../model/text.js';

/** Where Kapacitor's own configuration comes from, as commander names the flags. */
export interface KapacitorFlags {
  readonly kapacitorConf?: string;
  readonly envFile?: string;
  readonly envFormat?: EnvironmentFormat;
  /** False for `--no-env`. */
  readonly env?: boolean;
}

export function addKapacitorFlags(command: Command): void {
  command
    .optionsGroup("Kapacitor's configuration:")
    .option('--kapacitor-conf <file>', "Kapacitor's configuration file (default: where the daemon looks for it)")
    .option(
      '--env-file <file>',
      "Kapacitor's variables: environment file, compose file or unit (default: /etc/default/kapacitor, else the shell)",
    )
    .addOption(new Option('--env-format <form>', 'format of --env-file (default: detect)').choices(environmentFormats))
    .option('--no-env', "ignore Kapacitor's environment variables");
}

export function kapacitorOptions(flags: KapacitorFlags): KapacitorConfOptions {
  return {
    kapacitorConf: flags.kapacitorConf,
    envFile: flags.envFile,
    envFormat: flags.envFormat,
    noEnv: flags.env === false,
  };
}

export interface KapacitorVersionFlag {
  readonly kapacitorVersion?: string;
}

export function addKapacitorVersionFlag(command: Command): void {
  command.option('--kapacitor-version <release>', 'release of Kapacitor, such as 1.6.5 (default 1.8)');
}

/** The release that the flag names; undefined without it. Throws a usage error for an unknown release. */
export function parseVersionFlag({ kapacitorVersion: text }: KapacitorVersionFlag): KapacitorVersion | undefined {
  const version = text === undefined ? undefined : parseKapacitorVersion(text);
  if (text === undefined || version !== undefined) return version;
  const what = `"${excerpt(text, 40)}" is not a known release of Kapacitor`;
  throw usageError('bad-version', `--kapacitor-version: ${what}`, knownReleasesHint);
}

/** The Kapacitor version from flag, environment or profile, if any. Depends on the settings. */
export async function resolveKapacitorVersion(
  flags: KapacitorVersionFlag,
  factory: Factory,
): Promise<KapacitorVersion | undefined> {
  return parseVersionFlag(flags) ?? (await factory.networkSettings()).kapacitorVersion;
}
