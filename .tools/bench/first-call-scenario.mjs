import { startRow } from './lib/starts.mjs';

export const name = 'small `auth test --scenario`, the first call';

export function run() {
  return startRow('scenario, cold');
}
