import type { Permissions } from '../model/user.js';
import { rolesOf } from '../model/effective.js';
import type { Change, ScopedPermissions } from './change.js';
import type { Found } from './found.js';

function has(permissions: Permissions, scope: string, name: string): boolean {
  return permissions.get(scope)?.includes(name) === true;
}

function all(scoped: readonly ScopedPermissions[], test: (scope: string, name: string) => boolean): boolean {
  return scoped.every(({ scope, permissions }) => permissions.every((name) => test(scope, name)));
}

/**
 * Whether what a read shows is what the change makes. A password is not judged: it is in place when its user is.
 * A node may show the permissions of a user's roles as its own (`roles`: those that were found): what a role gives
 * counts as revoked.
 */
export function inPlace(change: Change, now: Found, roles: Found['roles']): boolean {
  const there = change.on === 'user' ? now.users.get(change.name) : now.roles.get(change.name);
  switch (change.action) {
    case 'create':
    case 'change-password':
      return there !== undefined;
    case 'delete':
      return there === undefined;
    case 'add-permissions':
      return there !== undefined && all(change.permissions, (scope, name) => has(there.permissions, scope, name));
    case 'remove-permissions': {
      if (there === undefined) return true;
      const giving = change.on === 'user' ? rolesOf(change.name, roles.values()) : [];
      return all(
        change.permissions,
        (scope, name) =>
          !has(there.permissions, scope, name) || giving.some((role) => has(role.permissions, scope, name)),
      );
    }
    case 'add-users':
    case 'remove-users': {
      const members = new Set(now.roles.get(change.name)?.users);
      return change.users.every((user) => members.has(user) === (change.action === 'add-users'));
    }
  }
}
