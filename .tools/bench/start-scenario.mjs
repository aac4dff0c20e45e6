import { startRow } from './lib/starts.mjs';

export const name = 'small `auth test --scenario`';
export const limit = 1.9;

export function run() {
  return startRow('scenario');
}
