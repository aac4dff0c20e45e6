import { pureTimes } from './lib/plan-times.mjs';

export const name = 'pure plan, 100,000 users and 1,000 roles';
export const limit = 0.6;

export async function run() {
  const [{ seconds }] = await pureTimes([[100_000, 1_000]]);
  return { ours: seconds, base: 1, unit: 's', against: 'a second' };
}
