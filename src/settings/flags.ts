import { type Command, Option } from 'commander';
import { usageError } from '../errors.js';
import { collectValue, excerpt } from '../model/text.js';

/** The outputs that every command has. */
export const commonFormats: readonly string[] = ['table', 'json', 'yaml'];

/** Throws a usage error unless the output is one that every command has or one of `extra`. */
export function checkFormat(format: string, extra: readonly string[]): void {
  const known = [...commonFormats, ...extra];
  if (known.includes(format)) return;
  throw usageError('unknown-output', `this command has no output "${excerpt(format, 40)}"; it has ${known.join(', ')}`);
}

/** The flags that every command takes, as commander names them. */
export interface GlobalFlags {
  readonly output?: string;
  readonly out?: string;
  readonly csvRaw?: boolean;
  readonly quiet?: boolean;
  /** False for `--no-color`. */
  readonly color?: boolean;
  readonly debug?: boolean;
  readonly showRequest?: boolean;
  readonly dryRun?: boolean;
  /** Several only where the command takes them, one in the `Factory` of each. */
  readonly profile?: readonly string[];
  readonly config?: string;
  readonly metaUrl?: readonly string[];
  readonly metaUsername?: string;
  readonly metaPasswordStdin?: boolean;
  readonly metaPasswordFile?: string;
  readonly metaSecretFile?: string;
  readonly metaCa?: string;
  readonly metaCert?: string;
  readonly metaKey?: string;
  readonly metaInsecureSkipVerify?: boolean;
  readonly readLeader?: boolean;
  readonly connectTimeout?: string;
  readonly timeout?: string;
  readonly wait?: string;
  readonly retries?: string;
  readonly maxBody?: string;
}

/** For a flag that says who asks whom: of two values none is left out without a word. */
function single(flag: string): (value: string, before: string | undefined) => string {
  return (value, before) => {
    if (before === undefined) return value;
    throw usageError('repeated-flag', `${flag} was given twice`, 'Use it once.');
  };
}

const output: readonly Option[] = [
  new Option('-o, --output <format>', 'output format: table (default), json, yaml; for lists csv and name'),
  new Option('--out <file>', 'write the output to a file, atomically'),
  new Option('--csv-raw', "CSV without the ' that stops spreadsheets from running formulas"),
  new Option('-q, --quiet', 'suppress notes'),
  new Option('--no-color', 'no colors (also NO_COLOR; FORCE_COLOR enables them)'),
  new Option('--debug', 'log each step and print stack traces'),
  new Option('--show-request', 'print each HTTP request as a curl command, without secrets'),
  new Option('--dry-run', 'show what would change, without changing anything'),
];

const connection: readonly Option[] = [
  new Option('--profile <name>', 'use this profile; repeatable on doctor, plan, user list, auth matrix').argParser(
    collectValue,
  ),
  new Option('--config <file>', 'configuration file (default: in ~/.config/kapadmin)'),
  new Option('--meta-url <url>', 'URL of a meta node, repeatable (http://localhost:8091)').argParser(collectValue),
  new Option('--meta-username <name>', 'account that sends the requests'),
  new Option('--meta-password-stdin', 'read its password from standard input'),
  new Option('--meta-password-file <file>', 'read its password from a file'),
  new Option('--meta-secret-file <file>', 'read the shared secret of the meta nodes from a file'),
  new Option('--meta-ca <file>', 'CA certificates of the meta nodes (PEM)'),
  new Option('--meta-cert <file>', 'client certificate (PEM)'),
  new Option('--meta-key <file>', 'private key of the client certificate (PEM)'),
  new Option('--meta-insecure-skip-verify', 'do not verify the TLS certificates of meta nodes'),
  new Option('--read-leader', 'send reads to the leader, too'),
  new Option('--connect-timeout <duration>', 'timeout for connecting (3s)'),
  new Option('--timeout <duration>', 'timeout for a request (10s)'),
  new Option('--wait <duration>', 'maximum wait until a write is visible (2s)'),
  new Option('--retries <count>', 'retries of a failed request; 0: send it once (3)'),
  new Option('--max-body <size>', 'maximum response size (64MiB)'),
];

/** Declares the global flags on the program; they may appear anywhere on the command line. */
export function declareGlobalFlags(program: Command): void {
  program.optionsGroup('Output:');
  for (const option of output) program.addOption(option);
  program.optionsGroup('Connection (also KAPADMIN_META_URL, KAPADMIN_META_USERNAME, ... and profiles):');
  for (const option of connection) {
    const takesOne = option.required && option.parseArg === undefined;
    program.addOption(takesOne ? option.argParser(single(option.long ?? option.flags)) : option);
  }
}

/** Throws a usage error that names a flag of a command that is for one cluster. */
export function refuseForClusters(flags: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(flags).find((flag) => flags[flag] !== undefined && flags[flag] !== false);
  if (given === undefined) return;
  throw usageError('one-cluster', `${given} cannot be used with several --profile`, 'Name one profile.');
}
