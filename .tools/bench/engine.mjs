import { pureRuns } from './lib/pure-runs.mjs';

const modules = {
  privileges: 'auth-engine/privileges.ts',
  endpoints: 'model/kapacitor-endpoints.ts',
  permissions: 'model/permissions.ts',
  load: 'scenario/load.ts',
  play: 'scenario/play.ts',
};

export async function run() {
  const { decisions, scenario } = await pureRuns('pure-engine.mjs', modules);
  return [
    {
      name: '10,000 user records by 61 endpoints, decided with their rule',
      against: 'a million in a second of a processor',
      ours: decisions / 1e6,
      base: 1,
      unit: 'million/s',
      limits: { 20: 8 },
      least: true,
    },
    {
      name: 'scenario of 10,000 steps, besides bcrypt',
      against: 'a second of a processor',
      ours: scenario,
      base: 1,
      unit: 's',
      limits: { 20: 1 },
    },
  ];
}
