import { startRow } from './lib/starts.mjs';

export const name = 'small `auth test --scenario`, in a terminal';

export function run() {
  return startRow('scenario, terminal', '`node -e 0` in a terminal', 'node -e 0, terminal');
}
