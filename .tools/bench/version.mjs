import { againstBareNode } from './lib/processes.mjs';

export const name = '`--version`';
export const limit = 1.15;

export function run() {
  return againstBareNode(['--version']);
}
