import { everyPermission, type Permissions } from '../../model/permissions.js';
import type { EffectivePermission, KapacitorVisibility, ListedUser, Role } from '../../model/user.js';
import { type ListDescription, listView, renderTable } from '../table.js';
import { showName, showNames } from '../../model/text.js';
import { styled } from '../style.js';
import type { View } from '../view.js';
import { listedName } from '../../model/shell-command.js';

type NameFormatter = (names: readonly string[]) => readonly string[];

const allNames: NameFormatter = (names) => names.toSorted().map(listedName);

const shortNames: NameFormatter = (names) => {
  const has = new Set(names);
  return everyPermission.every((name) => has.has(name)) ? [`all ${everyPermission.length}`] : allNames(names);
};

function cellOf(permissions: Permissions, format: NameFormatter): readonly string[] {
  return [...permissions]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([scope, names]) => format(names).map((name) => (scope === '' ? name : `${name} (${listedName(scope)})`)));
}

/** Permissions for a cell: `KapacitorAPI`, `ReadData (telegraf)`. */
export function permissionsCell(permissions: Permissions): readonly string[] {
  return cellOf(permissions, allNames);
}

/** The same for people: all permissions of a scope in two words, `all 18`. */
function shortPermissionsCell(permissions: Permissions): readonly string[] {
  return cellOf(permissions, shortNames);
}

export const usersList: ListDescription<ListedUser> = {
  columns: ['name', 'permissions', 'roles'],
  row: ({ user, roles }) => [
    user.name,
    shortPermissionsCell(user.permissions),
    roles.map(({ name }) => listedName(name)),
  ],
  csvRow: ({ user, roles }) => [
    user.name,
    permissionsCell(user.permissions),
    roles.map(({ name }) => listedName(name)),
  ],
  json: ({ user, roles }) => ({
    name: user.name,
    permissions: Object.fromEntries(user.permissions),
    roles: roles.map(({ name }) => name),
  }),
  name: ({ user }) => user.name,
  empty: 'no users',
};

export const usersView = listView(usersList);

/** How the password is kept: Kapacitor can check bcrypt only; `none` are users of LDAP. */
export type PasswordKind = 'bcrypt' | 'other' | 'none';

export interface ShownUser {
  readonly name: string;
  readonly password: PasswordKind;
  /** Its own. */
  readonly permissions: Permissions;
  readonly roles: readonly string[];
  /** All that it may do, by whatever way. */
  readonly effective: readonly EffectivePermission[];
}

const passwords: Readonly<Record<PasswordKind, string>> = {
  bcrypt: 'bcrypt',
  other: 'not bcrypt: Kapacitor cannot check it',
  none: 'none here (LDAP)',
};

const visibility: Readonly<Record<KapacitorVisibility, string>> = {
  seen: 'seen',
  'not-seen': 'not seen: only through a role',
  'no-meaning': '-',
};

function origin({ direct, roles }: EffectivePermission): string {
  const byRole = roles.length > 0 ? [`role ${showNames(roles)}`] : [];
  const own = { yes: ['direct'], no: [], unknown: ['user record'] }[direct];
  return [...own, ...byRole].join(', ');
}

/** One user: its own permissions, its roles, and all it may do with the origin and what Kapacitor sees of it. */
export const userView: View<ShownUser> = {
  text: ({ name, password, roles, effective }, style) => {
    const { bold } = style.color;
    const head = [
      styled`${bold('user')}           ${showName(name)}`,
      styled`${bold('password hash')}  ${passwords[password]}`,
      styled`${bold('roles')}          ${roles.length === 0 ? '-' : showNames(roles, 50)}`,
    ];
    const table = renderTable(
      {
        columns: ['permission', 'database', 'from', 'kapacitor'],
        rows: effective.map((row) => [
          row.permission,
          row.scope === '' ? 'all' : row.scope,
          origin(row),
          visibility[row.kapacitor],
        ]),
        empty: 'no permissions',
      },
      style,
    );
    return [...head, '', ...table];
  },
  json: ({ name, password, permissions, roles, effective }) => ({
    name,
    password,
    permissions: Object.fromEntries(permissions),
    roles,
    effective: effective.map((row) => ({
      permission: row.permission,
      scope: row.scope,
      inUserRecord: row.inUserRecord,
      direct: row.direct,
      roles: row.roles,
      kapacitor: row.kapacitor,
    })),
  }),
};

function roleJson({ name, permissions, users }: Role): object {
  return { name, permissions: Object.fromEntries(permissions), users };
}

export const rolesView = listView<Role>({
  columns: ['name', 'permissions', 'users'],
  row: ({ name, permissions, users }) => [name, shortPermissionsCell(permissions), users.map(listedName)],
  csvRow: ({ name, permissions, users }) => [name, permissionsCell(permissions), users.map(listedName)],
  json: roleJson,
  name: ({ name }) => name,
  empty: 'no roles',
});

/** One role: its permissions and its members. */
export const roleView: View<Role> = {
  text: ({ name, permissions, users }, style) => {
    const { bold } = style.color;
    const sorted = [...permissions].sort(([a], [b]) => (a < b ? -1 : 1));
    const table = renderTable(
      {
        columns: ['permission', 'database'],
        rows: sorted.flatMap(([scope, names]) =>
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
