import { startRow } from './lib/starts.mjs';

export const name = '`auth test --url`, hash of cost 4, in a terminal';

export function run() {
  return startRow('login, terminal', '`node -e 0` in a terminal', 'node -e 0, terminal');
}
