import { startRow } from './lib/starts.mjs';

export const name = '`user list`, 10 users';

export function run() {
  return startRow('user list', 'ten lines of undici, bundled whole', 'ten lines, usual');
}
