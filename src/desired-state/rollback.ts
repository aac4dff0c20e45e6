import type { Change } from '../mutations/change.js';
import { leftOutSentence, rolesByMember } from '../model/roles-in-user-records.js';
import type { RolesInUserRecords } from '../model/user.js';
import type { CurrentState } from './desired-state.js';
import { compareStrings } from './diff.js';
import { type ExportedUser, ownPermissions, type StateDocument, toRole } from './export.js';

/**
 * The previous state of everything that changes touch, as a state file: applied with `--prune`, it rolls them back,
 * except changed passwords. It contains the hashes of deleted users.
 */
export function rollbackState(
  changes: readonly Change[],
  cluster: CurrentState,
  probed?: RolesInUserRecords,
): StateDocument {
  const own = ownPermissions(cluster, probed);
  const touched = (on: 'user' | 'role'): string[] =>
    [...new Set(changes.filter((change) => change.on === on).map(({ name }) => name))].sort(compareStrings);
  const deleted = new Set(
    changes.filter(({ on, action }) => on === 'user' && action === 'delete').map(({ name }) => name),
  );
  const [users, roles] = [touched('user'), touched('role')];
  const rolesOfUser = rolesByMember(cluster.roles.values());
  return {
    comments: [
      'State before a change. To roll back: kapadmin apply --prune FILE',
      ...(own.leftOut > 0 ? [leftOutSentence(own.leftOut)] : []),
    ],
    leftOut: own.leftOut,
    users: users.flatMap((name): ExportedUser[] => {
      const existing = cluster.users.get(name);
      if (existing === undefined) return [];
      const hash = deleted.has(name) ? existing.hash : undefined;
      return [
        { name, hash, permissions: own.of(existing), roles: (rolesOfUser.get(name) ?? []).map((role) => role.name) },
      ];
    }),
    roles: roles.flatMap((name) => {
      const existing = cluster.roles.get(name);
      return existing === undefined ? [] : [toRole(existing, cluster)];
    }),
    absentUsers: users.filter((name) => !cluster.users.has(name)),
    absentRoles: roles.filter((name) => !cluster.roles.has(name)),
  };
}
