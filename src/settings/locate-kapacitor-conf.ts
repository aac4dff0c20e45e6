import { isAbsolute, join } from 'node:path';
import { systemReason, usageError } from '../errors.js';
import type { Context } from '../context.js';
import {
  detectEnvironmentFormat,
  readEnvironmentLines,
  type EnvironmentFormat,
  environmentFormats,
  type EnvironmentText,
  type IgnoredLine,
  type OtherFile,
} from '../kapacitor-config/environment-formats.js';
import { partitionVariables, toKapacitorEnvironment } from '../kapacitor-config/fields.js';
import type { KapacitorVersion } from '../model/kapacitor-versions.js';
import { prefixError, readNamedFile } from './files-and-stdin.js';
import type { Files } from '../files/files.js';
import type { DaemonFile } from '../kapacitor-config/tls-files.js';
import { type Command, Option } from 'commander';
import { excerpt } from '../model/text.js';
import { commandLine, type ShellCommand } from '../model/shell-command.js';

export interface KapacitorConfOptions {
  readonly kapacitorConf?: string | undefined;
  readonly envFile?: string | undefined;
  /** The format of `envFile`; default: detected from its content. */
  readonly envFormat?: EnvironmentFormat | undefined;
  readonly noEnv?: boolean | undefined;
  /** The Kapacitor version; default 1.8. */
  readonly version?: KapacitorVersion | undefined;
}

/** The places of the system, which tests move. */
interface KapacitorPaths {
  readonly conf: string;
  readonly environment: string;
}

/** What a kapacitord on this machine would be given. */
export interface KapacitorSources {
  /** Absent: there is none. */
  readonly file?: { readonly path: string; readonly text: string; readonly bytes: Uint8Array; readonly mode: number };
  /** The variables that the daemon reads. */
  readonly env: ReadonlyMap<string, string>;
  /** Other variables that begin with `KAPACITOR`, in any letter case: those of clients, misspelt ones. */
  readonly others: ReadonlyMap<string, string>;
  /** Where they come from, for people: a path, `the shell`, or `--no-env`. */
  readonly envOrigin: string;
  /** Lines of the file that name a variable of Kapacitor and give the daemon none. */
  readonly dropped: readonly IgnoredLine[];
  /** What is known of the file where they come from one: each variable's line, how it is written, its mode and text. */
  readonly envFile?: EnvironmentFileFacts;
  /** What is missing, because it stands in other files: for people. */
  readonly warnings: readonly string[];
}

interface EnvironmentFileFacts {
  readonly lines: ReadonlyMap<string, number>;
  readonly form: EnvironmentFormat;
  readonly mode: number;
  readonly text: string;
}

const defaultPaths: KapacitorPaths = {
  conf: '/etc/kapacitor/kapacitor.conf',
  environment: '/etc/default/kapacitor',
};
const maxConfBytes = 1024 * 1024;
const maxEnvironmentBytes = 1024 * 1024;

/** The file that is named: it must be there. `/dev/null` means none, as for the daemon. */
async function readNamedConf(name: string, place: string, context: Context): Promise<KapacitorSources['file']> {
  if (name === '/dev/null') return undefined;
  const hint = 'Use a kapacitor.conf that you can read, or /dev/null for none.';
  const { path, text, bytes, mode } = await readNamedFile(context, name, place, maxConfBytes, hint);
  return { path, text, bytes, mode };
}

/** The first file that is there and not empty (cmd/kapacitord/run/config_command.go, FindConfigPath). */
async function findConfFile(context: Context, paths: KapacitorPaths): Promise<KapacitorSources['file']> {
  const own = isAbsolute(context.home) ? [join(context.home, '.kapacitor', 'kapacitor.conf')] : [];
  for (const file of [...own, paths.conf]) {
    const read = await context.files.readOptional(file, maxConfBytes).catch((error: unknown) => {
      throw prefixError(
        error,
        'kapacitor.conf',
        'Run as a user who can read it, or pass a copy with --kapacitor-conf.',
      );
    });
    if (read === undefined || read.bytes.length === 0) continue;
    const { text, bytes, mode } = read;
    return { path: file, text, bytes, mode };
  }
  return undefined;
}

type ReadEnvironment = Omit<KapacitorSources, 'file'>;

async function parseEnvironmentFile(file: string, text: string, form: EnvironmentFormat): Promise<EnvironmentText> {
  if (form !== 'compose') return readEnvironmentLines(text, form);
  const { readComposeFile } = await import('./docker-compose.js');
  return readComposeFile(file, text);
}

/** The variables of a file that `--env-file` names are not read: what they set is missing in every verdict. */
function otherFileWarning(file: string, { name, line }: OtherFile, form: EnvironmentFormat): string {
  const how =
    form === 'compose'
      ? 'To include it, run "docker compose config > resolved.yaml" there and pass --env-file resolved.yaml.'
      : 'To include it, pass one file with all variables.';
  const shown = excerpt(name, 100);
  return `${file}:${line}: Kapacitor also gets the variables of ${shown}, which is not read: settings may differ. ${how}`;
}

async function environmentFromFile(
  file: string,
  { bytes, mode }: { readonly bytes: Uint8Array; readonly mode: number },
  form?: EnvironmentFormat,
): Promise<ReadEnvironment> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw usageError('bad-env-file', `${file} is not valid UTF-8: systemd would reject it`);
  }
  if (text.includes('\0')) {
    throw usageError('bad-env-file', `${file} contains a NUL byte: systemd would reject it`);
  }
  const read = toKapacitorEnvironment(await parseEnvironmentFile(file, text, form ?? detectEnvironmentFormat(text)));
  const { variables: env, others, dropped, lines } = read;
  const warnings = read.otherFiles.map((other) => otherFileWarning(file, other, read.form));
  return { env, others, envOrigin: file, dropped, envFile: { lines, form: read.form, mode, text }, warnings };
}

function environmentFromShell(env: Context['env']): ReadEnvironment {
  const entries = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const { variables, others } = partitionVariables(entries);
  return { env: variables, others, envOrigin: 'the shell', dropped: [], warnings: [] };
}

async function readEnvironment(
  { envFile, envFormat, noEnv }: KapacitorConfOptions,
  context: Context,
  paths: KapacitorPaths,
): Promise<ReadEnvironment> {
  if (envFormat !== undefined && envFile === undefined) {
    throw usageError('no-env-file', '--env-format requires --env-file', 'Add --env-file FILE.');
  }
  if (noEnv === true) {
    if (envFile === undefined) {
      return { env: new Map(), others: new Map(), envOrigin: '--no-env', dropped: [], warnings: [] };
    }
    throw usageError('two-environments', '--env-file and --no-env cannot be combined', 'Use one of them.');
  }
  if (envFile !== undefined) {
    const hint = 'Use a file with lines such as KAPACITOR_AUTH_ENABLED=true, or --no-env.';
    const { path, ...read } = await readNamedFile(context, envFile, '--env-file', maxEnvironmentBytes, hint);
    return environmentFromFile(path, read, envFormat);
  }
  const system = await context.files.readOptional(paths.environment, maxEnvironmentBytes).catch(() => undefined);
  return system === undefined
    ? environmentFromShell(context.env)
    : environmentFromFile(paths.environment, system, 'systemd');
}

/**
 * The kapacitor.conf and the variables that the daemon would use. File: the one named, else `$KAPACITOR_CONFIG_PATH`,
 * else `~/.kapacitor/kapacitor.conf`, else that of the system. Variables: of the file named, else the system's when it
 * can be read, else the shell's; never of two. Throws a usage error for a file that is named or there and cannot be read.
 */
export async function locateKapacitorConf(
  options: KapacitorConfOptions,
  context: Context,
  paths: KapacitorPaths = defaultPaths,
): Promise<KapacitorSources> {
  const variable = context.env['KAPACITOR_CONFIG_PATH'];
  const file =
    options.kapacitorConf !== undefined
      ? await readNamedConf(options.kapacitorConf, '--kapacitor-conf', context)
      : variable
        ? await readNamedConf(variable, 'KAPACITOR_CONFIG_PATH', context)
        : await findConfFile(context, paths);
  return { ...(file === undefined ? {} : { file }), ...(await readEnvironment(options, context, paths)) };
}

/** A file that the daemon opens, with its permission bits, or with Go's words where it cannot be opened. */
export async function readDaemonFile(files: Files, file: string): Promise<DaemonFile & { readonly mode?: number }> {
  try {
    const { text, mode } = await files.read(file);
    return { content: text, mode };
  } catch (error) {
    const { cause } = error as Error;
    return { error: cause === undefined ? 'is a directory' : systemReason(cause) };
  }
}

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

/** The command that checks a configuration that was read with these options. */
export function configCheckCommand(
  conf: string | undefined,
  { envFile, envFormat, noEnv }: KapacitorConfOptions,
): ShellCommand {
  const flags = [
    ...(envFile === undefined ? [] : ['--env-file', envFile]),
    ...(envFormat === undefined ? [] : ['--env-format', envFormat]),
    ...(noEnv === true ? ['--no-env'] : []),
  ];
  return commandLine('kapadmin config check', conf === undefined ? [] : [conf], flags);
}
