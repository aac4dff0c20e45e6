import { startRow } from './lib/starts.mjs';

export const name = '`--help`, in a terminal';

export function run() {
  return startRow('help, terminal', '`node -e 0` in a terminal', 'node -e 0, terminal');
}
