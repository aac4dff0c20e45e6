import type { PromptSpecs } from '../../cli/command.js';
import { type Command, Option } from 'commander';
import type { Change } from '../../mutations/change.js';
import { checkNewName, notFoundError } from '../../model/user.js';
import { readSnapshot, type Snapshot } from '../../mutations/snapshot.js';
import type { Factory } from '../../cli/factory.js';
import { KapadminError, usageError } from '../../errors.js';
import { collectList, pluralize, quoteName, showName } from '../../model/text.js';
import type { Secret } from '../../model/secret.js';
import type { Result } from '../../output/view.js';
import {
  addPasswordFlags,
  hasPasswordSource,
  type PasswordFlags,
  readPassword,
} from '../../settings/password-flags.js';
import { changesResult, executeChanges, generatedPasswordsResult } from '../execute-changes.js';
import { noteLackingMembers } from '../kapacitor-notes.js';
import { addGrantFlags, type GrantFlags, resolvePermissionsToGrant } from '../permission-flags.js';
import { newNamesPrompt } from '../prompts.js';

interface CreateOptions extends PasswordFlags, GrantFlags {
  readonly names: readonly string[];
  readonly grant?: readonly string[];
  readonly role?: readonly string[];
  readonly ifNotExists?: boolean;
}

const accessGroup = 'Access:';

export const prompts: PromptSpecs<CreateOptions> = { names: newNamesPrompt('user') };

export function define(command: Command, action: (options: CreateOptions) => Promise<void>): void {
  command.argument('<user...>', 'name of the user (several with --generate)');
  addPasswordFlags(command, "the new user's password", { generate: true });
  command
    .addOption(
      new Option('--grant <permissions>', 'grant these permissions: P,...')
        .argParser(collectList)
        .helpGroup(accessGroup),
    )
    .addOption(
      new Option('--role <roles>', 'add the user to these roles: R,...').argParser(collectList).helpGroup(accessGroup),
    )
    .option('--if-not-exists', 'succeed if the user exists; add permissions and roles to it');
  addGrantFlags(command, accessGroup)
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin user create johndoe\n  kapadmin user create johndoe --password-stdin --grant KapacitorAPI' +
        '\n  kapadmin user create writer --generate --grant WriteData --db telegraf --role kapacitor',
    )
    .action((names: string[], options: Omit<CreateOptions, 'names'>) => action({ ...options, names }));
}

function checkNames(names: readonly string[], options: CreateOptions, logger: Factory['logger']): void {
  if (names.length > 1 && options.generate !== true) {
    throw usageError(
      'one-user',
      'one password cannot be used for several users',
      'Use --generate to create several users. In a name, write a comma as `\\,`.',
    );
  }
  for (const name of names) {
    checkNewName('user', name);
    const why =
      name === '~subscriber'
        ? 'Kapacitor reserves it for subscription tokens'
        : 'Kapacitor reads the name only up to the colon';
    if (name.includes(':') || name === '~subscriber') {
      logger.warn(`user ${showName(name)} cannot log in to Kapacitor with Basic authentication: ${why}`);
    }
  }
}

/** One password for each name: given by a flag, generated or typed; undefined in a dry run without a terminal. */
async function readPasswords(
  names: readonly string[],
  options: CreateOptions,
  factory: Factory,
): Promise<Map<string, Secret>> {
  const passwords = new Map<string, Secret>();
  for (const name of names) {
    const question = `Password of the new user ${showName(name)}`;
    const { secret } = await readPassword(options, factory, question, { twice: true, generate: true });
    passwords.set(name, secret);
  }
  return passwords;
}

function checkSnapshot(names: readonly string[], options: CreateOptions, { users, roles }: Snapshot): void {
  const [name = ''] = names;
  if (names.length === 1 && users.has(name) && options.ifNotExists !== true) {
    throw new KapadminError('exists', 'user-exists', `cannot create user ${quoteName(name)}: it already exists`, {
      hint: 'To accept an existing user, add --if-not-exists. To change it, use kapadmin user passwd, grant or revoke.',
    });
  }
  const missing = [...new Set(options.role)].filter((role) => !roles.has(role));
  if (missing.length > 0)
    throw notFoundError(
      'role',
      missing,
      `cannot create ${names.length === 1 ? `user ${quoteName(name)}` : pluralize(names.length, 'user')}`,
    );
}

function createChanges(
  names: readonly string[],
  scopedPermissions: ReturnType<typeof resolvePermissionsToGrant>,
  roles: readonly string[],
) {
  const grants = scopedPermissions.filter(({ permissions }) => permissions.length > 0);
  return [
    ...names.flatMap((name): Change[] => [
      { on: 'user', name, action: 'create', password: { from: 'given' } },
      ...(grants.length > 0 ? [{ on: 'user', name, action: 'add-permissions', permissions: grants } as const] : []),
    ]),
    ...roles.map((role): Change => ({ on: 'role', name: role, action: 'add-users', users: names })),
  ];
}

export async function run(options: CreateOptions, factory: Factory): Promise<Result<unknown>> {
  const names = [...new Set(options.names)];
  const roles = [...new Set(options.role)];
  const { logger, context } = factory;
  checkNames(names, options, logger);
  if (options.db !== undefined && options.grant === undefined) {
    throw usageError('db-without-grant', '--db requires --grant');
  }
  const scopedPermissions = resolvePermissionsToGrant(options.grant ?? [], options, logger);
  const isPrompted = !hasPasswordSource(options) && context.io.isInteractive;
  const isReadLater = isPrompted || options.ifNotExists === true;
  const passwordsFromFlags = isReadLater ? undefined : await readPasswords(names, options, factory);
  const before = await readSnapshot(await factory.metaClient(), { users: names, roles }, context.stop);
  checkSnapshot(names, options, before);
  const missing = names.filter((name) => !before.users.has(name));
  const isDry = factory.flags.dryRun === true;
  const passwords =
    passwordsFromFlags ?? (isDry ? new Map<string, Secret>() : await readPasswords(missing, options, factory));
  const changes = createChanges(names, scopedPermissions, roles);
  const executed = await executeChanges(
    { changes, before, passwords, tolerant: options.ifNotExists === true },
    factory,
  );
  if (!isDry) await noteLackingMembers(roles, factory);
  return options.generate === true && !isDry
    ? generatedPasswordsResult(names, passwords, executed, factory)
    : changesResult(executed);
}
