import { matrixTimes } from './lib/matrix-times.mjs';

export const name = 'matrix of 10,000 users by 61 endpoints and 41 databases';
export const limit = 0.3;

export async function run() {
  const { compute } = await matrixTimes();
  return { ours: compute, base: 1, unit: 's', against: 'a second of a processor' };
}
