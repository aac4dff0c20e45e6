import fc from 'fast-check';
import type { CurrentState } from '../../src/desired-state/desired-state.js';
import type { Permissions } from '../../src/model/permissions.js';
import type { Change, ScopedPermissions } from '../../src/mutations/change.js';

export const scopes = ['', 'telegraf', 'a/b_c', 'a_b/c'];
export const permissionNames = [
  'KapacitorAPI',
  'KapacitorConfigAPI',
  'ReadData',
  'WriteData',
  'CreateUserAndRole',
  'Nope',
];
export const userNames = ['ann', 'bob', '__proto__'];
const roleNames = ['ops', 'constructor'];

/** Those that hide each other most, one that ends every login least. */
const weights = [3, 3, 6, 6, 2, 1];
const permission = fc.oneof(
  ...permissionNames.map((name, i) => ({ weight: weights[i] ?? 1, arbitrary: fc.constant(name) })),
);

const scoped: fc.Arbitrary<ScopedPermissions[]> = fc.uniqueArray(
  fc.record({
    scope: fc.constantFrom(...scopes),
    permissions: fc.uniqueArray(permission, { minLength: 1, maxLength: 2 }),
  }),
  { maxLength: 2, selector: ({ scope }) => scope },
);
const permissions: fc.Arbitrary<Permissions> = scoped.map(
  (list) => new Map(list.map(({ scope, permissions: names }) => [scope, names])),
);

/** A cluster whose records hold what was granted directly. */
const clusters: fc.Arbitrary<CurrentState> = fc.subarray(userNames).chain((users) =>
  fc
    .record({
      users: fc.tuple(...users.map(() => permissions)),
      roles: fc
        .subarray(roleNames)
        .chain((names) =>
          fc.tuple(
            ...names.map((name) => fc.record({ name: fc.constant(name), permissions, users: fc.subarray(users) })),
          ),
        ),
    })
    .map((found) => ({
      users: new Map(
        users.map((name, i) => [name, { name, hash: undefined, permissions: found.users[i] ?? new Map() }]),
      ),
      roles: new Map(found.roles.map((role) => [role.name, role])),
    })),
);

/** Changes that a cluster accepts, in an order in which it does. */
function changesFor({ users, roles }: CurrentState): fc.Arbitrary<Change[]> {
  const password = { from: 'given' } as const;
  const userChange = (name: string): fc.Arbitrary<Change[]> => {
    const grant = scoped.map((list): Change[] => [{ on: 'user', name, action: 'add-permissions', permissions: list }]);
    if (!users.has(name)) {
      return grant.map((more): Change[] => [{ on: 'user', name, action: 'create', password }, ...more]);
    }
    const revoke = scoped.map((list): Change[] => [
      { on: 'user', name, action: 'remove-permissions', permissions: list },
    ]);
    return fc.oneof(grant, revoke, fc.constant<Change[]>([{ on: 'user', name, action: 'delete' }]));
  };
  const roleChange = (name: string): fc.Arbitrary<Change[]> => {
    const made: Change[] = roles.has(name) ? [] : [{ on: 'role', name, action: 'create' }];
    const edit = fc
      .record({
        action: fc.constantFrom('add-permissions' as const, 'remove-permissions' as const),
        permissions: scoped,
        members: fc.constantFrom('add-users' as const, 'remove-users' as const),
        users: fc.subarray([...users.keys()]),
      })
      .map(({ action, permissions: list, members, users: names }): Change[] => [
        ...made,
        { on: 'role', name, action, permissions: list },
        { on: 'role', name, action: members, users: names },
      ]);
    return roles.has(name) ? fc.oneof(edit, fc.constant<Change[]>([{ on: 'role', name, action: 'delete' }])) : edit;
  };
  return fc
    .record({ users: fc.subarray(userNames), roles: fc.subarray(roleNames) })
    .chain((some) => fc.tuple(...some.roles.map(roleChange), ...some.users.map(userChange)))
    .map((lists) => lists.flat());
}

/** A cluster and changes that it accepts. */
export const changeCases = clusters.chain((cluster) => changesFor(cluster).map((changes) => ({ cluster, changes })));
