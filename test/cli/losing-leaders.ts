import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { createMetaClient } from '../../src/meta/client.js';
import { Secret } from '../../src/model/secret.js';
import type { Role, User } from '../../src/model/user.js';
import { seededRandom } from '../../src/sandbox/faults.js';
import type { Sandbox } from '../../src/sandbox/options.js';
import { startTestSandbox } from '../sandbox/start-test-sandbox.js';
import { makeFolder } from '../folder.js';
import { type Ran, runLine } from '../run.js';

/** A cluster of three nodes that loses its leader again and again. */
export interface LosingCluster extends Sandbox {
  readonly env: Readonly<Record<string, string>>;
  /** What the leader holds, once there is one. */
  read(): Promise<{ users: ReadonlyMap<string, User>; roles: ReadonlyMap<string, Role> }>;
}

const nodes = 3;
/** Milliseconds that the nodes need for an election. */
const electionTime = 150;
/** Milliseconds: a node that has just lost the lead reads as late as any other. */
const longestLag = 300;

async function withLosingCluster<T>(lag: number, use: (cluster: LosingCluster) => Promise<T>): Promise<T> {
  const sandbox = await startTestSandbox({ port: 0, bcryptCost: 4, nodes, lag, electionTime });
  const credentials = { kind: 'basic', username: 'admin', password: new Secret('changeit') } as const;
  const client = createMetaClient({ nodes: sandbox.urls, credentials, readLeader: true });
  const env = {
    KAPADMIN_META_URL: sandbox.urls.join(','),
    KAPADMIN_META_USERNAME: 'admin',
    KAPADMIN_META_PASSWORD: 'changeit',
    PASSWORD: 'pa55word',
  };
  try {
    return await use({
      ...sandbox,
      env,
      async read() {
        const [users, roles] = [await client.users(), await client.roles()];
        const byName = <N extends { name: string }>(all: readonly N[]) => new Map(all.map((one) => [one.name, one]));
        return { users: byName(users), roles: byName(roles) };
      },
    });
  } finally {
    await client.close();
    await sandbox.close();
  }
}

/** Kills the leader, waits, revives it, lets another be elected: until `over`, at times that the seed decides. */
async function loseLeaders(cluster: Sandbox, seed: number, over: AbortSignal): Promise<number> {
  let lost = 0;
  for (; !over.aborted; lost++) {
    const [when, how] = seededRandom(seed, lost);
    await delay(40 + when * 160, undefined, { signal: over }).catch(() => undefined);
    const leader = cluster.leader();
    if (over.aborted || leader === undefined) continue;
    if (how < 0.6) {
      await cluster.kill(leader);
      await delay(electionTime * (1 + how));
      await cluster.revive(leader);
    } else if (how < 0.8) cluster.elect();
    else cluster.noLeader(300);
  }
  return lost;
}

/** The wanted state of so many changes, and what it must come to. */
function stateOf(changes: number): { text: string; users: readonly string[]; roles: readonly string[] } {
  const users = Array.from({ length: Math.floor(changes / 2) - 10 }, (_, i) => `user${i}`);
  const roles = Array.from({ length: 7 }, (_, i) => `role${i}`);
  const text = JSON.stringify({
    users: Object.fromEntries(
      users.map((name, i) => [
        name,
        { password: { env: 'PASSWORD' }, permissions: { '': ['KapacitorAPI'] }, roles: [`role${i % roles.length}`] },
      ]),
    ),
    roles: Object.fromEntries(roles.map((name) => [name, { permissions: { db: ['ReadData', 'WriteData'] } }])),
  });
  return { text, users, roles };
}

interface Told {
  readonly on: 'user' | 'role';
  readonly name: string;
  readonly action: string;
  readonly permissions?: Readonly<Record<string, readonly string[]>>;
  readonly users?: readonly string[];
  readonly status: string;
}

/** The changes that were told as done and that the cluster does not show, when no read lags any more. */
async function missingOf(told: readonly Told[], cluster: LosingCluster): Promise<readonly Told[]> {
  if ((await unseenOf(told, cluster)).length === 0) return [];
  await delay(longestLag);
  return unseenOf(told, cluster);
}

async function unseenOf(told: readonly Told[], cluster: LosingCluster): Promise<readonly Told[]> {
  const { users, roles } = await cluster.read();
  return told.filter(({ on, name, action, permissions = {}, users: members = [], status }) => {
    if (status !== 'done') return false;
    const there = on === 'user' ? users.get(name) : roles.get(name);
    if (there === undefined) return action !== 'delete';
    if (action === 'add-users') return members.some((user) => roles.get(name)?.users.includes(user) !== true);
    return Object.entries(permissions).some(([scope, all]) => {
      return all.some((permission) => there.permissions.get(scope)?.includes(permission) !== true);
    });
  });
}

function toldIn(ran: Ran): readonly Told[] {
  return ran.stdout === '' ? [] : (JSON.parse(ran.stdout) as { changes: readonly Told[] }).changes;
}

const mostRuns = 3;

/**
 * Applies so many changes while leaders are lost: each run tells the truth, and the last one has all as wanted. Returns
 * how many leaders were lost.
 */
export async function applyWhileLosing(changes: number, seed: number, run = runLine): Promise<number> {
  return withLosingCluster(seed % 2 === 0 ? 0 : 200, async (cluster) => {
    const { text, users, roles } = stateOf(changes);
    const options = { cwd: makeFolder({ 'state.json': text }), env: cluster.env };
    const over = new AbortController();
    const losing = loseLeaders(cluster, seed, over.signal);
    let code = -1;
    for (let runs = 0; code !== 0 && runs < mostRuns; runs++) {
      const ran = await run(['apply', 'state.json', '-o', 'json', '-q'], options);
      ({ code } = ran);
      expect([0, 3, 7], ran.stderr).toContain(code);
      expect(ran.stderr).not.toMatch(/exists/);
      expect(await missingOf(toldIn(ran), cluster)).toEqual([]);
      if (runs === 0) expect(toldIn(ran).length).toBeGreaterThan(changes * 0.99);
    }
    over.abort();
    const lost = await losing;
    expect(code).toBe(0);
    const end = await cluster.read();
    const lacking = users.filter((name) => end.users.get(name)?.permissions.get('')?.[0] !== 'KapacitorAPI');
    expect(lacking).toEqual([]);
    const members = roles.flatMap((name) => end.roles.get(name)?.users ?? []);
    expect(members.toSorted()).toEqual(users.toSorted());
    return lost;
  });
}

/** Creates users one by one while leaders are lost: each run's word is true. Returns how many leaders were lost. */
export async function createWhileLosing(users: number, seed: number, run = runLine): Promise<number> {
  return withLosingCluster(100, async (cluster) => {
    const over = new AbortController();
    const losing = loseLeaders(cluster, seed, over.signal);
    const names = Array.from({ length: users }, (_, i) => `single${i}`);
    const codes = new Map<string, number>();
    for (const name of names) {
      const words = ['user', 'create', name, '--password-env', 'PASSWORD', '--grant', 'KapacitorAPI', '-o', 'json'];
      const ran = await run([...words, '-q'], { env: cluster.env });
      codes.set(name, ran.code);
      expect([0, 3, 7], ran.stderr).toContain(ran.code);
      expect(ran.stderr).not.toMatch(/exists/);
      expect(await missingOf(toldIn(ran), cluster)).toEqual([]);
    }
    over.abort();
    const lost = await losing;
    const { users: there } = await cluster.read();
    const done = names.filter((name) => codes.get(name) === 0);
    expect(done.filter((name) => there.get(name)?.permissions.get('')?.[0] !== 'KapacitorAPI')).toEqual([]);
    expect(done.length).toBeGreaterThan(users * 0.9);
    return lost;
  });
}
