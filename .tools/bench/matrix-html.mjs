import { matrixTimes } from './lib/matrix-times.mjs';

export const name = 'HTML of the matrix of 10,000 users';
export const limit = 2;

export async function run() {
  const { html } = await matrixTimes();
  return { ours: html, base: 1, unit: 's', against: 'a second of a processor' };
}
