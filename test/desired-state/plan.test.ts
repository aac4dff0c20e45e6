import { stateLaws } from './plan-laws.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportState, stateYaml } from '../../src/desired-state/export.js';
import { parseState } from '../../src/desired-state/parse.js';
import { planChanges } from '../../src/desired-state/plan.js';
import type { CurrentState, DesiredState } from '../../src/desired-state/desired-state.js';
import { carriedOut, cases, clusters, shape } from './cluster.js';

stateLaws(120);

/** What a cluster that copies role permissions into user records shows of itself. */
function merged({ users, roles }: CurrentState): CurrentState {
  const shown = [...users.values()].map((user) => {
    const all = new Map(user.permissions);
    for (const role of roles.values()) {
      if (!role.users.includes(user.name)) continue;
      for (const [scope, names] of role.permissions) {
        all.set(scope, [...new Set([...(all.get(scope) ?? []), ...names])]);
      }
    }
    return [user.name, { ...user, permissions: all }] as const;
  });
  return { users: new Map(shown), roles };
}

function read(text: string): DesiredState {
  return parseState([{ file: 'f', text }]).desired;
}

const runs = { numRuns: 150 };

describe('verdict 39: a plan for a cluster that copies role permissions into user records', () => {
  it.each(['unknown', 'yes'] as const)('converges with --prune, where the fact is %s', async (probed) => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ cluster, file }) => {
        const desired = read(JSON.stringify(file));
        const options = { prune: true, allowLockout: true, probed };
        const { changes } = planChanges(desired, merged(cluster), options);
        const after = await carriedOut(changes, cluster);
        expect(planChanges(desired, merged(after), options).changes).toEqual([]);
      }),
      runs,
    );
  });

  it('gives every user what the files give it, and nothing else, in one run', async () => {
    await fc.assert(
      fc.asyncProperty(
        cases,
        fc.constantFrom('unknown' as const, 'yes' as const),
        async ({ cluster, file }, probed) => {
          const plain = { ...file, options: { manage: 'all' as const } };
          const desired = read(JSON.stringify(plain));
          const { changes } = planChanges(desired, merged(cluster), { prune: true, allowLockout: true, probed });
          const after = await carriedOut(changes, cluster);
          const exact = planChanges(desired, cluster, { prune: true, allowLockout: true, probed: 'no' });
          const ideal = await carriedOut(exact.changes, cluster);
          expect(shape(merged(after), { hashes: false })).toEqual(shape(merged(ideal), { hashes: false }));
        },
      ),
      runs,
    );
  });

  it('has nothing to do after an export', () => {
    fc.assert(
      fc.property(clusters, fc.constantFrom('unknown' as const, 'yes' as const), (cluster, probed) => {
        const shown = merged(cluster);
        const text = stateYaml(exportState(shown, { withHashes: false, probed }));
        expect(planChanges(read(text), shown, { prune: true, probed }).changes).toEqual([]);
      }),
      runs,
    );
  });
});

describe('verdict 39: a plan for a cluster that does not copy', () => {
  it('converges with --prune, whether or not that is known', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.constantFrom('unknown' as const, 'no' as const), async ({ cluster, file }, probed) => {
        const desired = read(JSON.stringify(file));
        const options = { prune: true, allowLockout: true, probed };
        const after = await carriedOut(planChanges(desired, cluster, options).changes, cluster);
        const again = await carriedOut(planChanges(desired, after, options).changes, after);
        expect(planChanges(desired, again, options).changes).toEqual([]);
      }),
      runs,
    );
  });
});
