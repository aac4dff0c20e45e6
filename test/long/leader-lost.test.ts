import { spawn, type ChildProcess } from 'node:child_process';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMetaClient } from '../../src/meta/client.js';
import { Secret } from '../../src/model/secret.js';
import { seededRandom } from '../../src/sandbox/faults.js';
import { startTestSandbox } from '../sandbox/start-test-sandbox.js';
import { makeFolder } from '../folder.js';
import { kapadmin } from '../flows/harness.js';

const names = Array.from({ length: 20 }, (_, i) => `user${i}`);
const state = JSON.stringify({
  users: Object.fromEntries(
    names.map((name) => [name, { password: { env: 'PASSWORD' }, permissions: { '': ['KapacitorAPI'] } }]),
  ),
});

const busy: ChildProcess[] = [];

beforeAll(() => {
  for (const _ of cpus()) busy.push(spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
});

afterAll(() => {
  for (const child of busy) child.kill('SIGKILL');
});

describe('issue H: apply on three nodes that lose their leader at a random moment, every core busy', () => {
  it.each(Array.from({ length: 100 }, (_, i) => i + 1))('ends with exit 0 and the desired state, %i', async (seed) => {
    const cluster = await startTestSandbox({ port: 0, bcryptCost: 4, nodes: 3, electionTime: 300 });
    const credentials = { kind: 'basic', username: 'admin', password: new Secret('changeit') } as const;
    const client = createMetaClient({ nodes: cluster.urls, credentials, readLeader: true });
    try {
      const [when, how] = seededRandom(seed, 0);
      const env = {
        KAPADMIN_META_URL: cluster.urls.join(','),
        KAPADMIN_META_USERNAME: 'admin',
        KAPADMIN_META_PASSWORD: 'changeit',
        PASSWORD: 'pa55word',
      };
      const ended = kapadmin(['apply', 'state.json', '-q'], { home: makeFolder({ 'state.json': state }), env });
      await delay(when * 2500);
      const leader = cluster.leader();
      if (leader !== undefined && how < 0.7) await cluster.kill(leader);
      else cluster.noLeader(1000);
      const ran = await ended;
      expect(ran.code, ran.stderr).toBe(0);
      const users = await client.users();
      const right = users.filter(({ permissions }) => permissions.get('')?.includes('KapacitorAPI') === true);
      expect(right.filter(({ name }) => names.includes(name))).toHaveLength(names.length);
    } finally {
      await client.close();
      await cluster.close();
    }
  });
});
