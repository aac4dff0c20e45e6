import fc from 'fast-check';
import type { Change } from '../../src/mutations/change.js';
import { execute } from '../../src/mutations/execute.js';
import { Secret } from '../../src/model/secret.js';
import type { Permissions } from '../../src/model/permissions.js';
import type { Role, User } from '../../src/model/user.js';
import type { ClusterState } from '../../src/sandbox/meta-node/store.js';
import type { CurrentState } from '../../src/desired-state/desired-state.js';
import { simulate, type WriteFault } from '../mutations/simulated-server.js';
import { virtualClock } from '../mutations/virtual-clock.js';

/** Permissions as a file has them. */
export type Names = Readonly<Record<string, readonly string[]>>;

export interface FileUser {
  readonly password?: object;
  readonly hash?: object;
  readonly permissions?: Names;
  readonly roles?: readonly string[];
}

export interface FileRole {
  readonly permissions?: Names;
  readonly members?: readonly string[];
}

/** A file of wanted state as plain data. */
export interface FileData {
  readonly users: Readonly<Record<string, FileUser>>;
  readonly roles: Readonly<Record<string, FileRole>>;
  readonly options: { readonly manage: 'listed' | 'all'; readonly materializeRoles: boolean };
}

export const userNames = ['ann', 'bob', 'cid', 'dan', '__proto__', 'a b: "c"'];
const roleNames = ['r1', 'r2', 'constructor', '- r'];
const permissionNames = ['ReadData', 'WriteData', 'KapacitorAPI', 'CreateUserAndRole'];

const names: fc.Arbitrary<Names> = fc
  .dictionary(fc.constantFrom('', 'telegraf'), fc.uniqueArray(fc.constantFrom(...permissionNames)), { maxKeys: 2 })
  .map((scopes) => ({ ...scopes }));

function byName<T>(known: readonly string[], value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  return fc
    .subarray([...known])
    .chain((some) => fc.tuple(...some.map((name) => fc.tuple(fc.constant(name), value))))
    .map((pairs) => Object.fromEntries(pairs));
}

function asMap(record: Names = {}): Permissions {
  return new Map(Object.entries(record).filter(([, list]) => list.length > 0));
}

/** A cluster whose members all exist. */
export const clusters: fc.Arbitrary<CurrentState> = byName(userNames, names).chain((users) =>
  byName(roleNames, fc.tuple(names, fc.subarray(Object.keys(users)))).map((roles) => ({
    users: new Map(
      Object.entries(users).map(([name, permissions]): [string, User] => {
        return [name, { name, hash: new Secret(`hash of ${name}`), permissions: asMap(permissions) }];
      }),
    ),
    roles: new Map(
      Object.entries(roles).map(([name, [permissions, members]]): [string, Role] => {
        return [name, { name, permissions: asMap(permissions), users: members }];
      }),
    ),
  })),
);

/** A file whose members exist in it or in the cluster. */
function filesFor(cluster: CurrentState): fc.Arbitrary<FileData> {
  const listed = fc.tuple(fc.subarray(userNames), fc.subarray(roleNames));
  return listed.chain(([users, roles]) => {
    const knownUsers = [...new Set([...users, ...cluster.users.keys()])];
    const knownRoles = [...new Set([...roles, ...cluster.roles.keys()])];
    const user = fc.record({
      password: fc.constant({ env: 'PASSWORD' }),
      permissions: names,
      roles: fc.subarray(knownRoles),
    });
    const role = fc.record({ permissions: names, members: fc.subarray(knownUsers) });
    return fc.record({
      users: fc
        .tuple(...users.map((name) => fc.tuple(fc.constant(name), user)))
        .map((pairs): Record<string, FileUser> => Object.fromEntries(pairs)),
      roles: fc
        .tuple(...roles.map((name) => fc.tuple(fc.constant(name), role)))
        .map((pairs): Record<string, FileRole> => Object.fromEntries(pairs)),
      options: fc.record({
        manage: fc.constantFrom<'listed' | 'all'>('listed', 'all'),
        materializeRoles: fc.boolean(),
      }),
    });
  });
}

/** A cluster and a file for it. */
export const cases: fc.Arbitrary<{ cluster: CurrentState; file: FileData }> = clusters.chain((cluster) =>
  filesFor(cluster).map((file) => ({ cluster, file })),
);

export const emptyCluster: CurrentState = { users: new Map(), roles: new Map() };

function actualOf({ users, roles }: ClusterState): CurrentState {
  return {
    users: new Map([...users].map(([name, { hash, permissions }]) => [name, { name, hash, permissions }])),
    roles: new Map(
      [...roles].map(([name, { permissions, users: members }]) => [name, { name, permissions, users: [...members] }]),
    ),
  };
}

/**
 * The cluster after these changes, carried out by the executor on a server in memory.
 * @param cutAfter writes after which every other is refused
 */
export async function carriedOut(
  changes: readonly Change[],
  cluster: CurrentState,
  cutAfter = Infinity,
  secrets: ReadonlyMap<string, Secret> = new Map(),
): Promise<CurrentState> {
  const clock = virtualClock();
  const server = simulate({
    clock,
    users: [...cluster.users.values()],
    roles: [...cluster.roles.values()],
    hash: (password) => `hash of ${password}`,
    fault: (n): WriteFault => (n >= cutAfter ? 'forbidden' : 'none'),
  });
  await execute(changes, {
    client: server.client,
    before: cluster,
    secret: async (_, { name }) => secrets.get(name) ?? new Secret(name),
    concurrency: 3,
    clock,
    stop: new AbortController().signal,
    lockout: { allowed: true },
  });
  return actualOf(server.state);
}

function permissionsText(permissions: Permissions): [string, string[]][] {
  return [...permissions]
    .map(([scope, list]): [string, string[]] => [scope, [...new Set(list)].sort()])
    .filter(([, list]) => list.length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A cluster as comparable data: everything but the order. */
export function shape({ users, roles }: CurrentState, options: { hashes?: boolean } = {}): object {
  const inOrder = <T extends { name: string }>(items: Iterable<T>): T[] =>
    [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    users: inOrder(users.values()).map(({ name, hash, permissions }) => ({
      name,
      permissions: permissionsText(permissions),
      ...(options.hashes === false ? {} : { hash: hash?.reveal() }),
    })),
    roles: inOrder(roles.values()).map(({ name, permissions, users: members }) => ({
      name,
      permissions: permissionsText(permissions),
      members: [...members].sort(),
    })),
  };
}
