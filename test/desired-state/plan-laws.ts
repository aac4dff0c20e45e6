import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKapacitorPermission } from '../../src/model/permissions.js';
import type { Secret } from '../../src/model/secret.js';
import { rollbackState } from '../../src/desired-state/rollback.js';
import { exportState, stateJson, stateYaml } from '../../src/desired-state/export.js';
import { parseState } from '../../src/desired-state/parse.js';
import { planChanges, type PlanOptions } from '../../src/desired-state/plan.js';
import type { CurrentState, DesiredState } from '../../src/desired-state/desired-state.js';
import { carriedOut, cases, clusters, emptyCluster, type FileData, shape, userNames } from './cluster.js';

/** Nothing is protected. */
const free = { prune: true, allowLockout: true, probed: 'no' } satisfies PlanOptions;

const planOptions: fc.Arbitrary<PlanOptions> = fc.record({
  prune: fc.boolean(),
  login: fc.option(fc.constantFrom(...userNames), { nil: undefined }),
  probed: fc.constant('no'),
}) as fc.Arbitrary<PlanOptions>;

function read(...texts: string[]): DesiredState {
  const { desired, problems } = parseState(texts.map((text, i) => ({ file: `f${i}`, text })));
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return desired;
}

function hashesOf(desired: DesiredState): ReadonlyMap<string, Secret> {
  return new Map(
    [...desired.users].flatMap(([name, user]) => (user.hashValue ? [[name, user.hashValue] as const] : [])),
  );
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  const keyed = list.map((item, i) => ({ item, key: Math.imul((seed % 9973) + 31 * i + 1, 2654435761) >>> 0 }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/** The same file with everything in another order. */
function reordered(value: unknown, seed: number): unknown {
  if (Array.isArray(value))
    return shuffled(
      value.map((item) => reordered(item, seed)),
      seed,
    );
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(shuffled(Object.entries(value), seed).map(([key, inner]) => [key, reordered(inner, seed)]));
}

/** What a file says in parts: some of its users and roles in the second. */
function split(file: FileData, seed: number): string[] {
  const parts = [0, 1].map((part) => ({
    users: Object.fromEntries(Object.entries(file.users).filter((_, i) => ((seed >> i) & 1) === part)),
    roles: Object.fromEntries(Object.entries(file.roles).filter((_, i) => ((seed >> (i + 8)) & 1) === part)),
    ...(part === 0 ? { options: file.options } : {}),
  }));
  return parts.map((part) => JSON.stringify(part));
}

/** Permissions with the lists of the same scope joined. */
function union(a: Record<string, string[]>, b: Record<string, readonly string[]>): Record<string, string[]> {
  const all = Object.entries(a).map(([scope, names]): [string, string[]] => [scope, [...names]]);
  const map = new Map(all);
  for (const [scope, names] of Object.entries(b)) map.set(scope, [...new Set([...(map.get(scope) ?? []), ...names])]);
  return Object.fromEntries(map);
}

/** A slow and plain statement of what pruning leaves, without materialized roles and protections. */
function pruned(file: FileData, cluster: CurrentState): object {
  const inFile = (role: string, user: string): boolean =>
    file.roles[role]?.members?.includes(user) === true || file.users[user]?.roles?.includes(role) === true;
  const has = (record: object, name: string): boolean => Object.hasOwn(record, name);
  const allUsers = [...new Set([...Object.keys(file.users), ...cluster.users.keys()])];
  const allRoles = [...new Set([...Object.keys(file.roles), ...cluster.roles.keys()])];
  const userStays = (user: string): boolean =>
    file.options.manage === 'listed' || has(file.users, user) || allRoles.some((role) => inFile(role, user));
  const roleStays = (role: string): boolean =>
    file.options.manage === 'listed' || has(file.roles, role) || allUsers.some((user) => inFile(role, user));
  const users = allUsers.filter(userStays).map((name) => {
    const permissions = has(file.users, name)
      ? (file.users[name]?.permissions ?? {})
      : Object.fromEntries(cluster.users.get(name)?.permissions ?? []);
    return [name, { name, permissions: new Map(Object.entries(permissions)), hash: undefined }] as const;
  });
  const roles = allRoles.filter(roleStays).map((name) => {
    const listed = has(file.roles, name);
    const permissions = listed
      ? (file.roles[name]?.permissions ?? {})
      : Object.fromEntries(cluster.roles.get(name)?.permissions ?? []);
    const members = users
      .map(([user]) => user)
      .filter((user) => {
        const isOld = cluster.roles.get(name)?.users.includes(user) === true;
        return inFile(name, user) || (isOld && !listed && !has(file.users, user));
      });
    return [name, { name, permissions: new Map(Object.entries(permissions)), users: members }] as const;
  });
  return shape({ users: new Map(users), roles: new Map(roles) }, { hashes: false });
}

/** The laws of plans, exports and undo files, each tried many times. */
export function stateLaws(times: number): void {
  const runs = { numRuns: times };
  const often = { numRuns: times * 2 };

  describe('a plan', () => {
    it('is empty after it was applied', async () => {
      await fc.assert(
        fc.asyncProperty(cases, planOptions, async ({ cluster, file }, options) => {
          const desired = read(JSON.stringify(file));
          const after = await carriedOut(planChanges(desired, cluster, options).changes, cluster);
          expect(planChanges(desired, after, options).changes).toEqual([]);
        }),
        runs,
      );
    });

    it('is the same whatever the order of the file, in one file or in two', () => {
      fc.assert(
        fc.property(cases, planOptions, fc.nat(), ({ cluster, file }, options, seed) => {
          const first = planChanges(read(JSON.stringify(file)), cluster, options);
          expect(planChanges(read(JSON.stringify(reordered(file, seed))), cluster, options)).toEqual(first);
          expect(planChanges(read(...split(file, seed)), cluster, options)).toEqual(first);
        }),
        runs,
      );
    });

    it('never takes anything away without --prune', () => {
      fc.assert(
        fc.property(cases, ({ cluster, file }) => {
          const { changes, protectedChanges } = planChanges(read(JSON.stringify(file)), cluster, { login: 'ann' });
          expect(changes.filter(({ action }) => action.startsWith('remove') || action === 'delete')).toEqual([]);
          expect(protectedChanges).toEqual([]);
        }),
        runs,
      );
    });

    it('adds what the file has and keeps what there is without --prune', async () => {
      await fc.assert(
        fc.asyncProperty(cases, async ({ cluster, file }) => {
          const plain = { ...file, options: { ...file.options, materializeRoles: false } };
          const after = await carriedOut(planChanges(read(JSON.stringify(plain)), cluster).changes, cluster);
          for (const [name, user] of cluster.users) {
            const desired = Object.hasOwn(file.users, name) ? (file.users[name]?.permissions ?? {}) : {};
            const both = union(Object.fromEntries(user.permissions) as Record<string, string[]>, desired);
            const expected = { users: new Map([[name, { ...user, permissions: new Map(Object.entries(both)) }]]) };
            const found = { users: new Map([[name, after.users.get(name) ?? user]]) };
            expect(shape({ ...found, roles: new Map() })).toEqual(shape({ ...expected, roles: new Map() }));
          }
          for (const [name, { users }] of cluster.roles) {
            expect(after.roles.get(name)?.users).toEqual(expect.arrayContaining([...users]));
          }
        }),
        runs,
      );
    });

    it('with --prune removes exactly the rest', async () => {
      await fc.assert(
        fc.asyncProperty(cases, async ({ cluster, file }) => {
          const plain = { ...file, options: { ...file.options, materializeRoles: false } };
          const { changes, protectedChanges } = planChanges(read(JSON.stringify(plain)), cluster, free);
          expect(protectedChanges).toEqual([]);
          const after = await carriedOut(changes, cluster);
          expect(shape(after, { hashes: false })).toEqual(pruned(plain, cluster));
        }),
        runs,
      );
    });

    it('never removes or disarms the account in use, nor removes the last account that can manage users', async () => {
      const managers = ({ users, roles }: CurrentState): string[] =>
        [...users.values()]
          .filter(({ name, permissions }) =>
            [
              permissions,
              ...[...roles.values()].filter((role) => role.users.includes(name)).map((role) => role.permissions),
            ].some((held) => held.get('')?.includes('CreateUserAndRole') === true),
          )
          .map(({ name }) => name);
      await fc.assert(
        fc.asyncProperty(cases, fc.constantFrom(...userNames), async ({ cluster, file }, login) => {
          const { changes } = planChanges(read(JSON.stringify(file)), cluster, { prune: true, login, probed: 'no' });
          const after = await carriedOut(changes, cluster);
          if (cluster.users.has(login)) expect(after.users.has(login)).toBe(true);
          if (managers(cluster).includes(login)) expect(managers(after)).toContain(login);
          if (managers(cluster).length > 0) expect(managers(after)).not.toEqual([]);
        }),
        often,
      );
    });

    it('keeps the Kapacitor rights of roles as direct permissions of their members', async () => {
      await fc.assert(
        fc.asyncProperty(cases, fc.boolean(), async ({ cluster, file }, prune) => {
          const desired = read(JSON.stringify({ ...file, options: { ...file.options, materializeRoles: true } }));
          const after = await carriedOut(planChanges(desired, cluster, { ...free, prune }).changes, cluster);
          for (const name of Object.keys(file.roles)) {
            for (const [scope, names] of after.roles.get(name)?.permissions ?? []) {
              for (const user of after.roles.get(name)?.users ?? []) {
                const direct = after.users.get(user)?.permissions.get(scope) ?? [];
                expect(direct).toEqual(expect.arrayContaining(names.filter(isKapacitorPermission)));
              }
            }
          }
        }),
        runs,
      );
    });

    it('interrupted at any change and made again ends the same', async () => {
      const cuts = fc.nat(20);
      await fc.assert(
        fc.asyncProperty(cases, fc.boolean(), cuts, async ({ cluster, file }, prune, cut) => {
          const desired = read(JSON.stringify(file));
          const options = { ...free, prune };
          const absolute = await carriedOut(planChanges(desired, cluster, options).changes, cluster);
          const part = await carriedOut(planChanges(desired, cluster, options).changes, cluster, cut);
          const again = await carriedOut(planChanges(desired, part, options).changes, part);
          expect(shape(again)).toEqual(shape(absolute));
        }),
        often,
      );
    });

    it('interrupted and made again keeps the same accounts, and any that came to its right on the way', async () => {
      await fc.assert(
        fc.asyncProperty(cases, planOptions, fc.nat(20), async ({ cluster, file }, options, cut) => {
          const desired = read(JSON.stringify(file));
          const first = planChanges(desired, cluster, options);
          const part = await carriedOut(first.changes, cluster, cut);
          const second = planChanges(desired, part, options);
          const again = await carriedOut(second.changes, part);
          const isSame = JSON.stringify(second.protectedChanges) === JSON.stringify(first.protectedChanges);
          if (isSame) expect(shape(again)).toEqual(shape(await carriedOut(first.changes, cluster)));
          else
            expect(planChanges(desired, again, options)).toEqual({
              changes: [],
              protectedChanges: second.protectedChanges,
            });
        }),
        often,
      );
    });
  });

  describe('an export', () => {
    it('has nothing to change where it comes from, and is the same text each time', () => {
      fc.assert(
        fc.property(clusters, fc.boolean(), (cluster, withHashes) => {
          const text = stateYaml(exportState(cluster, { withHashes, probed: 'no' }));
          expect(planChanges(read(text), cluster, { prune: true, login: 'ann', probed: 'no' })).toEqual({
            changes: [],
            protectedChanges: [],
          });
          const turned = {
            users: new Map([...cluster.users].reverse()),
            roles: new Map(
              [...cluster.roles].reverse().map(([name, role]) => [name, { ...role, users: [...role.users].reverse() }]),
            ),
          };
          expect(stateYaml(exportState(turned, { withHashes, probed: 'no' }))).toBe(text);
        }),
        runs,
      );
    });

    it('with hashes makes the same cluster where there was none', async () => {
      await fc.assert(
        fc.asyncProperty(clusters, fc.boolean(), async (cluster, asJson) => {
          const document = exportState(cluster, { withHashes: true, probed: 'no' });
          const desired = read(asJson ? JSON.stringify(stateJson(document)) : stateYaml(document));
          const { changes } = planChanges(desired, emptyCluster);
          const made = await carriedOut(changes, emptyCluster, Infinity, hashesOf(desired));
          expect(shape(made)).toEqual(shape(cluster));
          expect(planChanges(desired, made).changes).toEqual([]);
        }),
        runs,
      );
    });
  });

  describe('the undo file of an apply', () => {
    it('leads back to the state before', async () => {
      await fc.assert(
        fc.asyncProperty(cases, fc.boolean(), fc.nat(30), async ({ cluster, file }, prune, cut) => {
          const { changes } = planChanges(read(JSON.stringify(file)), cluster, { ...free, prune });
          const undo = read(stateYaml(rollbackState(changes, cluster, 'no')));
          const after = await carriedOut(changes, cluster, cut);
          const back = await carriedOut(planChanges(undo, after, free).changes, after, Infinity, hashesOf(undo));
          expect(shape(back)).toEqual(shape(cluster));
        }),
        often,
      );
    });
  });
}
