import { planCommand } from './lib/plan-command.mjs';

export const name = '`plan`, JSON file of 100,000 users and live answer to printed plan';
export const limit = 3;

export async function run() {
  const { seconds } = await planCommand('state.json', JSON.stringify);
  return { ours: seconds, base: 1, unit: 's', against: 'a second' };
}
