import { engineTimes } from './lib/engine-times.mjs';

export const name = 'scenario of 10,000 steps, besides bcrypt';
export const limit = 1;

export async function run() {
  const { scenario } = await engineTimes();
  return { ours: scenario, base: 1, unit: 's', against: 'a second of a processor' };
}
