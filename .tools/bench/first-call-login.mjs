import { startRow } from './lib/starts.mjs';

export const name = '`auth test --url`, hash of cost 4, the first call';

export function run() {
  return startRow('login, cold');
}
