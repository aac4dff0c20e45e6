import { startRow } from './lib/starts.mjs';

export const name = '`user list`, 10 users';
export const limit = 1.2;

export function run() {
  return startRow('user list', 'ten lines of undici, bundled as kapadmin is', 'ten lines');
}
