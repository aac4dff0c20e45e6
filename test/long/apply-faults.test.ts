import { describe, it } from 'vitest';
import { applyThroughFaults } from '../cli/faulty-cluster.js';

const seeds = Array.from({ length: 20 }, (_, i) => i + 1);

describe('apply of 1,000 users and 50 roles through faults', () => {
  it.each(seeds)('ends as the file wants it, seed %i', async (seed) => {
    await applyThroughFaults(1000, 50, 'reset=0.1,503=0.1,delay=200ms,truncate=0.05,garbage=0.01', seed);
  });
});
