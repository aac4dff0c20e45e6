import { pureRuns } from './lib/pure-runs.mjs';

const modules = { build: 'access-matrix/build.ts', page: 'output/html/matrix.ts' };

export async function run() {
  const { compute, html, bytes } = await pureRuns('pure-matrix.mjs', modules);
  const seconds = { against: 'a second of a processor', base: 1, unit: 's' };
  return [
    {
      ...seconds,
      name: 'matrix of 10,000 users by 61 endpoints and 41 databases',
      ours: compute,
      limits: { 20: 0.3 },
    },
    { ...seconds, name: 'HTML of the matrix of 10,000 users', ours: html, limits: { 20: 2 } },
    {
      name: 'HTML of the matrix of 10,000 users, size',
      against: 'a megabyte',
      ours: bytes / 1e6,
      base: 1,
      unit: 'MB',
      limits: { 20: 15 },
    },
  ];
}
