import type { PromptSpecs } from '../cli/command.js';
import type { Command } from 'commander';
import { type Change, summaryError } from '../mutations/change.js';
import { createSnapshot } from '../mutations/snapshot.js';
import type { ChangeClient } from '../mutations/send-and-verify.js';
import type { Factory } from '../cli/factory.js';
import { KapadminError } from '../errors.js';
import type { MetaClient } from '../meta/client-types.js';
import { checkNewName } from '../model/user.js';
import { showName } from '../model/text.js';
import { everyPermission } from '../model/permissions.js';
import { type AnonymousRead, bootstrapView } from '../output/views/changes.js';
import type { Result } from '../output/view.js';
import { addPasswordFlags, type PasswordFlags, readPassword } from '../settings/password-flags.js';
import { changesResult, executeChanges, generatedPasswordsResult } from './execute-changes.js';
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
const loginPollMs = 50;

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
async function checkNoUsers(anonymous: MetaClient, signal: AbortSignal): Promise<void> {
  const usersExistError = (why: string): KapadminError =>
    new KapadminError('exists', 'users-exist', `the cluster already has users: ${why}`, {
      hint: 'Log in as an admin (--meta-username NAME) and use kapadmin user create.',
    });
  try {
    const [first] = await anonymous.users({ signal });
    if (first !== undefined) throw usersExistError(`user ${showName(first.name)} exists`);
  } catch (error) {
    if (!(error instanceof KapadminError) || error.code === 'users-exist') throw error;
    if (error.kind === 'refused') throw usersExistError('it requires credentials');
    if (error.code !== 'no-admin-user') throw error;
  }
}

function isUnknownUser(error: unknown): boolean {
  return error instanceof KapadminError && (error.kind === 'refused' || error.code === 'no-admin-user');
}

/**
 * Creates without credentials, and does all else as the user that was created. A node that lags does not know that
 * user at first: this waits for its login.
 */
async function createBootstrapClient(
  anonymous: MetaClient,
  authenticated: MetaClient,
  factory: Factory,
): Promise<ChangeClient> {
  const { clock, stop } = factory.context;
  const { wait } = (await factory.networkSettings()).limits;
  const users: ChangeClient['users'] = async (options) => {
    try {
      return await authenticated.users(options);
    } catch (error) {
      if (isUnknownUser(error)) return [];
      throw error;
    }
  };
  const waitForLogin = async (name: string): Promise<void> => {
    const deadline = clock.now() + wait;
    while ((await users({ name, signal: stop })).length === 0 && clock.now() < deadline && !stop.aborted) {
      await clock.sleep(loginPollMs, stop);
    }
  };
  return {
    writeUser: async (write, options) => {
      if (write.action === 'create') return anonymous.writeUser(write, options);
      await waitForLogin(write.user.name);
      return authenticated.writeUser(write, options);
    },
    writeRole: (write, options) => authenticated.writeRole(write, options),
    roles: (options) => authenticated.roles(options),
    users,
  };
}

const anonymousFix =
  'Set auth-enabled = true in the [meta] section of influxdb-meta.conf on every meta node, and restart them.';

/** Whether anyone can read users without credentials; logs what to do about it. */
async function checkAnonymousRead(anonymous: MetaClient, { logger, context }: Factory): Promise<AnonymousRead> {
  const error = await errorOf(anonymous.users({ signal: context.stop }));
  if (error === undefined) {
    logger.warn(`anyone can read and change the users of this cluster without credentials. ${anonymousFix}`);
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
  const authenticated = await factory.metaClientWith({ kind: 'basic', username: name, password: secret });
  await checkNoUsers(anonymous, factory.context.stop);
  const changes: Change[] = [
    { on: 'user', name, action: 'create', password: { from: 'given' } },
    { on: 'user', name, action: 'add-permissions', permissions: [{ scope: '', permissions: everyPermission }] },
  ];
  const passwords = new Map([[name, secret]]);
  const client = await createBootstrapClient(anonymous, authenticated, factory);
  const executed = await executeChanges({ changes, before: createSnapshot([], []), passwords, client }, factory);
  const isChecked = !executed.dryRun && summaryError(executed.summary) === undefined;
  const anonymousRead = isChecked ? await checkAnonymousRead(anonymous, factory) : null;
  if (flags.generate === true && !executed.dryRun)
    return generatedPasswordsResult([name], passwords, executed, factory);
  const result = changesResult(executed);
  return { ...result, data: { ...result.data, anonymousRead }, view: bootstrapView };
}
