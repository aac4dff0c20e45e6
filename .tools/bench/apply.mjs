import path from 'node:path';
import { userName, withFiles } from './lib/large.mjs';
import { startNode } from './lib/node.mjs';
import { median } from './lib/median.mjs';
import { runProgram } from './lib/run-program.mjs';

const users = 20_000;
const concurrency = 32;
const rounds = 9;

function state() {
  const entries = Array.from({ length: users }, (_, i) => [
    userName(i),
    { password: { env: 'PASSWORD' }, permissions: { '': ['ReadData'] } },
  ]);
  return JSON.stringify({ users: Object.fromEntries(entries) });
}

function bodies() {
  const list = Array.from({ length: users }, (_, i) => ({ name: userName(i), permissions: { '': ['ReadData'] } }));
  const answers = { '/user': '{"users":[{"name":"admin"}]}', '/role': '{}' };
  return { answers, afterWrites: { '/user': JSON.stringify({ users: list }), '/role': '{}' } };
}

/** POSTs a second, told by the node. */
async function rate(node, words, options) {
  await node.set(bodies());
  await runProgram(words, options);
  const { posts, seconds } = await node.count();
  if (posts !== 2 * users) throw new Error(`${posts} POSTs came`);
  return posts / seconds;
}

export async function run() {
  const node = await startNode();
  try {
    return await withFiles({ 'state.json': state() }, async (folder) => {
      const env = {
        KAPADMIN_META_URL: node.url,
        KAPADMIN_META_USERNAME: 'admin',
        KAPADMIN_META_PASSWORD: 'changeit',
        PASSWORD: 'pa55word',
      };
      const apply = ['apply', path.join(folder, 'state.json'), '--concurrency', String(concurrency), '-q'];
      const script = path.join(import.meta.dirname, 'lib/bare-loop.mjs');
      const rates = { ours: [], base: [] };
      for (let round = 0; round < rounds; round++) {
        rates.base.push(await rate(node, [node.url, String(users), String(concurrency)], { script }));
        rates.ours.push(await rate(node, apply, { env }));
      }
      return [
        {
          name: 'bulk `apply`, 20,000 users with one permission each, concurrency 32',
          against: 'a bare undici loop',
          ours: median(rates.ours),
          base: median(rates.base),
          unit: 'POST/s',
          limits: { 20: 0.9 },
          least: true,
        },
      ];
    });
  } finally {
    node.close();
  }
}
