import { type Command, Option } from 'commander';
import type { Change } from '../../mutations/change.js';
import { notFoundError } from '../../model/not-found.js';
import { type Snapshot, readSnapshot } from '../../mutations/snapshot.js';
import type { Factory } from '../../cli/factory.js';
import { usageError } from '../../errors.js';
import { showName, showNames } from '../../model/text.js';
import type { Result } from '../../output/view.js';
import { type RotationResult, rotationView } from '../../output/views/passwords.js';
import { isInteractive } from '../../prompt/prompter.js';
import { resolvePath } from '../../settings/read-input.js';
import { executeChanges, ownAccount, changesResult, reportErrorsOnce } from '../execute-changes.js';
import { addKapacitorFlags, type KapacitorFlags, kapacitorOptions } from '../kapacitor-flags.js';
import { collectList } from '../../model/shell-command.js';
import { readKapacitorTarget, predictKapacitor, rotateOneByOne } from './rotation.js';
import { checkPasswordsFile, openPasswordsFile } from '../desired-state/passwords-file.js';

interface RotateOptions extends KapacitorFlags {
  readonly names: readonly string[];
  readonly all?: boolean;
  readonly except?: readonly string[];
  readonly passwordsOut?: string;
  readonly failFast?: boolean;
  readonly yes?: boolean;
}

export function define(command: Command, action: (options: RotateOptions) => Promise<void>): void {
  command
    .argument('[user...]', 'names of the users')
    .option('--all', 'all users')
    .addOption(new Option('--except <user>', 'with --all: skip this user (repeatable)').argParser(collectList))
    .option('--passwords-out <file>', 'file for the new passwords (required)')
    .option('--fail-fast', 'stop at the first failure')
    .option('--yes', 'do not ask before changing several passwords');
  addKapacitorFlags(command);
  command
    .addHelpText(
      'after',
      `
Verifies each new password, then says until when Kapacitor may accept the old
ones. The --passwords-out file gets one line of JSON per password:
{"name","password","at"}. The last line of a name is the current one.

Examples:
  kapadmin user rotate johndoe --passwords-out passwords
  kapadmin user rotate --all --except admin --passwords-out passwords --yes`,
    )
    .action((names: string[], flags: Omit<RotateOptions, 'names'>) => action({ ...flags, names }));
}

/** Throws a usage error for words that do not say clearly who is meant, and where the passwords go. */
function checkOptions({ names, all, except, passwordsOut }: RotateOptions): string {
  if (all === true && names.length > 0) throw usageError('usage', '--all and names cannot be combined');
  if (all !== true && names.length === 0) throw usageError('usage', 'no users given: add names or --all');
  if (all !== true && except !== undefined) throw usageError('usage', '--except requires --all');
  if (passwordsOut !== undefined) return passwordsOut;
  throw usageError('no-passwords-file', '--passwords-out FILE is required', 'No changes were made.');
}

/** Throws a usage error if more than one password is to be changed without confirmation. */
async function confirmRotation(names: readonly string[], own: string | undefined, yes: boolean, factory: Factory) {
  if (own !== undefined && names.includes(own)) {
    factory.logger.warn(`${showName(own)} is the account of this connection; its password is changed last`);
  }
  if (names.length < 2 || yes) return;
  const count = String(names.length);
  if (!isInteractive(factory.context)) {
    const message = `changing ${count} passwords requires --yes without a terminal`;
    throw usageError('not-confirmed', message, 'No changes were made.');
  }
  const prompter = await factory.prompter();
  if (await prompter.confirmByTyping(`Type "${count}" to change the passwords of ${showNames(names, 5)}`, count))
    return;
  throw usageError('not-confirmed', 'not confirmed: no changes were made');
}

/** Who gets a new password, the account of the connection last. */
function selectUsers(
  { names, all, except = [] }: RotateOptions,
  before: Snapshot,
  own: string | undefined,
): readonly string[] {
  const unknown = except.filter((name) => !before.users.has(name));
  if (unknown.length > 0) {
    throw notFoundError('user', unknown, 'cannot skip users (--except)');
  }
  const selected =
    all === true ? [...before.users.keys()].filter((name) => !except.includes(name)).sort() : [...new Set(names)];
  return [...selected.filter((name) => name !== own), ...selected.filter((name) => name === own)];
}

export async function run(options: RotateOptions, factory: Factory): Promise<Result<unknown>> {
  const { context } = factory;
  const passwordsOut = resolvePath(checkOptions(options), context);
  await checkPasswordsFile(passwordsOut, context);
  const target = await readKapacitorTarget(kapacitorOptions(options), factory);
  const own = await ownAccount(factory);
  const selection = options.all === true ? 'all' : options.names;
  const before = await readSnapshot(await factory.metaClient(), { users: selection }, context.stop);
  const targets = selectUsers(options, before, own);
  const changes = targets.map((name): Change => {
    return { on: 'user', name, action: 'change-password', password: { from: 'generate' } };
  });
  if (factory.flags.dryRun === true) return changesResult(await executeChanges({ changes, before }, factory));
  await confirmRotation(
    targets.filter((name) => before.users.has(name)),
    own,
    options.yes === true,
    factory,
  );
  const passwords = await openPasswordsFile(passwordsOut, context);
  try {
    const { summary, verified } = await rotateOneByOne(changes, before, passwords, options.failFast === true, factory);
    const changed = summary.results
      .filter(({ status }) => status === 'done' || status === 'unknown')
      .map(({ change }) => change.name);
    const at = context.clock.now();
    const kapacitor = changed.length === 0 ? null : await predictKapacitor(target, changed, own, at, factory);
    const { changes: shown, failure } = reportErrorsOnce(summary);
    const data: RotationResult = { changes: shown, verified, passwordsOut, kapacitor };
    return { data, view: rotationView, ...(failure === undefined ? {} : { failure }) };
  } finally {
    await passwords.close();
  }
}
