import { type Snapshot, readSnapshot } from '../mutations/snapshot.js';
import type { Deps } from '../cli/factory.js';
import { KapadminError } from '../errors.js';
import { isKapacitorPermission } from '../model/permissions.js';
import { showFile, showName } from '../model/text.js';
import { type LackingMember, lackingNote, rolesInUserRecords } from '../model/roles-in-user-records.js';
import type { RolesInUserRecords } from '../model/user.js';

/** Whether the cluster copies role permissions into user records, from what was read, else from the profile. */
export async function rolesFact({ users, roles }: Snapshot, deps: Deps): Promise<RolesInUserRecords> {
  const probed = (await deps.settings()).rolesInUserRecords;
  return rolesInUserRecords(users.values(), roles.values(), probed);
}

/**
 * Keeps in the profile in use what a probe found out about its cluster. Where there is no profile, or its file cannot
 * be written, a note says so.
 */
export async function rememberRolesFact(fact: 'yes' | 'no', deps: Deps): Promise<void> {
  const { context, flags, notes } = deps;
  const settings = await deps.settings();
  if (settings.rolesInUserRecords === fact) return;
  if (settings.clusterProfile === undefined) {
    notes.info('Not saved: this connection does not use a profile. To save it, create one: kapadmin profile add.');
    return;
  }
  const { saveUserConfig } = await import('../settings/config-editor.js');
  const profile = settings.clusterProfile;
  try {
    const file = await saveUserConfig(context, flags, (draft) => draft.setKey(profile, 'rolesInUserRecords', fact));
    notes.info(`Saved in profile ${showName(profile)} (${showFile(file)}): rolesInUserRecords: ${fact}`);
  } catch (error) {
    if (!(error instanceof KapadminError)) throw error;
    notes.warn(`rolesInUserRecords: ${fact} was not saved in profile ${showName(profile)}: ${error.message}`);
  }
}

/** Members of these roles whose user record lacks a Kapacitor permission that their role gives, sorted by name. */
function lackingMembers({ users, roles }: Snapshot): readonly LackingMember[] {
  const lacking = new Map<string, Set<string>>();
  for (const role of roles.values()) {
    const given = new Set([...role.permissions.values()].flat().filter(isKapacitorPermission));
    for (const name of role.users) {
      const record = users.get(name);
      if (record === undefined) continue;
      const held = new Set([...record.permissions.values()].flat());
      const missing = [...given].filter((permission) => !held.has(permission));
      if (missing.length > 0) lacking.set(name, new Set([...(lacking.get(name) ?? []), ...missing]));
    }
  }
  return [...lacking]
    .map(([name, permissions]) => ({ name, permissions: [...permissions].sort() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Reads these roles and their members, and notes which members Kapacitor does not see a role's permissions for. Silent
 * where nobody lacks one, and where the account cannot read.
 */
export async function noteLackingMembers(names: readonly string[], deps: Deps): Promise<void> {
  const { stop } = deps.context;
  if (names.length === 0 || stop.aborted || deps.flags.quiet === true) return;
  try {
    const client = await deps.meta();
    const { roles } = await readSnapshot(client, { roles: names }, stop);
    const giving = [...roles.values()].filter((role) =>
      [...role.permissions.values()].flat().some(isKapacitorPermission),
    );
    const members = giving.flatMap(({ users }) => users);
    if (members.length === 0) return;
    const { users } = await readSnapshot(client, { users: members }, stop);
    const found = { users, roles: new Map(giving.map((role) => [role.name, role])) };
    const lacking = lackingMembers(found);
    if (lacking.length > 0) deps.notes.info(lackingNote(await rolesFact(found, deps), lacking));
  } catch (error) {
    if (!(error instanceof KapadminError)) throw error;
    deps.notes.debug(`members of roles were not read: ${error.message}`);
  }
}
