import { startRow } from './lib/starts.mjs';

export const name = '`--help`';
export const limit = 1.4;

export function run() {
  return startRow('help');
}
