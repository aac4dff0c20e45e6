import { Option, type Command } from 'commander';
import { usageError } from '../errors.js';
import { collectValue } from '../model/shell-command.js';

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
  readonly profile?: string;
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
    throw usageError('repeated-flag', `${flag} is given twice`, 'Give it once.');
  };
}

const output: readonly Option[] = [
  new Option('-o, --output <format>', 'table, json, yaml; for lists csv, name; more where a command says so'),
  new Option('--out <file>', 'write the output to a file, whole or not at all'),
  new Option('--csv-raw', "in CSV, no ' before what a spreadsheet would run as a formula"),
  new Option('-q, --quiet', 'no notes on stderr'),
  new Option('--no-color', 'no colour (also NO_COLOR; FORCE_COLOR asks for it)'),
  new Option('--debug', 'tell each step, and the stack of an error'),
  new Option('--show-request', 'print each HTTP request as a curl line, its secrets left out'),
  new Option('--dry-run', 'send no write; show what would be sent'),
];

const connection: readonly Option[] = [
  new Option('--profile <name>', 'a named connection of the configuration file'),
  new Option('--config <file>', 'the configuration file, in place of the one found'),
  new Option('--meta-url <url>', 'a meta node (repeatable)').argParser(collectValue),
  new Option('--meta-username <name>', 'the account that sends the requests'),
  new Option('--meta-password-stdin', 'its password from standard input'),
  new Option('--meta-password-file <file>', 'its password from a file'),
  new Option('--meta-secret-file <file>', "a file with the meta nodes' shared secret (bearer tokens)"),
  new Option('--meta-ca <file>', 'CA certificates that sign the meta nodes, PEM'),
  new Option('--meta-cert <file>', 'client certificate, PEM'),
  new Option('--meta-key <file>', 'key of the client certificate, PEM'),
  new Option('--meta-insecure-skip-verify', 'do not verify the certificates of meta nodes'),
  new Option('--read-leader', 'ask the leader also for reads'),
  new Option('--connect-timeout <duration>', 'limit for a connection (3s)'),
  new Option('--timeout <duration>', 'limit for one request with its answer (10s)'),
  new Option('--wait <duration>', 'how long a write may take to show in a read (2s)'),
  new Option('--retries <count>', 'tries again after a failed read or connection (3)'),
  new Option('--max-body <size>', 'largest answer that is read (64MiB)'),
];

/** Declares the global flags on the program; they may stand anywhere on the command line. */
export function declareGlobalFlags(program: Command): void {
  program.optionsGroup('Output:');
  for (const option of output) program.addOption(option);
  program.optionsGroup('Connection (also KAPADMIN_META_URL, KAPADMIN_META_USERNAME, ... and profiles):');
  for (const option of connection) {
    const takesOne = option.required && option.parseArg === undefined;
    program.addOption(takesOne ? option.argParser(single(option.long ?? option.flags)) : option);
  }
}
