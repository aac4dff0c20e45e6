import { showName, showNames } from '../../model/text.js';
import type { Role } from '../../model/user.js';
import { listView, renderTable } from '../table.js';
import { styled } from '../styled.js';
import type { View } from '../view.js';
import { permissionsCell, shortPermissionsCell } from './users.js';

function roleJson({ name, permissions, users }: Role): object {
  return { name, permissions: Object.fromEntries(permissions), users };
}

export const rolesView = listView<Role>({
  columns: ['name', 'permissions', 'users'],
  row: ({ name, permissions, users }) => [name, shortPermissionsCell(permissions), users],
  csvRow: ({ name, permissions, users }) => [name, permissionsCell(permissions), users],
  json: roleJson,
  name: ({ name }) => name,
  empty: 'no roles',
});

/** One role: its permissions and its members. */
export const roleView: View<Role> = {
  text: ({ name, permissions, users }, style) => {
    const { bold } = style.color;
    const scoped = [...permissions].sort(([a], [b]) => (a < b ? -1 : 1));
    const table = renderTable(
      {
        columns: ['permission', 'database'],
        rows: scoped.flatMap(([scope, names]) =>
          names.toSorted().map((permission) => [permission, scope === '' ? 'all' : scope]),
        ),
        empty: 'no permissions',
      },
      style,
    );
    const members = users.length === 0 ? '-' : showNames(users.toSorted(), 50);
    return [styled`${bold('role')}   ${showName(name)}`, styled`${bold('users')}  ${members}`, '', ...table];
  },
  json: roleJson,
};
