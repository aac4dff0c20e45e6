import path from 'node:path';
import { liveAnswers, wantedState, withFiles } from './large.mjs';
import { startNode } from './node.mjs';
import { median } from './processes.mjs';
import { runProgram } from './run-program.mjs';

const users = 100_000;
const roles = 1_000;
const rounds = 5;

/** The plan command from a file and a live answer to the printed plan: medians of its seconds and its megabytes. */
export async function planCommand(file, text, words = []) {
  const node = await startNode();
  try {
    await node.set({ answers: liveAnswers(users, roles) });
    return await withFiles({ [file]: text(wantedState(users, roles)) }, async (folder) => {
      const env = { KAPADMIN_META_URL: node.url };
      const results = [];
      for (let round = 0; round < rounds; round++) {
        results.push(await runProgram(['plan', path.join(folder, file), ...words], { env, code: 1 }));
      }
      return {
        seconds: median(results.map(({ seconds }) => seconds)),
        megabytes: median(results.map(({ megabytes }) => megabytes)),
      };
    });
  } finally {
    node.close();
  }
}
