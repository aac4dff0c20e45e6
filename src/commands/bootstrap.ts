import type { PromptSpecs } from '../cli/command.js';
import type { Command } from 'commander';
import { type Change, summaryError } from '../mutations/change.js';
import { snapshotOf } from '../mutations/snapshot.js';
import type { ChangeClient } from '../mutations/change-transport.js';
import type { Factory } from '../cli/factory.js';
import { KapadminError } from '../errors.js';
import type { MetaClient } from '../meta/api.js';
import { checkNewName, showName } from '../model/text.js';
import { everyPermission } from '../model/permissions.js';
import { type AnonymousRead, bootstrapView } from '../output/views/changes.js';
import type { Result } from '../output/view.js';
import { addPasswordFlags, type PasswordFlags, readPassword } from '../settings/password.js';
import { executeChanges, changesResult } from './execute-changes.js';
import { generatedPasswordsResult } from './generated-passwords.js';
import { newNamePrompt } from './prompts.js';

interface BootstrapOptions extends PasswordFlags {
  readonly name: string;
}

export const prompts: PromptSpecs<BootstrapOptions> = { name: newNamePrompt('user') };

export function define(command: Command, action: (options: BootstrapOptions) => Promise<void>): void {
  command.argument('<user>', 'name of the first admin user');
  addPasswordFlags(command, "the user's password", { generate: true });
  command
    .addHelpText(
      'after',
      '\nSends its first request without credentials, grants the user every permission' +
        '\nexcept NoPermissions, and verifies that the meta node rejects requests without' +
        '\ncredentials.' +
        '\n\nExamples:\n  kapadmin bootstrap admin\n  kapadmin bootstrap admin --password-file admin-password',
    )
    .action((name: string, flags: PasswordFlags) => action({ ...flags, name }));
}

/** Milliseconds between two tries to log in. */
const pause = 50;

async function errorOf(promise: Promise<unknown>): Promise<KapadminError | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    if (error instanceof KapadminError) return error;
    throw error;
  }
}

/** Throws where the cluster has a user: it shows one, or asks for the credentials of one. */
async function checkEmpty(anonymous: MetaClient, signal: AbortSignal): Promise<void> {
  const exists = (why: string): KapadminError =>
    new KapadminError('exists', 'users-exist', `the cluster already has users: ${why}`, {
      hint: 'Log in as an admin (--meta-username NAME) and use kapadmin user create.',
    });
  try {
    const [first] = await anonymous.users({ signal });
    if (first !== undefined) throw exists(`user ${showName(first.name)} exists`);
  } catch (error) {
    if (!(error instanceof KapadminError) || error.code === 'users-exist') throw error;
    if (error.kind === 'refused') throw exists('it requires credentials');
    if (error.code !== 'no-admin-user') throw error;
  }
}

function isUnknownUser(error: unknown): boolean {
  return error instanceof KapadminError && (error.kind === 'refused' || error.code === 'no-admin-user');
}

/**
 * Creates without credentials, and does all else as the user that was created. A node that lags does not know that
 * user at first: its login is waited for.
 */
async function firstClient(anonymous: MetaClient, own: MetaClient, factory: Factory): Promise<ChangeClient> {
  const { clock, stop } = factory.context;
  const { wait } = (await factory.networkSettings()).limits;
  const users: ChangeClient['users'] = async (options) => {
    try {
      return await own.users(options);
    } catch (error) {
      if (isUnknownUser(error)) return [];
      throw error;
    }
  };
  const loggedIn = async (name: string): Promise<void> => {
    const until = clock.now() + wait;
    while ((await users({ name, signal: stop })).length === 0 && clock.now() < until && !stop.aborted) {
      await clock.sleep(pause, stop);
    }
  };
  return {
    writeUser: async (write, options) => {
      if (write.action === 'create') return anonymous.writeUser(write, options);
      await loggedIn(write.user.name);
      return own.writeUser(write, options);
    },
    writeRole: (write, options) => own.writeRole(write, options),
    roles: (options) => own.roles(options),
    users,
  };
}

const fix = 'Set auth-enabled = true in the [meta] section of influxdb-meta.conf on every meta node, and restart them.';

/** Whether everybody may read users now, told with what to do about it. */
async function readAnonymously(anonymous: MetaClient, { logger, context }: Factory): Promise<AnonymousRead> {
  const error = await errorOf(anonymous.users({ signal: context.stop }));
  if (error === undefined) {
    logger.warn(`anyone can read and change the users of this cluster without credentials. ${fix}`);
    return 'allowed';
  }
  if (error.kind === 'refused') {
    logger.info('Verified: anonymous access is disabled.');
    return 'refused';
  }
  logger.warn(`cannot check anonymous access: ${error.message}`);
  return 'unknown';
}

export async function run({ name, ...flags }: BootstrapOptions, factory: Factory): Promise<Result<unknown>> {
  checkNewName('user', name);
  const question = `Password of the first user ${showName(name)}`;
  const { secret } = await readPassword(flags, factory, question, { twice: true, generate: true });
  const anonymous = await factory.metaClientWith({ kind: 'none' });
  const own = await factory.metaClientWith({ kind: 'basic', username: name, password: secret });
  await checkEmpty(anonymous, factory.context.stop);
  const changes: Change[] = [
    { on: 'user', name, action: 'create', password: { from: 'given' } },
    { on: 'user', name, action: 'add-permissions', permissions: [{ scope: '', permissions: everyPermission }] },
  ];
  const passwords = new Map([[name, secret]]);
  const client = await firstClient(anonymous, own, factory);
  const executed = await executeChanges({ changes, before: snapshotOf([], []), passwords, client }, factory);
  const isChecked = !executed.dryRun && summaryError(executed.summary) === undefined;
  const anonymousRead = isChecked ? await readAnonymously(anonymous, factory) : null;
  if (flags.generate === true && !executed.dryRun)
    return generatedPasswordsResult([name], passwords, executed, factory);
  const result = changesResult(executed);
  return { ...result, data: { ...result.data, anonymousRead }, view: bootstrapView };
}
