import type { PromptSpecs } from '../../cli/command.js';
import type { Command } from 'commander';
import { notFoundError } from '../../model/user.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import type { Change } from '../../mutations/change.js';
import type { Factory } from '../../cli/factory.js';
import { flushCommand } from '../../model/shell-command.js';
import { showName } from '../../model/text.js';
import { isBcryptHash, Secret } from '../../model/secret.js';
import type { Result } from '../../output/view.js';
import {
  addPasswordFlags,
  hasPasswordSource,
  type PasswordFlags,
  readPassword,
} from '../../settings/password-flags.js';
import {
  changesResult,
  executeChanges,
  type ExecutedChanges,
  generatedPasswordsResult,
  hasWritten,
  warnAboutOldPassword,
} from '../execute-changes.js';
import { namePrompt } from '../prompts.js';

interface PasswdOptions extends PasswordFlags {
  readonly name: string;
}

export const prompts: PromptSpecs<PasswdOptions> = { name: namePrompt('user') };

export function define(command: Command, action: (options: PasswdOptions) => Promise<void>): void {
  command.argument('<user>', 'name of the user');
  addPasswordFlags(command, 'the new password', { generate: true });
  command
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin user passwd johndoe\n  kapadmin user passwd johndoe --password-file new-password',
    )
    .action((name: string, flags: PasswordFlags) => action({ ...flags, name }));
}

/** The result of reading the new password's hash, and its effect in Kapacitor. */
async function reportPasswordChange(
  name: string,
  { after, summary }: ExecutedChanges,
  factory: Factory,
): Promise<void> {
  const hash = after.users.get(name)?.hash;
  if (
    summary.results.every(({ status }) => status === 'done') &&
    hash !== undefined &&
    hash.reveal() !== '' &&
    !isBcryptHash(hash)
  ) {
    factory.logger.warn(
      `the server stores a hash of ${showName(name)} that is not bcrypt: the new password was not verified, and Kapacitor cannot check it`,
    );
  }
  const { credentials } = await factory.settings();
  if (credentials.kind === 'basic' && credentials.username === name) {
    await warnAboutOldPassword(name, factory);
  }
  factory.logger.info(
    'Kapacitor may accept the old password for up to 1h plus its cache-expiration (1h10m by default), ' +
      'or until the new one is first accepted. It may reject the new one once. ' +
      `To end this at once: ${String(flushCommand([name]))}`,
  );
}

export async function run({ name, ...flags }: PasswdOptions, factory: Factory): Promise<Result<unknown>> {
  const isPrompted = !hasPasswordSource(flags) && factory.context.io.isInteractive;
  const read = async (): Promise<Secret> =>
    (await readPassword(flags, factory, `New password of user ${showName(name)}`, { twice: true, generate: true }))
      .secret;
  const given = isPrompted ? undefined : await read();
  const before = await readSnapshot(await factory.metaClient(), { users: [name] }, factory.context.stop);
  const isDry = factory.flags.dryRun === true;
  if (!before.users.has(name)) {
    throw notFoundError('user', [name], `cannot change the password of user ${showName(name)}`);
  }
  const password = given ?? (isDry ? new Secret('') : await read());
  const change: Change = { on: 'user', name, action: 'change-password', password: { from: 'given' } };
  const passwords = new Map([[name, password]]);
  const executed = await executeChanges({ changes: [change], before, passwords }, factory);
  if (!hasWritten(executed)) return changesResult(executed);
  await reportPasswordChange(name, executed, factory);
  return flags.generate === true
    ? generatedPasswordsResult([name], passwords, executed, factory)
    : changesResult(executed);
}
