import { pureTimes } from './lib/plan-times.mjs';

export const name = 'pure plan of ten times the users';
export const limit = 11;

export async function run() {
  const [small, large] = await pureTimes([
    [20_000, 1_000],
    [200_000, 1_000],
  ]);
  return { ours: large.seconds * 1000, base: small.seconds * 1000, unit: 'ms', against: '20,000 users' };
}
