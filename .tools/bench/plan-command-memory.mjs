import { planCommand } from './lib/plan-command.mjs';

export const name = 'memory of `plan`, JSON file of 100,000 users and live answer';
export const limit = 400;

export async function run() {
  const { megabytes } = await planCommand('state.json', JSON.stringify);
  return { ours: megabytes, base: 1, unit: 'MB', against: 'a megabyte' };
}
