import type { Role, User } from '../model/user.js';

/** What a read showed: the users and roles that are there, by name. */
export interface Found {
  readonly users: ReadonlyMap<string, User>;
  readonly roles: ReadonlyMap<string, Role>;
}

export function foundOf(users: Iterable<User>, roles: Iterable<Role>): Found {
  return {
    users: new Map([...users].map((user) => [user.name, user])),
    roles: new Map([...roles].map((role) => [role.name, role])),
  };
}
