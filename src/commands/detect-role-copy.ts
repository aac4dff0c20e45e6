import type { Snapshot } from '../mutations/snapshot.js';
import type { Factory } from '../cli/factory.js';
import { rolesInUserRecords } from '../model/roles-in-user-records.js';
import type { RolesInUserRecords } from '../model/user.js';

/** Whether the cluster copies role permissions into user records, from what was read, else from the profile. */
export async function detectRolesInUserRecords(
  { users, roles }: Snapshot,
  factory: Factory,
): Promise<RolesInUserRecords> {
  const probed = (await factory.settings()).rolesInUserRecords;
  return rolesInUserRecords(users.values(), roles.values(), probed);
}
