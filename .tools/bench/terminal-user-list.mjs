import { startRow } from './lib/starts.mjs';

export const name = '`user list`, 10 users, in a terminal';

export function run() {
  return startRow('user list, terminal', '`node -e 0` in a terminal', 'node -e 0, terminal');
}
