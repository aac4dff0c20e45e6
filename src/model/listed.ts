import { holds } from './effective.js';
import type { Role, User } from './user.js';

/** A user with the names of its roles, sorted. */
export interface ListedUser {
  readonly user: User;
  readonly roles: readonly Role[];
}

export interface UserFilter {
  /** Has this permission. */
  readonly permission?: string | undefined;
  /** Is a member of this role. */
  readonly role?: string | undefined;
  /** Has a permission for this database, or for all. */
  readonly db?: string | undefined;
  /** Count also what a role gives; without it only direct permissions. */
  readonly viaRole?: boolean | undefined;
}

/** The roles of each user. */
function memberships(roles: readonly Role[]): ReadonlyMap<string, readonly Role[]> {
  const byUser = new Map<string, Role[]>();
  for (const role of roles.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const user of new Set(role.users)) {
      const own = byUser.get(user);
      if (own) own.push(role);
      else byUser.set(user, [role]);
    }
  }
  return byUser;
}

function matches({ user, roles }: ListedUser, { permission, role, db, viaRole }: UserFilter): boolean {
  if (role !== undefined && !roles.some(({ name }) => name === role)) return false;
  if (permission === undefined && db === undefined) return true;
  const sources = [user.permissions, ...(viaRole === true ? roles.map((one) => one.permissions) : [])];
  return sources.some((permissions) => {
    if (permission !== undefined && db !== undefined) return holds(permissions, permission, db);
    if (permission !== undefined) return [...permissions.values()].some((names) => names.includes(permission));
    return [db ?? '', ''].some((scope) => (permissions.get(scope)?.length ?? 0) > 0);
  });
}

/** The users that match, sorted by name, each with its roles. */
export function listUsers(users: readonly User[], roles: readonly Role[], filter: UserFilter): readonly ListedUser[] {
  const byUser = memberships(roles);
  return users
    .map((user): ListedUser => ({ user, roles: byUser.get(user.name) ?? [] }))
    .filter((listed) => matches(listed, filter))
    .sort((a, b) => (a.user.name < b.user.name ? -1 : a.user.name > b.user.name ? 1 : 0));
}
