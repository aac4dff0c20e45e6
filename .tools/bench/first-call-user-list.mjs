import { startRow } from './lib/starts.mjs';

export const name = '`user list`, 10 users, the first call';

export function run() {
  return startRow('user list, cold');
}
