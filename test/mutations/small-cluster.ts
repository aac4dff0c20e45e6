import fc from 'fast-check';
import type { Change, ScopedPermissions } from '../../src/mutations/change.js';
import { Secret } from '../../src/model/secret.js';
import type { Permissions } from '../../src/model/permissions.js';
import type { Role, User } from '../../src/model/user.js';

/** A small cluster as plain data: permissions of users, permissions and members of roles. */
export interface Small {
  readonly users: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly roles: Readonly<
    Record<string, { permissions: Readonly<Record<string, readonly string[]>>; users: readonly string[] }>
  >;
}

const userNames = ['ann', 'bob', 'cid', 'dan', '__proto__'];
const roleNames = ['r1', 'r2', 'r3'];
const permissions = fc.dictionary(
  fc.constantFrom('', 'telegraf'),
  fc.uniqueArray(fc.constantFrom('ReadData', 'WriteData', 'KapacitorAPI'), { minLength: 1 }),
  { maxKeys: 2 },
);

function byName<T>(names: readonly string[], value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  return fc
    .subarray([...names])
    .chain((some) => fc.tuple(...some.map((name) => fc.tuple(fc.constant(name), value))))
    .map((pairs) => Object.fromEntries(pairs));
}

/** A cluster whose members all exist. */
export const small: fc.Arbitrary<Small> = byName(userNames, permissions).chain((users) =>
  byName(roleNames, fc.record({ permissions, users: fc.subarray(Object.keys(users)) })).map((roles) => ({
    users,
    roles,
  })),
);

function toMap(record: Readonly<Record<string, readonly string[]>>): Permissions {
  return new Map(Object.entries(record));
}

export function usersOf(cluster: Small): User[] {
  return Object.entries(cluster.users).map(([name, record]) => {
    return { name, hash: new Secret('plain:old'), permissions: toMap(record) };
  });
}

export function rolesOf(cluster: Small): Role[] {
  return Object.entries(cluster.roles).map(([name, { permissions, users }]) => {
    return { name, permissions: toMap(permissions), users };
  });
}

function minus(a: Permissions, b: Permissions): ScopedPermissions[] {
  return [...a]
    .map(([scope, names]) => ({ scope, permissions: names.filter((name) => !b.get(scope)?.includes(name)) }))
    .filter((scoped) => scoped.permissions.length > 0);
}

const none: Permissions = new Map();

function permissionChanges(on: 'user' | 'role', name: string, from: Permissions, to: Permissions): Change[] {
  const added = minus(to, from);
  const removed = minus(from, to);
  return [
    ...(added.length > 0 ? [{ on, name, action: 'add-permissions', permissions: added } as const] : []),
    ...(removed.length > 0 ? [{ on, name, action: 'remove-permissions', permissions: removed } as const] : []),
  ];
}

/** The changes that lead from one cluster to another, in no order that matters. */
export function changesBetween(before: Small, after: Small): Change[] {
  const changes: Change[] = [];
  const [users, wanted] = [usersOf(before), usersOf(after)];
  for (const { name, permissions } of wanted) {
    const had = users.find((user) => user.name === name);
    if (!had) changes.push({ on: 'user', name, action: 'create', password: { from: 'given' } });
    changes.push(...permissionChanges('user', name, had?.permissions ?? none, permissions));
  }
  for (const { name } of users) {
    if (!wanted.some((user) => user.name === name)) changes.push({ on: 'user', name, action: 'delete' });
  }
  const [roles, wantedRoles] = [rolesOf(before), rolesOf(after)];
  for (const { name, permissions, users: members } of wantedRoles) {
    const had = roles.find((role) => role.name === name);
    if (!had) changes.push({ on: 'role', name, action: 'create' });
    changes.push(...permissionChanges('role', name, had?.permissions ?? none, permissions));
    const joiningUsers = members.filter((user) => !had?.users.includes(user));
    const leaving = (had?.users ?? []).filter((user) => !members.includes(user));
    if (joiningUsers.length > 0) changes.push({ on: 'role', name, action: 'add-users', users: joiningUsers });
    if (leaving.length > 0) changes.push({ on: 'role', name, action: 'remove-users', users: leaving });
  }
  for (const { name } of roles) {
    if (!wantedRoles.some((role) => role.name === name)) changes.push({ on: 'role', name, action: 'delete' });
  }
  return changes;
}
