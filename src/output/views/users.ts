import type { ListedUser } from '../../model/listed.js';
import type { Permissions } from '../../model/user.js';
import { listView } from '../table.js';

/** Permissions for a cell: `KapacitorAPI, ReadData (telegraf)`. */
export function permissionsCell(permissions: Permissions): string {
  return [...permissions]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([scope, names]) => names.toSorted().map((name) => (scope === '' ? name : `${name} (${scope})`)))
    .join(', ');
}

export const usersView = listView<ListedUser>({
  columns: ['name', 'permissions', 'roles'],
  row: ({ user, roles }) => [user.name, permissionsCell(user.permissions), roles.map(({ name }) => name).join(', ')],
  json: ({ user, roles }) => ({
    name: user.name,
    permissions: Object.fromEntries(user.permissions),
    roles: roles.map(({ name }) => name),
  }),
  name: ({ user }) => user.name,
  empty: 'no users',
});
