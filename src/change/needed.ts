import type { Change, ScopedPermissions } from './change.js';
import type { Found } from './found.js';

export interface Split {
  /** What is to be sent. */
  readonly needed: readonly Change[];
  /** What is so already. */
  readonly unchanged: readonly Change[];
}

function parted(change: Change, before: Found, isNeeded: boolean): readonly Change[] {
  const there = (change.on === 'user' ? before.users : before.roles).get(change.name);
  if (there === undefined) return isNeeded ? [change] : [];
  switch (change.action) {
    case 'create':
    case 'delete':
    case 'change-password':
      return isNeeded ? [change] : [];
    case 'add-users':
    case 'remove-users': {
      const members = new Set(before.roles.get(change.name)?.users);
      const adds = change.action === 'add-users';
      const users = change.users.filter((user) => (members.has(user) !== adds) === isNeeded);
      return users.length > 0 ? [{ ...change, users }] : [];
    }
    case 'add-permissions':
    case 'remove-permissions': {
      const adds = change.action === 'add-permissions';
      const isWanted = (scope: string, name: string): boolean =>
        ((there.permissions.get(scope)?.includes(name) === true) !== adds) === isNeeded;
      const permissions = change.permissions
        .map(({ scope, permissions }): ScopedPermissions => {
          return { scope, permissions: permissions.filter((name) => isWanted(scope, name)) };
        })
        .filter(({ permissions }) => permissions.length > 0);
      return permissions.length > 0 ? [{ ...change, permissions }] : [];
    }
  }
}

/** Parts each change into what has to be sent and what is so already; of what is not there, all has to be sent. */
export function splitNeeded(changes: readonly Change[], before: Found): Split {
  return {
    needed: changes.flatMap((change) => parted(change, before, true)),
    unchanged: changes.flatMap((change) => parted(change, before, false)),
  };
}
