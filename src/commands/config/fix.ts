import type { Command } from 'commander';
import type { Factory } from '../../cli/factory.js';
import { usageError } from '../../errors.js';
import type { EnvironmentFormat } from '../../kapacitor-config/environment-formats.js';
import { encodeFile } from '../../kapacitor-config/toml/document.js';
import { unifiedDiff } from '../../diagnostics/config/edit.js';
import { diffLines, fixNotes, fixView, type ConfigFix } from '../../output/views/config-commands.js';
import type { Result } from '../../output/view.js';
import { fixConfig, type FixedConfig } from '../../diagnostics/config/fix-config.js';
import { redactConfig, redactVariables } from '../../diagnostics/config/redact.js';
import { addConfigFlags, readFileInput, readTlsFiles, logVariableNotes, type ConfigFlags } from './input.js';

interface FixOptions extends ConfigFlags {
  readonly write?: boolean;
  readonly yes?: boolean;
}

export function define(command: Command, action: (options: FixOptions) => Promise<void>): void {
  addConfigFlags(command);
  command
    .optionsGroup('Results:')
    .option('--write', 'change the file and --env-file, after showing the changes')
    .option('--yes', 'do not ask before changing the files')
    .addHelpText(
      'after',
      `
Fixes only what has one certain fix; keeps comments and order. Printed secrets
are shown as ***; --out FILE and --write save the real values.

Examples:
  kapadmin config fix kapacitor.conf --out fixed.conf
  kapadmin config fix /etc/kapacitor/kapacitor.conf --write`,
    )
    .action((file: string | undefined, options: FixOptions) =>
      action(file === undefined ? options : { ...options, file }),
    );
}

/** Asks before the file is changed. Throws a usage error where that is declined. */
async function confirmFix(files: string, diff: string, factory: Factory): Promise<void> {
  for (const line of diffLines(diff)) factory.logger.show(line);
  const isConfirmed = await (await factory.prompter()).confirmByTyping(`Type "yes" to change ${files}`, 'yes');
  if (!isConfirmed) throw usageError('not-confirmed', 'not confirmed: nothing was written');
}

interface FileChange {
  readonly file: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** Writes the file atomically and keeps its mode and owner. Throws if it changed since it was read. */
async function replaceFile({ file, before, after }: FileChange, { context }: Factory): Promise<void> {
  const { bytes, mode, uid, gid } = await context.files.read(file);
  if (Buffer.compare(bytes, before) !== 0) {
    const message = `${file} was changed in the meantime; nothing was written`;
    throw usageError('changed-meanwhile', message, 'Run it again.');
  }
  await context.files.writeFileAtomic(file, after, mode, { uid, gid });
}

/** The files that change: kapacitor.conf, and the file of variables. */
function fileChanges(file: string, environmentFile: string, { before, after, environment }: FixedConfig): FileChange[] {
  const conf = before === after ? [] : [{ file, before: encodeFile(before), after: encodeFile(after) }];
  if (environment === undefined) return conf;
  const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
  const variables = { file: environmentFile, before: bytes(environment.before), after: bytes(environment.after) };
  return [...conf, variables];
}

async function writeChanges(
  diff: string,
  changes: readonly FileChange[],
  options: FixOptions,
  factory: Factory,
): Promise<NonNullable<ConfigFix['written']>> {
  const files = changes.map(({ file }) => file);
  if (changes.length === 0 || factory.flags.dryRun === true) return { done: false, isDiffPrinted: false, files };
  const isPrompted = options.yes !== true;
  if (isPrompted) await confirmFix(files.join(' and '), diff, factory);
  for (const one of changes) await replaceFile(one, factory);
  return { done: true, isDiffPrinted: isPrompted, files };
}

/** How the changes take effect; `form` is that of the changed file of variables, if it changed. */
function restartNote(form: EnvironmentFormat | undefined): string {
  if (form === 'compose' || form === 'docker') return 'Recreate the container so that it takes effect.';
  const reload = form === 'unit' ? 'Run systemctl daemon-reload, then restart' : 'Restart';
  return `${reload} Kapacitor so that it takes effect.`;
}

export async function run(options: FixOptions, factory: Factory): Promise<Result<ConfigFix>> {
  const { flags, logger } = factory;
  if (options.write === true && options.yes !== true && flags.dryRun !== true && !factory.context.io.isInteractive) {
    const message = 'changing the file requires --yes without a terminal';
    throw usageError('not-confirmed', message, 'No changes were made.');
  }
  const input = await readFileInput(options, factory);
  logVariableNotes(input, factory);
  const tlsFiles = await readTlsFiles(input, factory);
  const config = fixConfig(input, tlsFiles, { variables: options.write === true });
  const shown = redactConfig(config.after);
  const isKept = flags.out !== undefined;
  const { environment } = config;
  const form = input.environment.file?.form ?? 'systemd';
  const environmentDiff =
    environment === undefined
      ? ''
      : unifiedDiff(redactVariables(environment.before, form), redactVariables(environment.after, form));
  const fixed: ConfigFix = {
    file: input.file.path,
    shown,
    printed: isKept ? config.after : shown,
    diff: unifiedDiff(redactConfig(config.before), shown) + environmentDiff,
    fixed: config.fixed,
    remaining: config.remaining,
  };
  const isSaved = options.write === true ? flags.dryRun !== true : flags.out !== undefined;
  const stage = !isSaved ? 'shown' : options.write === true && options.yes !== true ? 'planned' : 'done';
  const isMore = options.write !== true && config.remaining.some(({ place }) => place?.in === 'environment');
  const withWrite = isMore ? fixConfig(input, tlsFiles, { variables: true }).fixed.map(({ fact }) => fact) : [];
  for (const note of fixNotes(fixed, stage, new Set(withWrite))) logger.info(note);
  if (options.write === true) {
    const changes = fileChanges(input.file.path, input.environment.from, config);
    const written = await writeChanges(fixed.diff, changes, options, factory);
    if (written.done && fixed.diff.includes('***'))
      logger.info('Secrets are shown as ***; the file has the real values.');
    if (written.done) logger.info(restartNote(config.environment === undefined ? undefined : form));
    return { data: { ...fixed, written }, view: fixView };
  }
  if (flags.out !== undefined) logger.info(`The fixed file, with its real secrets, goes to ${flags.out}.`);
  else {
    if (fixed.diff !== '') logger.info(`${input.file.path} is unchanged. To save the fixes: --write, or --out FILE`);
    const saving = fixed.diff === '' ? '' : '; --out FILE and --write save the real values';
    if (shown !== config.after) logger.warn(`secrets are shown as ***${saving}`);
  }
  return { data: fixed, view: fixView };
}
