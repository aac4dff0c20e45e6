import { startRow } from './lib/starts.mjs';

export const name = '`--version`';
export const limit = 1.15;

export function run() {
  return startRow('version');
}
