import { startRow } from './lib/starts.mjs';

export const name = '`user list`, 10 users';
export const limit = 3.5;

export function run() {
  return startRow('user list');
}
