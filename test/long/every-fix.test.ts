import { describe, expect, it } from 'vitest';
import { faultsOfMixtures } from '../report/findings/config/every-fix.js';

/** In parts, so that a run tells how far it is; EVERY_FIX_RUNS is for a smaller sample. */
const runs = Number(process.env['EVERY_FIX_RUNS'] ?? 100_000);
const parts = Array.from({ length: 10 }, (_, i) => i + 1);

describe('every fix holds over random mixtures', () => {
  it.each(parts)('part %i', () => expect(faultsOfMixtures(Math.ceil(runs / parts.length))).toBeNull(), 7_200_000);
});
