import type { EffectivePermission, KapacitorSight } from '../../model/effective-permissions.js';
import { showName, showNames } from '../../model/text.js';
import type { Permissions } from '../../model/user.js';
import { renderTable } from '../table.js';
import { styled } from '../styled.js';
import type { View } from '../view.js';

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

const sights: Readonly<Record<KapacitorSight, string>> = {
  seen: 'seen',
  'not-seen': 'not seen: only through a role',
  'no-meaning': '-',
};

function origin({ direct, roles }: EffectivePermission): string {
  const byRole = roles.length > 0 ? [`role ${showNames(roles)}`] : [];
  const own = { yes: ['direct'], no: [], unknown: ['may also be direct'] }[direct];
  return (direct === 'unknown' ? [...byRole, ...own] : [...own, ...byRole]).join(', ');
}

/** One user: its own permissions, its roles, and all it may do with the origin and what Kapacitor sees of it. */
export const userView: View<ShownUser> = {
  text: ({ name, password, roles, effective }, style) => {
    const { bold } = style.color;
    const head = [
      styled`${bold('user')}      ${showName(name)}`,
      styled`${bold('password')}  ${passwords[password]}`,
      styled`${bold('roles')}     ${roles.length === 0 ? '-' : showNames(roles, 50)}`,
    ];
    const table = renderTable(
      {
        columns: ['permission', 'database', 'from', 'kapacitor'],
        rows: effective.map((row) => [
          row.permission,
          row.scope === '' ? 'all' : row.scope,
          origin(row),
          sights[row.kapacitor],
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
