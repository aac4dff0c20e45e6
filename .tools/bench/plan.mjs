import path from 'node:path';
import { withBundle } from './lib/bundle.mjs';
import { liveAnswers, wantedState, withFiles } from './lib/large.mjs';
import { median } from './lib/median.mjs';
import { startNode } from './lib/node.mjs';
import { runProgram } from './lib/run-program.mjs';

const rounds = 5;

function medians(runs) {
  return {
    seconds: median(runs.map(({ seconds }) => seconds)),
    megabytes: median(runs.map(({ megabytes }) => megabytes)),
  };
}

/** The pure plan for some numbers of users, each time in a new process, in turns. */
function purePlans(sizes, roles) {
  const script = path.join(import.meta.dirname, 'lib/pure-plan.mjs');
  return withBundle({ plan: 'desired-state/plan.ts' }, async (file) => {
    const runs = sizes.map(() => []);
    for (let round = 0; round < rounds; round++) {
      for (const [i, users] of sizes.entries()) {
        const { stdout, megabytes } = await runProgram([file('plan'), String(users), String(roles)], { script });
        runs[i].push({ seconds: JSON.parse(stdout).milliseconds / 1000, megabytes });
      }
    }
    return runs.map(medians);
  });
}

/** The command, from a file and a live response to the printed plan. */
async function planCommand(users, roles) {
  const node = await startNode();
  try {
    await node.set({ answers: liveAnswers(users, roles) });
    const files = { 'state.json': JSON.stringify(wantedState(users, roles)) };
    return await withFiles(files, async (folder) => {
      const runs = [];
      for (let round = 0; round < rounds; round++) {
        const env = { KAPADMIN_META_URL: node.url };
        runs.push(await runProgram(['plan', path.join(folder, 'state.json')], { env, code: 1 }));
      }
      return medians(runs);
    });
  } finally {
    node.close();
  }
}

export async function run() {
  const [small, middle, large] = await purePlans([20_000, 100_000, 200_000], 1_000);
  const command = await planCommand(100_000, 1_000);
  const second = { against: 'a second', base: 1, unit: 's' };
  const megabyte = { against: 'a megabyte', base: 1, unit: 'MB' };
  const pure = 'pure plan, 100,000 users and 1,000 roles';
  const whole = '`plan`, JSON file of 100,000 users and live response';
  return [
    { ...second, name: pure, ours: middle.seconds, limits: { 20: 0.6 } },
    { ...megabyte, name: `memory of the ${pure}`, ours: middle.megabytes, limits: { 20: 300 } },
    {
      name: 'pure plan of ten times the users',
      against: '20,000 users',
      ours: large.seconds * 1000,
      base: small.seconds * 1000,
      unit: 'ms',
      limits: { 20: 11 },
    },
    { ...second, name: `${whole} to printed plan`, ours: command.seconds, limits: { 20: 3 } },
    { ...megabyte, name: `memory of ${whole}`, ours: command.megabytes, limits: { 20: 400 } },
  ];
}
