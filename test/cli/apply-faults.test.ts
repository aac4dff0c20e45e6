import { describe, it } from 'vitest';
import { applyThroughFaults } from './faulty-cluster.js';

describe('apply through faults', () => {
  it('ends as the file wants it, with 1,000 users and 50 roles', { timeout: 60_000 }, async () => {
    await applyThroughFaults(1000, 50, 'reset=0.1,503=0.1,delay=20ms,truncate=0.05,garbage=0.01', 42);
  });
});
