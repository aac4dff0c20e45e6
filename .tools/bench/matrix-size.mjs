import { matrixTimes } from './lib/matrix-times.mjs';

export const name = 'HTML of the matrix of 10,000 users, size';
export const limit = 15;

export async function run() {
  const { bytes } = await matrixTimes();
  return { ours: bytes / 1e6, base: 1, unit: 'MB', against: 'a megabyte' };
}
