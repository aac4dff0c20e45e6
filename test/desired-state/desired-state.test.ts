import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stateAfter } from '../../src/desired-state/desired-state.js';
import { changeCases } from '../access-matrix/change-cases.js';
import { carriedOut, shape } from './cluster.js';

describe('the state after changes', () => {
  it('is the one that the executor makes', async () => {
    await fc.assert(
      fc.asyncProperty(changeCases, async ({ cluster, changes }) => {
        const made = await carriedOut(changes, cluster);
        expect(shape(stateAfter(cluster, changes), { hashes: false })).toEqual(shape(made, { hashes: false }));
      }),
      { numRuns: 50 },
    );
  });
});
