import { startRow } from './lib/starts.mjs';

export const name = '`config check`, the first call';

export function run() {
  return startRow('config check, cold');
}
