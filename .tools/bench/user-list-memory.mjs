import { liveAnswers } from './lib/large.mjs';
import { startNode } from './lib/node.mjs';
import { median } from './lib/processes.mjs';
import { runProgram } from './lib/run-program.mjs';

export const name = 'memory of `user list -o name`, 100,000 users';
export const limit = 200;

const users = 112_000;
const rounds = 5;

export async function run() {
  const node = await startNode();
  try {
    await node.set({ answers: liveAnswers(users, 1_000) });
    const megabytes = [];
    for (let round = 0; round < rounds; round++) {
      const ran = await runProgram(['user', 'list', '-o', 'name'], { env: { KAPADMIN_META_URL: node.url } });
      megabytes.push(ran.megabytes);
    }
    return { ours: median(megabytes), base: 1, unit: 'MB', against: 'a megabyte' };
  } finally {
    node.close();
  }
}
