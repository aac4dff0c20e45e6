import type { Command } from 'commander';
import type { Factory } from '../../cli/factory.js';
import { usageError } from '../../errors.js';
import { referencedFiles } from '../../diagnostics/config/run-checks.js';
import type { ConfigInput, ConfigTlsFile, ConfigTlsFiles } from '../../diagnostics/config/facts.js';
import { variableNotes, variableReader } from '../../diagnostics/config/variable-checks.js';
import {
  addKapacitorFlags,
  type KapacitorFlags,
  kapacitorOptions,
  locateKapacitorConf,
  readDaemonFile,
} from '../../settings/locate-kapacitor-conf.js';
import {
  addKapacitorVersionFlag,
  type KapacitorVersionFlag,
  resolveKapacitorVersion,
} from '../../settings/kapacitor-version.js';
import { generateSharedSecret } from '../../settings/secrets.js';

/** The file that a command of `config` is about, and the flags beside it. */
export interface ConfigFlags extends KapacitorFlags, KapacitorVersionFlag {
  readonly file?: string;
}

export function addConfigFlags(command: Command): void {
  command.argument('[file]', 'a kapacitor.conf (default: where the daemon looks for it)');
  addKapacitorFlags(command);
  addKapacitorVersionFlag(command);
}

/** Placeholder of a new shared secret where none is written: generating one costs a short command a tenth of its time. */
const placeholderSecret = 'A NEW SHARED SECRET';

function configOptions(flags: ConfigFlags): ReturnType<typeof kapacitorOptions> {
  const options = kapacitorOptions(flags);
  if (flags.file === undefined) return options;
  if (options.kapacitorConf === undefined) return { ...options, kapacitorConf: flags.file };
  throw usageError('two-files', 'FILE and --kapacitor-conf cannot be combined', 'Use one of them.');
}

/**
 * The kapacitor.conf and the environment as the daemon would read them. Throws a usage error where there is neither
 * a file nor a variable.
 */
export async function readInput(flags: ConfigFlags, factory: Factory): Promise<ConfigInput> {
  const { file, env, others, envOrigin, envFile, dropped, warnings } = await locateKapacitorConf(
    configOptions(flags),
    factory.context,
  );
  for (const warning of warnings) factory.logger.warn(warning);
  const hasMisspelled = [...others.keys()].some((name) => /^kapacitor_(?:http|auth)_/i.test(name));
  if (file === undefined && env.size + dropped.length === 0 && !hasMisspelled) {
    const clientVariable = [...others.keys()].find((name) => variableReader(name) !== undefined);
    const clientNote =
      clientVariable === undefined
        ? ''
        : ` ${clientVariable} is read by ${variableReader(clientVariable)}, not by the daemon.`;
    const hint = `Name a kapacitor.conf, or use --env-file FILE.${clientNote}`;
    throw usageError('no-configuration', 'no kapacitor.conf and no Kapacitor variables found', hint);
  }
  return {
    file: file === undefined ? undefined : { path: file.path, content: file.bytes, mode: file.mode },
    environment: { variables: env, others, from: envOrigin, file: envFile, dropped },
    now: factory.context.clock.now(),
    freshSecret: placeholderSecret,
    version: await resolveKapacitorVersion(flags, factory),
  };
}

/** As `readInput`; throws if there is no file to change. */
export async function readFileInput(
  flags: ConfigFlags,
  factory: Factory,
): Promise<ConfigInput & { readonly file: NonNullable<ConfigInput['file']> }> {
  const input = await readInput(flags, factory);
  const { file } = input;
  if (file !== undefined) return { ...input, file, freshSecret: generateSharedSecret(factory) };
  throw usageError(
    'no-kapacitor-conf',
    'no kapacitor.conf found',
    'Create one: kapadmin config init --out kapacitor.conf',
  );
}

/** What is known of the files that the configuration names. */
export async function readTlsFiles(input: ConfigInput, { context }: Factory): Promise<ConfigTlsFiles> {
  const facts = new Map<string, ConfigTlsFile>();
  for (const path of referencedFiles(input)) {
    const absolutePath = path.startsWith('/') ? path : `${context.cwd}/${path}`;
    facts.set(path, await readDaemonFile(context.files, absolutePath));
  }
  return facts;
}

/** Logs notes on the variables. */
export function logVariableNotes(input: ConfigInput, { logger }: Factory): void {
  for (const note of variableNotes(input)) logger.info(`note: ${note}`);
}
