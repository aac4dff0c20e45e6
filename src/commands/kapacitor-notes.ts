import { readSnapshot, type Snapshot } from '../mutations/snapshot.js';
import type { Factory } from '../cli/factory.js';
import { type LackingMember, lackingNote, rolesInUserRecords } from '../model/roles-in-user-records.js';
import type { RolesInUserRecords } from '../model/user.js';
import type { ScopedPermissions } from '../mutations/change.js';
import { isKapacitorPermission } from '../model/permissions.js';
import { showNames } from '../model/text.js';
import { flushCommand } from '../model/shell-command.js';
import { KapadminError } from '../errors.js';
import { kapacitorPermissionNames } from './permission-flags.js';

/** Whether the cluster copies role permissions into user records, from what was read, else from the profile. */
export async function detectRolesInUserRecords(
  { users, roles }: Snapshot,
  factory: Factory,
): Promise<RolesInUserRecords> {
  const probed = (await factory.settings()).rolesInUserRecords;
  return rolesInUserRecords(users.values(), roles.values(), probed);
}

/** When Kapacitor will see that permissions in the records of these users changed. */
export function noteCachedEntry(
  users: readonly string[],
  scopedPermissions: readonly ScopedPermissions[],
  logger: Factory['logger'],
): void {
  if (users.length === 0 || kapacitorPermissionNames(scopedPermissions).length === 0) return;
  const entries = users.length === 1 ? 'entry' : 'entries';
  const expire = users.length === 1 ? 'expires' : 'expire';
  logger.info(
    `Takes effect in Kapacitor when its cached ${entries} for ${showNames(users, 3)} ${expire} (up to cache-expiration), ` +
      `or at once with: ${String(flushCommand(users))}`,
  );
}

/**
 * When Kapacitor sees what changed for these members of a role, where the cluster is known to copy role permissions into
 * user records; elsewhere it sees nothing of it.
 */
export async function noteOfMemberCache(
  members: readonly string[],
  scoped: readonly ScopedPermissions[],
  factory: Factory,
): Promise<void> {
  if ((await factory.settings()).rolesInUserRecords === 'yes') noteCachedEntry(members, scoped, factory.logger);
}

/** Members of these roles whose user record lacks a Kapacitor permission of the role, sorted by name. */
function lackingMembers({ users, roles }: Snapshot): readonly LackingMember[] {
  const lacking = new Map<string, Set<string>>();
  for (const role of roles.values()) {
    const granted = new Set([...role.permissions.values()].flat().filter(isKapacitorPermission));
    for (const name of role.users) {
      const record = users.get(name);
      if (record === undefined) continue;
      const held = new Set([...record.permissions.values()].flat());
      const missing = [...granted].filter((permission) => !held.has(permission));
      if (missing.length > 0) lacking.set(name, new Set([...(lacking.get(name) ?? []), ...missing]));
    }
  }
  return [...lacking]
    .map(([name, permissions]) => ({ name, permissions: [...permissions].sort() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Reads these roles and their members, and notes the members for which Kapacitor does not see a role's permissions.
 * Silent if there are none, or if the account cannot read.
 */
export async function noteLackingMembers(names: readonly string[], factory: Factory): Promise<void> {
  const { stop } = factory.context;
  if (names.length === 0 || stop.aborted || factory.flags.quiet === true) return;
  try {
    const client = await factory.metaClient();
    const { roles } = await readSnapshot(client, { roles: names }, stop);
    const kapacitorRoles = [...roles.values()].filter((role) =>
      [...role.permissions.values()].flat().some(isKapacitorPermission),
    );
    const members = kapacitorRoles.flatMap(({ users }) => users);
    if (members.length === 0) return;
    const { users } = await readSnapshot(client, { users: members }, stop);
    const found = { users, roles: new Map(kapacitorRoles.map((role) => [role.name, role])) };
    const lacking = lackingMembers(found);
    if (lacking.length > 0) factory.logger.info(lackingNote(await detectRolesInUserRecords(found, factory), lacking));
  } catch (error) {
    if (!(error instanceof KapadminError)) throw error;
    factory.logger.debug(`members of roles were not read: ${error.message}`);
  }
}
