import { startRow } from './lib/starts.mjs';

export const name = '`config check`, in a terminal';

export function run() {
  return startRow('config check, terminal', '`node -e 0` in a terminal', 'node -e 0, terminal');
}
