import type { Asks } from '../../cli/command.js';
import type { Command } from 'commander';
import { notFoundError } from '../../mutations/dependency-guard.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import { isBcryptHash } from '../../model/secret.js';
import type { Deps } from '../../cli/factory.js';
import { effectivePermissions, rolesOf, unknownPermissions } from '../../model/permissions.js';
import { showName, showNames } from '../../model/text.js';
import { roleSentence } from '../../model/roles-in-user-records.js';
import type { User } from '../../model/user.js';
import { userView, type PasswordKind, type ShownUser } from '../../output/views/users.js';
import type { Result } from '../../output/view.js';
import { rolesFact } from '../roles-in-user-records.js';
import { nameOf } from '../prompts.js';

interface ShowOptions {
  readonly name: string;
}

export const asks: Asks<ShowOptions> = { name: nameOf('user') };

export function define(command: Command, act: (options: ShowOptions) => Promise<void>): void {
  command
    .argument('<user>', 'name of the user')
    .addHelpText('after', '\nExamples:\n  kapadmin user show johndoe\n  kapadmin user show johndoe -o json')
    .action((name: string) => act({ name }));
}

function passwordKind({ hash }: User): PasswordKind {
  if (hash === undefined || hash.reveal() === '') return 'none';
  return isBcryptHash(hash) ? 'bcrypt' : 'other';
}

export async function run({ name }: ShowOptions, deps: Deps): Promise<Result<ShownUser>> {
  const found = await readSnapshot(await deps.meta(), { users: [name], roles: 'all' }, deps.context.stop);
  const user = found.users.get(name);
  if (user === undefined) {
    throw notFoundError('user', [name]);
  }
  const unknown = unknownPermissions(user.permissions);
  if (unknown.length > 0) {
    deps.notes.warn(`Kapacitor does not know ${showNames(unknown)}: it rejects every login of ${showName(name)}`);
  }
  const { roles } = found;
  const fact = await rolesFact(found, deps);
  const data: ShownUser = {
    name,
    password: passwordKind(user),
    permissions: user.permissions,
    roles: rolesOf(name, roles.values()).map((role) => role.name),
    effective: effectivePermissions(user, roles.values(), fact),
  };
  if (data.effective.some(({ direct }) => direct === 'unknown')) deps.notes.info(roleSentence(fact));
  return { data, view: userView };
}
