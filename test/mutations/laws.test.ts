import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, ExecutionSummary } from '../../src/mutations/change.js';
import { execute } from '../../src/mutations/execute.js';
import { isApplied, createSnapshot } from '../../src/mutations/snapshot.js';
import { effectivePermissions } from '../../src/model/user.js';
import { Secret } from '../../src/model/secret.js';
import type { ClusterState, StoreWrite } from '../../src/sandbox/meta-node/store.js';
import { simulate, type Simulation, type WriteFault } from './simulated-server.js';
import { virtualClock } from './virtual-clock.js';
import { changesBetween, rolesOf, small, type Small, usersOf } from './small-cluster.js';

const faults: readonly WriteFault[] = [
  'none',
  'none',
  'none',
  'not-sent',
  'lost-before',
  'lost-after',
  'late',
  'error-before',
  'error-after',
  'forbidden',
];

interface Run {
  readonly summary: ExecutionSummary;
  readonly server: Simulation;
  readonly before: Small;
  readonly after: Small;
}

interface Case {
  readonly before: Small;
  readonly after: Small;
  readonly seed: number;
  readonly faults: readonly WriteFault[];
  readonly badReads: readonly boolean[];
  readonly lag: number;
  readonly concurrency: number;
  readonly stopAfter: number | undefined;
}

const runs = { numRuns: 150 };

const cases = (some: fc.Arbitrary<WriteFault>, stops = false): fc.Arbitrary<Case> =>
  fc.record({
    before: small,
    after: small,
    seed: fc.nat(),
    faults: fc.array(some, { maxLength: 30 }),
    badReads: fc.array(fc.boolean(), { maxLength: 10 }),
    lag: fc.constantFrom(0, 30, 300),
    concurrency: fc.integer({ min: 1, max: 5 }),
    stopAfter: stops ? fc.nat(400) : fc.constant(undefined),
  });

function shuffled<T>(list: readonly T[], seed: number): T[] {
  const keyed = list.map((item, i) => ({ item, key: Math.imul((seed % 9973) + 17 * i + 1, 2654435761) >>> 0 }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

async function run(given: Case): Promise<Run> {
  const { before, after } = given;
  const clock = virtualClock();
  const server = simulate({
    clock,
    users: usersOf(before),
    roles: rolesOf(before),
    lag: given.lag,
    fault: (n) => given.faults[n] ?? 'none',
    readFails: (n) => given.badReads[n] ?? false,
  });
  const stop = new AbortController();
  if (given.stopAfter !== undefined) void clock.sleep(given.stopAfter).then(() => stop.abort('SIGINT'));
  const summary = await execute(shuffled(changesBetween(before, after), given.seed), {
    client: server.client,
    before: createSnapshot(usersOf(before), rolesOf(before)),
    secret: async () => new Secret('new'),
    concurrency: given.concurrency,
    clock,
    stop: stop.signal,
  });
  await clock.sleep(10_000);
  return { summary, server, before, after };
}

function foundIn({ users, roles }: ClusterState) {
  return createSnapshot(
    users.values(),
    [...roles.values()].map((role) => ({ ...role, users: [...role.users] })),
  );
}

function rightsIn(state: ClusterState, user: string): Set<string> {
  const found = foundIn(state);
  const document = found.users.get(user);
  const rights = document === undefined ? [] : effectivePermissions(document, found.roles.values(), 'unknown');
  return new Set(rights.map(({ permission, scope }) => `${scope}:${permission}`));
}

const none = createSnapshot([], []);
const anyFault = fc.constantFrom(...faults);

describe('the executor', () => {
  it('leads to what is wanted when nothing fails, in whatever order the changes are given', async () => {
    await fc.assert(
      fc.asyncProperty(cases(fc.constant('none')), async (given) => {
        const { summary, server, after } = await run(given);
        expect(summary.results.every(({ status }) => status === 'done')).toBe(true);
        const found = foundIn(server.state);
        expect(new Set(found.users.keys())).toEqual(new Set(Object.keys(after.users)));
        expect(changesBetween(smallOf(server.state), after)).toEqual([]);
      }),
      runs,
    );
  });

  it('leads to what is wanted through lost connections and errors that pass', async () => {
    const passing = fc.constantFrom<WriteFault>('none', 'none', 'lost-before', 'lost-after', 'late', 'error-after');
    await fc.assert(
      fc.asyncProperty(cases(passing), async (given) => {
        const spread = given.faults.flatMap((fault) => [fault, 'none', 'none'] as const);
        const { summary, server, after } = await run({ ...given, faults: spread, badReads: [] });
        expect(summary.results.filter(({ status }) => status !== 'done')).toEqual([]);
        expect(changesBetween(smallOf(server.state), after)).toEqual([]);
      }),
      runs,
    );
  });

  it('reports done only what is there, and failed or not started only what is not', async () => {
    await fc.assert(
      fc.asyncProperty(cases(anyFault, true), async (given) => {
        const { summary, server } = await run(given);
        const found = foundIn(server.state);
        for (const { change, status } of summary.results) {
          if (status === 'done') expect(isApplied(change, found, none), JSON.stringify(change)).toBe(true);
          else if (status !== 'unknown') expect(wasCarriedOut(change, server), JSON.stringify(change)).toBe(false);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('never ends in "already exists" or "not found" by a repeat of its own', async () => {
    await fc.assert(
      fc.asyncProperty(cases(anyFault, true), async (given) => {
        const { summary } = await run(given);
        const kinds = summary.results.flatMap((entry) => ('error' in entry ? [entry.error.kind] : []));
        expect(kinds).not.toContain('exists');
        expect(kinds).not.toContain('not-found');
      }),
      runs,
    );
  });

  it('never leaves a user without a right that it had and keeps, whatever fails and wherever it is stopped', async () => {
    await fc.assert(
      fc.asyncProperty(cases(anyFault, true), async (given) => {
        const { server, before, after } = await run(given);
        const [first, last] = [stateOf(before), stateOf(after)];
        for (const user of Object.keys(before.users)) {
          const kept = [...rightsIn(first, user)].filter((right) => rightsIn(last, user).has(right));
          for (const { state } of server.applied) {
            const now = rightsIn(state, user);
            if (after.users[user] !== undefined) expect(kept.filter((right) => !now.has(right))).toEqual([]);
          }
        }
      }),
      runs,
    );
  });

  it('never has two writes on one user or role under way', async () => {
    await fc.assert(
      fc.asyncProperty(cases(anyFault), async (given) => {
        expect((await run(given)).server.overlaps).toEqual([]);
      }),
      runs,
    );
  });
});

function stateOf(cluster: Small): ClusterState {
  return simulate({ clock: virtualClock(), users: usersOf(cluster), roles: rolesOf(cluster) }).state;
}

function smallOf(state: ClusterState): Small {
  const { users, roles } = foundIn(state);
  return {
    users: Object.fromEntries([...users].map(([name, user]) => [name, Object.fromEntries(user.permissions)])),
    roles: Object.fromEntries(
      [...roles].map(([name, role]) => {
        return [name, { permissions: Object.fromEntries(role.permissions), users: role.users }];
      }),
    ),
  };
}

/** Whether a change of this kind was carried out in full. */
function wasCarriedOut(change: Change, server: Simulation): boolean {
  const size = (value: Change | StoreWrite): number => ('users' in value ? value.users.length : 0);
  return server.applied.some(
    ({ write }) =>
      write.on === change.on &&
      write.name === change.name &&
      write.action === change.action &&
      size(write) === size(change),
  );
}
