import type { ListedUser } from '../../model/effective-permissions.js';
import type { Permissions } from '../../model/user.js';
import { everyPermission } from '../../model/permissions.js';
import { listView } from '../table.js';

/** Permissions for a cell: `KapacitorAPI`, `ReadData (telegraf)`. */
export function permissionsCell(permissions: Permissions): readonly string[] {
  return [...permissions]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([scope, names]) => names.toSorted().map((name) => (scope === '' ? name : `${name} (${scope})`)));
}

/** The same for people: all permissions of a scope in two words, `all 18`. */
export function shortPermissionsCell(permissions: Permissions): readonly string[] {
  const short = [...permissions].map(([scope, names]): [string, readonly string[]] => {
    const has = new Set(names);
    return [scope, everyPermission.every((name) => has.has(name)) ? [`all ${everyPermission.length}`] : names];
  });
  return permissionsCell(new Map(short));
}

export const usersView = listView<ListedUser>({
  columns: ['name', 'permissions', 'roles'],
  row: ({ user, roles }) => [user.name, shortPermissionsCell(user.permissions), roles.map(({ name }) => name)],
  csvRow: ({ user, roles }) => [user.name, permissionsCell(user.permissions), roles.map(({ name }) => name)],
  json: ({ user, roles }) => ({
    name: user.name,
    permissions: Object.fromEntries(user.permissions),
    roles: roles.map(({ name }) => name),
  }),
  name: ({ user }) => user.name,
  empty: 'no users',
});
