import { pureTimes } from './lib/plan-times.mjs';

export const name = 'memory of the pure plan, its inputs and Node included, 100,000 users and 1,000 roles';
export const limit = 300;

export async function run() {
  const [{ megabytes }] = await pureTimes([[100_000, 1_000]]);
  return { ours: megabytes, base: 1, unit: 'MB', against: 'a megabyte' };
}
