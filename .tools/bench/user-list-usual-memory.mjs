import { liveAnswers } from './lib/large.mjs';
import { startNode } from './lib/node.mjs';
import { runProgram } from './lib/run-program.mjs';

export const name = 'most memory of `user list`, as table, JSON and YAML, 10,000 users';
export const limit = 150;

const users = 11_112;
const formats = ['table', 'json', 'yaml'];
const rounds = 3;

export async function run() {
  const node = await startNode();
  try {
    await node.set({ answers: liveAnswers(users, 100) });
    const megabytes = [];
    for (let round = 0; round < rounds; round++) {
      for (const format of formats) {
        const ran = await runProgram(['user', 'list', '-o', format], { env: { KAPADMIN_META_URL: node.url } });
        megabytes.push(ran.megabytes);
      }
    }
    return { ours: Math.max(...megabytes), base: 1, unit: 'MB', against: 'a megabyte' };
  } finally {
    node.close();
  }
}
