import { startEndlessNode } from './lib/endless-node.mjs';
import { liveAnswers } from './lib/large.mjs';
import { startNode } from './lib/node.mjs';
import { runProgram } from './lib/run-program.mjs';

const rounds = 5;

/** The most memory of `user list` in some formats: how much is held when it ends depends on when memory is collected. */
async function peakOfList(node, formats, code = 0) {
  const megabytes = [];
  for (let round = 0; round < rounds; round++) {
    for (const format of formats) {
      const env = { KAPADMIN_META_URL: node.url };
      megabytes.push((await runProgram(['user', 'list', '-o', format], { env, code })).megabytes);
    }
  }
  return Math.max(...megabytes);
}

/** Of ten users one is missing, see liveUser. */
async function ofUsers(count, roles, formats) {
  const node = await startNode();
  try {
    await node.set({ answers: liveAnswers((count * 10) / 9, roles) });
    return await peakOfList(node, formats);
  } finally {
    node.close();
  }
}

async function ofEndlessLists() {
  const node = await startEndlessNode();
  try {
    return await peakOfList(node, ['table'], 8);
  } finally {
    node.close();
  }
}

export async function run() {
  const row = { against: 'a megabyte', base: 1, unit: 'MB' };
  return [
    {
      ...row,
      name: 'memory of `user list`, as table, JSON and YAML, 10,000 users',
      ours: await ofUsers(10_000, 100, ['table', 'json', 'yaml']),
      limits: { 20: 150 },
    },
    {
      ...row,
      name: 'memory of `user list -o name`, 100,000 users',
      ours: await ofUsers(100_000, 1_000, ['name']),
      limits: { 20: 200 },
    },
    {
      ...row,
      name: 'memory of `user list`, lists of users and roles that never end',
      ours: await ofEndlessLists(),
      limits: { 20: 300 },
    },
  ];
}
