import { startEndlessNode } from './lib/endless-node.mjs';
import { runProgram } from './lib/run-program.mjs';

export const name = 'most memory of `user list`, lists of users and roles that never end';
export const limit = 300;

const rounds = 11;

/** The most of all rounds: how much is held when it ends is a matter of when memory is collected. */
export async function run() {
  const node = await startEndlessNode();
  try {
    const megabytes = [];
    for (let round = 0; round < rounds; round++) {
      const ran = await runProgram(['user', 'list'], { env: { KAPADMIN_META_URL: node.url }, code: 8 });
      if (!ran.stderr.includes('larger than the limit (64MiB)')) throw new Error(ran.stderr);
      megabytes.push(ran.megabytes);
    }
    return { ours: Math.max(...megabytes), base: 1, unit: 'MB', against: 'a megabyte' };
  } finally {
    node.close();
  }
}
