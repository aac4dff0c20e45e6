import path from 'node:path';
import { withBundle } from './lib/bundle.mjs';
import { root } from '../fresh.mjs';
import { cpuTimes } from './lib/cpu-time.mjs';
import { liveAnswers, userName, wantedState, withFiles } from './lib/large.mjs';
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

/** Seconds of the processor for `plan --access`, where each of the users that change does so otherwise. */
async function accessCommand(users, changed) {
  const node = await startNode();
  try {
    await node.set({ answers: liveAnswers(users, 50) });
    const names = Array.from({ length: users }, (_, i) => i).filter((i) => i % 10 !== 0 && i % 5 !== 1);
    const permissions = (i) => ({ '': ['KapacitorConfigAPI'], [`own${i}`]: ['ReadData', 'WriteData'] });
    const wanted = names.slice(0, changed).map((i) => [userName(i), { permissions: permissions(i) }]);
    return await withFiles({ 'state.json': JSON.stringify({ users: Object.fromEntries(wanted) }) }, async (folder) => {
      const program = path.join(root, 'bin/kapadmin.js');
      const args = [program, 'plan', path.join(folder, 'state.json'), '--access', '-o', 'json'];
      const env = { KAPADMIN_META_URL: node.url, HOME: folder };
      const times = await cpuTimes({ access: { file: process.execPath, args } }, { rounds, cwd: folder, env });
      return times.get('access') / 1000;
    });
  } finally {
    node.close();
  }
}

export async function run() {
  const [small, middle, large] = await purePlans([20_000, 100_000, 200_000], 1_000);
  const command = await planCommand(100_000, 1_000);
  const access = await accessCommand(10_000, 500);
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
    { ...second, name: '`plan --access` of 10,000 users and 500 changes, CPU', ours: access, limits: { 20: 1 } },
    { ...megabyte, name: `memory of ${whole}`, ours: command.megabytes, limits: { 20: 400 } },
  ];
}
