import { describe, expect, it } from 'vitest';
import { faultsOfMixtures } from '../diagnostics/config/every-fix.js';

/**
 * A configuration costs about 20 ms: 30,000 are about ten minutes, more on a busy machine. Before a release:
 *
 *     EVERY_FIX_RUNS=100000 npm run test:long -- test/long/every-fix.test.ts
 */
const runs = Number(process.env['EVERY_FIX_RUNS'] ?? 30_000);

/** In parts, so that a run tells how far it is. */
const parts = Array.from({ length: 10 }, (_, i) => i + 1);

describe('every fix holds over random mixtures', () => {
  it.each(parts)('part %i', () => expect(faultsOfMixtures(Math.ceil(runs / parts.length))).toBeNull(), 7_200_000);
});
