import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/mutations/change.js';
import { findLockout, mayLockOut } from '../../src/mutations/lockout.js';
import {
  expectedStates,
  isPlanFile,
  changedSince,
  readPlanFile,
  writePlanFile,
} from '../../src/desired-state/plan-file.js';
import { parseState } from '../../src/desired-state/parse.js';
import { planChanges } from '../../src/desired-state/plan.js';
import { carriedOut, cases, userNames } from './cluster.js';

/** The order in which they are carried out, as far as it matters here. */
function removalsLast(changes: readonly Change[]): readonly Change[] {
  return [...changes.filter((change) => !mayLockOut(change)), ...changes.filter(mayLockOut)];
}

const runs = { numRuns: 150 };

describe('a saved plan', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(cases, fc.boolean(), ({ cluster, file }, prune) => {
        const { desired } = parseState([{ file: 'f', text: JSON.stringify(file) }]);
        const { changes, protectedChanges } = planChanges(desired, cluster, { prune, login: 'ann' });
        const saved = {
          nodes: ['http://127.0.0.1:8091'],
          changes,
          protectedChanges,
          expected: expectedStates(changes, cluster),
        };
        const text = writePlanFile(saved);
        expect(isPlanFile(text)).toBe(true);
        expect(readPlanFile('p', text)).toEqual(saved);
      }),
      runs,
    );
  });

  it('sees that what it touches has changed, and that it was carried out', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.boolean(), async ({ cluster, file }, prune) => {
        const { desired } = parseState([{ file: 'f', text: JSON.stringify(file) }]);
        const { changes } = planChanges(desired, cluster, { prune, allowLockout: true, probed: 'no' });
        const expected = expectedStates(changes, cluster);
        expect(changedSince(expected, cluster)).toEqual([]);
        const after = await carriedOut(changes, cluster);
        expect(changedSince(expected, after)).toEqual(expected);
      }),
      runs,
    );
  });

  it('does no harm where the plan did none, and is caught where its protections were lifted', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom(...userNames), ({ cluster, file }, login) => {
        const { desired } = parseState([{ file: 'f', text: JSON.stringify(file) }]);
        const lockoutOf = (changes: readonly Change[]) =>
          findLockout(removalsLast(changes), cluster, { account: login, probed: 'no' });
        const guarded = planChanges(desired, cluster, { prune: true, login, probed: 'no' });
        expect(lockoutOf(guarded.changes)).toBeUndefined();
        const lifted = planChanges(desired, cluster, { prune: true, login, probed: 'no', allowLockout: true });
        const isHarm = lockoutOf(lifted.changes) !== undefined;
        expect(isHarm).toBe(guarded.protectedChanges.length > 0);
      }),
      runs,
    );
  });
});
