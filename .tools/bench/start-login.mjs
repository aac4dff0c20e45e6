import { startRow } from './lib/starts.mjs';

export const name = '`auth test --url`, hash of cost 4';
export const limit = 3.8;

export function run() {
  return startRow('login');
}
