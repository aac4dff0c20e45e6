import { startRow } from './lib/starts.mjs';

export const name = '`config check`';
export const limit = 1.9;

export function run() {
  return startRow('config check');
}
