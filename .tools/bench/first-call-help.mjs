import { startRow } from './lib/starts.mjs';

export const name = '`--help`, the first call';

export function run() {
  return startRow('help, cold');
}
