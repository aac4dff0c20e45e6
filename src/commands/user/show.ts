import { byAnswer } from '../../model/open-questions.js';
import type { PromptSpecs } from '../../cli/command.js';
import type { Command } from 'commander';
import {
  type EffectivePermission,
  effectivePermissions,
  notFoundError,
  type RolesInUserRecords,
  rolesOf,
  type User,
} from '../../model/user.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import { isBcryptHash } from '../../model/secret.js';
import type { Factory } from '../../cli/factory.js';
import { unknownPermissions } from '../../model/permissions.js';
import { showName, showNames, showPermission } from '../../model/text.js';
import { type PasswordKind, type ShownUser, userView } from '../../output/views/users-and-roles.js';
import type { Result } from '../../output/view.js';
import { detectRolesInUserRecords } from '../kapacitor-notes.js';
import { namePrompt } from '../prompts.js';

interface ShowOptions {
  readonly name: string;
}

export const prompts: PromptSpecs<ShowOptions> = { name: namePrompt('user') };

export function define(command: Command, action: (options: ShowOptions) => Promise<void>): void {
  command
    .argument('<user>', 'name of the user')
    .addHelpText('after', '\nExamples:\n  kapadmin user show johndoe\n  kapadmin user show johndoe -o json')
    .action((name: string) => action({ name }));
}

function passwordKind({ hash }: User): PasswordKind {
  if (hash === undefined || hash.reveal() === '') return 'none';
  return isBcryptHash(hash) ? 'bcrypt' : 'other';
}

/** What is known of permissions that the user record includes and a role grants too. */
function bothNote(name: string, both: readonly EffectivePermission[], rolesCopied: RolesInUserRecords): string {
  const names = [...new Set(both.map(({ permission, scope }) => showPermission(permission, scope)))];
  const roles = [...new Set(both.flatMap((one) => one.roles))];
  const it = names.length === 1 ? 'it' : 'them';
  const givers = roles.length === 1 ? `role ${showNames(roles)} grants` : `roles ${showNames(roles)} grant`;
  const rest = byAnswer('roles-in-user-records', rolesCopied, {
    yes: ': this cluster copies role permissions into user records.',
    no: '.',
    unknown: '; to find out: kapadmin doctor --probe',
  });
  return (
    `The user record includes ${showNames(names)}, and ${givers} ${it} too. ` +
    `Whether ${showName(name)} keeps ${it} without the role is unknown${rest}`
  );
}

export async function run({ name }: ShowOptions, factory: Factory): Promise<Result<ShownUser>> {
  const found = await readSnapshot(await factory.metaClient(), { users: [name], roles: 'all' }, factory.context.stop);
  const user = found.users.get(name);
  if (user === undefined) {
    throw notFoundError('user', [name]);
  }
  const unknown = unknownPermissions(user.permissions);
  if (unknown.length > 0) {
    factory.logger.warn(`Kapacitor does not know ${showNames(unknown)}: it rejects every login of ${showName(name)}`);
  }
  const { roles } = found;
  const rolesCopied = await detectRolesInUserRecords(found, factory);
  const data: ShownUser = {
    name,
    password: passwordKind(user),
    permissions: user.permissions,
    roles: rolesOf(name, roles.values()).map((role) => role.name),
    effective: effectivePermissions(user, roles.values(), rolesCopied),
  };
  const both = data.effective.filter(({ direct }) => direct === 'unknown');
  if (both.length > 0) factory.logger.info(bothNote(name, both, rolesCopied));
  return { data, view: userView };
}
