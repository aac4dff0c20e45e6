import { againstBareNode } from './lib/processes.mjs';

export const name = '`--help`';
export const limit = 1.4;

export function run() {
  return againstBareNode(['--help']);
}
