import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedOf, movedOn } from '../../src/state/digest.js';
import { parseState } from '../../src/state/parse.js';
import { isPlanFile, readPlanFile, writePlanFile } from '../../src/state/plan-file.js';
import { harmOf } from '../../src/state/plan/harm.js';
import { plan } from '../../src/state/plan/plan.js';
import { carriedOut, cases, userNames } from './cluster.js';

const runs = { numRuns: 150 };

describe('a saved plan', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(cases, fc.boolean(), ({ cluster, file }, prune) => {
        const { wanted } = parseState([{ file: 'f', text: JSON.stringify(file) }]);
        const { changes, kept } = plan(wanted, cluster, { prune, login: 'ann' });
        const saved = {
          nodes: ['http://127.0.0.1:8091'],
          changes,
          kept,
          expected: expectedOf(changes, cluster),
          allowRemove: ['__proto__'],
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
        const { wanted } = parseState([{ file: 'f', text: JSON.stringify(file) }]);
        const { changes } = plan(wanted, cluster, { prune, allowRemove: new Set(userNames) });
        const expected = expectedOf(changes, cluster);
        expect(movedOn(expected, cluster)).toEqual([]);
        const after = await carriedOut(changes, cluster);
        expect(movedOn(expected, after)).toEqual(expected);
      }),
      runs,
    );
  });

  it('does no harm where the plan did none, and is caught where its protections were lifted', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom(...userNames), ({ cluster, file }, login) => {
        const { wanted } = parseState([{ file: 'f', text: JSON.stringify(file) }]);
        const none = new Set<string>();
        const guarded = plan(wanted, cluster, { prune: true, login });
        expect(harmOf(guarded.changes, cluster, { login, allowRemove: none })).toEqual([]);
        const lifted = plan(wanted, cluster, { prune: true, login, allowRemove: new Set(userNames) });
        const isHarm = harmOf(lifted.changes, cluster, { login, allowRemove: none }).length > 0;
        expect(isHarm).toBe(guarded.kept.length > 0);
      }),
      runs,
    );
  });
});
