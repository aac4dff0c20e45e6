import type { PromptSpecs } from '../../cli/command.js';
import type { Command } from 'commander';
import type { Change, ScopedPermissions } from '../../mutations/change.js';
import { readSnapshot, type Snapshot } from '../../mutations/snapshot.js';
import type { Factory } from '../../cli/factory.js';
import { isKapacitorPermission, type Permissions } from '../../model/permissions.js';
import { type Role, type RolesInUserRecords, rolesOf, type User } from '../../model/user.js';
import { showName, showNames, showPermission } from '../../model/text.js';
import { byAnswer } from '../../model/open-questions.js';
import { perhapsCopied } from '../../model/roles-in-user-records.js';
import { commandLine, type ShellCommand } from '../../model/shell-command.js';
import type { Result } from '../../output/view.js';
import type { ShownChanges } from '../../output/views/changes.js';
import {
  addLockoutFlag,
  changesResult,
  executeChanges,
  hasEffect,
  hasWritten,
  type LockoutFlags,
} from '../execute-changes.js';
import { detectRolesInUserRecords, noteCachedEntry } from '../kapacitor-notes.js';
import { addGrantFlags, type GrantFlags, resolvePermissionsToRevoke } from '../permission-flags.js';
import { namePrompt, permissionsToRevokePrompt } from '../prompts.js';

interface RevokeOptions extends GrantFlags, LockoutFlags {
  readonly name: string;
  readonly permissions: readonly string[];
}

export const prompts: PromptSpecs<RevokeOptions> = {
  name: namePrompt('user'),
  permissions: permissionsToRevokePrompt('user'),
};

export function define(command: Command, action: (options: RevokeOptions) => Promise<void>): void {
  command.argument('<user>', 'name of the user').argument('<permission...>', 'permission, such as KapacitorAPI');
  addLockoutFlag(addGrantFlags(command))
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin user revoke johndoe KapacitorAPI\n  kapadmin user revoke writer WriteData --db telegraf',
    )
    .action((name: string, permissions: string[], flags: GrantFlags & LockoutFlags) =>
      action({ ...flags, name, permissions }),
    );
}

interface RemainingGrants {
  /** In the user record, so Kapacitor sees it: on which databases. */
  readonly scopes: readonly string[];
  /** Roles that give it. */
  readonly roles: readonly string[];
}

/** What gives a permission after the revoke: for InfluxDB only where it covers the database; for Kapacitor anywhere. */
function findRemainingGrants(
  permission: string,
  scope: string,
  user: User | undefined,
  roles: readonly Role[],
): RemainingGrants {
  const isGlobal = isKapacitorPermission(permission);
  const covers = (other: string): boolean => isGlobal || other === scope || other === '';
  const scopesOf = (permissions: Permissions): readonly string[] =>
    [...permissions].flatMap(([other, names]) => (names.includes(permission) && covers(other) ? [other] : []));
  return {
    scopes: user === undefined ? [] : scopesOf(user.permissions),
    roles: roles.filter((role) => scopesOf(role.permissions).length > 0).map((role) => role.name),
  };
}

function revokeCommand(name: string, permission: string, scope: string): ShellCommand {
  return commandLine('kapadmin user revoke', [name, permission], scope === '' ? [] : ['--db', scope]);
}

/** Names what still gives what was revoked, and the commands that take that away too. */
async function warnAboutRemainingGrants(
  name: string,
  scopedPermissions: readonly ScopedPermissions[],
  found: Snapshot,
  factory: Factory,
): Promise<void> {
  const user = found.users.get(name);
  const roles = rolesOf(name, found.roles.values());
  const rolesCopied = await detectRolesInUserRecords(found, factory);
  const copied = user === undefined ? new Map<string, readonly string[]>() : perhapsCopied(user, roles, rolesCopied);
  for (const permission of new Set(scopedPermissions.flatMap(({ permissions }) => permissions))) {
    for (const { scope } of scopedPermissions.filter(({ permissions }) => permissions.includes(permission))) {
      const remaining = findRemainingGrants(permission, scope, user, roles);
      const ownScopes = remaining.scopes.filter((other) => copied.get(other)?.includes(permission) !== true);
      if (ownScopes.length > 0) {
        const where = ownScopes
          .map((other) => (other === '' ? 'all databases' : `database ${showName(other)}`))
          .join(', ');
        const all = isKapacitorPermission(permission) ? ', which grants the whole API' : '';
        const commands = ownScopes.map((other) => String(revokeCommand(name, permission, other))).join('; ');
        factory.logger.warn(`${showName(name)} still has ${permission} on ${where}${all}; revoke it too: ${commands}`);
      }
      if (remaining.roles.length === 0) continue;
      const commands = remaining.roles.map((role) => String(commandLine('kapadmin role remove-users', [role, name])));
      const grant = { name, given: showPermission(permission, scope), roles: remaining.roles };
      const isGlobal = isKapacitorPermission(permission);
      const visibility =
        !isGlobal || ownScopes.length > 0 ? 'not-asked' : remaining.scopes.length > 0 ? 'seen' : rolesCopied;
      factory.logger.warn(`${describeKeptByRole(grant, visibility)} To remove it: ${commands.join('; ')}`);
    }
  }
}

/** What a role that grants what was revoked means, for Kapacitor where nothing else decides it. */
function describeKeptByRole(
  { name, given, roles }: { readonly name: string; readonly given: string; readonly roles: readonly string[] },
  visibility: 'not-asked' | 'seen' | RolesInUserRecords,
): string {
  const by = `${roles.length === 1 ? 'role' : 'roles'} ${showNames(roles)}`;
  const user = showName(name);
  const still = `${user} still has ${given} through ${by}.`;
  if (visibility === 'not-asked') return still;
  if (visibility === 'seen') return `${still} The user record includes it, so Kapacitor sees it.`;
  const grants = `${by} still ${roles.length === 1 ? 'grants' : 'grant'}`;
  return byAnswer('roles-in-user-records', visibility, {
    yes: `${still} This cluster copies role permissions into user records, so Kapacitor sees it.`,
    no:
      `${user} no longer has ${given} in Kapacitor: ${grants} it, but ` +
      'this cluster does not copy role permissions into user records.',
    unknown:
      `${grants} ${user} ${given}. Whether Kapacitor sees it is unknown: ` +
      'it reads only the user record, and this cluster may copy role permissions into it.',
  });
}

/** The users as they are without what is revoked from one of them. */
function withoutRevoked(
  name: string,
  scopedPermissions: readonly ScopedPermissions[],
  users: Snapshot['users'],
): Snapshot['users'] {
  const user = users.get(name);
  if (user === undefined) return users;
  const isRevoked = (scope: string, permission: string): boolean =>
    scopedPermissions.some((one) => one.scope === scope && one.permissions.includes(permission));
  const permissions = [...user.permissions].map(
    ([scope, names]) => [scope, names.filter((permission) => !isRevoked(scope, permission))] as const,
  );
  return new Map(users).set(name, { ...user, permissions: new Map(permissions) });
}

export async function run(
  { name, permissions, ...flags }: RevokeOptions,
  factory: Factory,
): Promise<Result<ShownChanges>> {
  const scopedPermissions = resolvePermissionsToRevoke(permissions, flags);
  const client = await factory.metaClient();
  const before = await readSnapshot(client, { users: [name], roles: 'all' }, factory.context.stop);
  const change: Change = { on: 'user', name, action: 'remove-permissions', permissions: scopedPermissions };
  const executed = await executeChanges(
    { changes: [change], before, allowLockout: flags.allowLockout === true },
    factory,
  );
  const users = executed.after.users.has(name)
    ? executed.after.users
    : withoutRevoked(name, scopedPermissions, before.users);
  if (hasEffect(executed))
    await warnAboutRemainingGrants(name, scopedPermissions, { users, roles: before.roles }, factory);
  if (hasWritten(executed)) noteCachedEntry([name], scopedPermissions, factory.logger);
  return changesResult(executed);
}
