import { describe, expect, it } from 'vitest';
import { applyWhileLosing, createWhileLosing } from '../cli/losing-leaders.js';

const seeds = Array.from({ length: 20 }, (_, i) => i + 1);

describe('a cluster that loses its leader again and again', () => {
  it.each(seeds)('is as the file wants it after apply of 2,000 changes, seed %i', async (seed) => {
    expect(await applyWhileLosing(2000, seed)).toBeGreaterThan(0);
  });

  it.each(seeds)('has every user that was reported done, seed %i', async (seed) => {
    expect(await createWhileLosing(60, seed)).toBeGreaterThan(0);
  });
});
