import { rolesOf } from '../model/effective.js';
import type { Permissions } from '../model/user.js';
import type { Change, ScopedPermissions } from './change.js';
import type { Found } from './found.js';

function has(permissions: Permissions, scope: string, name: string): boolean {
  return permissions.get(scope)?.includes(name) === true;
}

function all(scoped: Iterable<ScopedPermissions>, test: (scope: string, name: string) => boolean): boolean {
  return [...scoped].every(({ scope, permissions }) => permissions.every((name) => test(scope, name)));
}

/**
 * What a user's document may show through its roles: a node may merge them into it. None where the document found
 * before lacks a right of such a role, for then the node does not merge.
 */
function mergedInto(user: string, before: Found): readonly ScopedPermissions[] {
  const through = rolesOf(user, before.roles.values()).flatMap(({ permissions }) =>
    [...permissions].map(([scope, names]) => ({ scope, permissions: names })),
  );
  const document = before.users.get(user)?.permissions ?? new Map<string, readonly string[]>();
  return all(through, (scope, name) => has(document, scope, name)) ? through : [];
}

function isRevoked(
  wanted: readonly ScopedPermissions[],
  shown: Permissions,
  merging: () => readonly ScopedPermissions[],
): boolean | undefined {
  if (all(wanted, (scope, name) => !has(shown, scope, name))) return true;
  const merged = merging();
  const byRole = (scope: string, name: string): boolean =>
    merged.some((given) => given.scope === scope && given.permissions.includes(name));
  return all(wanted, (scope, name) => !has(shown, scope, name) || byRole(scope, name)) ? undefined : false;
}

/**
 * Whether what a read shows is what the change makes; undefined where it may be and a merged role hides it. A password
 * is not judged: it is in place when its user is.
 */
export function inPlace(change: Change, now: Found, before: Found): boolean | undefined {
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
      const merging = (): readonly ScopedPermissions[] => (change.on === 'user' ? mergedInto(change.name, before) : []);
      return isRevoked(change.permissions, there.permissions, merging);
    }
    case 'add-users':
    case 'remove-users': {
      const members = new Set(now.roles.get(change.name)?.users);
      return change.users.every((user) => members.has(user) === (change.action === 'add-users'));
    }
  }
}
