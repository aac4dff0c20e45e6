import { randomBytes, randomUUID } from 'node:crypto';
import { files as realFiles, type Files } from '../files.js';
import { Secret } from '../model/secret.js';
import type { LoginRule } from './authenticate.js';
import { makeSlowBcrypt } from './bcrypt.js';
import { Cluster } from './cluster.js';
import { keep, loadData } from './data-file.js';
import type { Account } from './description.js';
import { runningNodes } from './nodes.js';
import type { Sandbox, SandboxOptions, StartFront } from './options.js';
import { makePasswordMemory } from './password-memory.js';
import { makeResponders } from './respond.js';
import { hashSeed, withAdmin, type Seed } from './seeded.js';
import { makeTlsFiles } from './tls-files.js';

export interface SandboxDeps {
  readonly files: Files;
  now(): number;
  /** Told when the data file cannot be written; the sandbox goes on. */
  dataFailed(error: unknown): void;
  /** Starts the Kapacitor front; absent: there is none. */
  readonly front?: StartFront;
}

const version = '1.11.8-c1.11.8';
const defaultAdmin: Account = { username: 'admin', password: new Secret('changeit') };
const realDeps: SandboxDeps = { files: realFiles, now: () => Date.now(), dataFailed: () => {} };

function loginRule({ auth, sharedSecret, internalSharedSecret }: SandboxOptions): LoginRule {
  if (auth === false) return { kind: 'anyone' };
  return { kind: 'users', secrets: { shared: sharedSecret, internal: internalSharedSecret } };
}

function seedOf({ seed = { users: [], roles: [] } }: SandboxOptions, admin: Account | null): Seed {
  return admin === null ? seed : { ...seed, users: withAdmin(seed.users, admin) };
}

/** Starts meta nodes on this machine and, where asked for, a Kapacitor in front; whatever fails, nothing stays open. */
export async function startSandbox(options: SandboxOptions, given: Partial<SandboxDeps> = {}): Promise<Sandbox> {
  const deps = { ...realDeps, ...given };
  const { files, now } = deps;
  const { dataFile } = options;
  const admin = options.admin === undefined ? defaultAdmin : options.admin;
  const endings: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    const bcrypt = makeSlowBcrypt(options.bcryptCost ?? 10, randomBytes);
    const memory = makePasswordMemory(randomBytes(16).toString('hex'));
    const kept = dataFile === undefined ? undefined : await loadData(dataFile, files);
    const state = kept ?? (await hashSeed(seedOf(options, admin), bcrypt, memory));
    const data = dataFile === undefined ? undefined : await keep(dataFile, state, files, deps.dataFailed);
    if (data) endings.push(() => data.close());
    const tls = options.tls && (await makeTlsFiles(options.tls, now()));
    if (tls) endings.push(() => tls.remove());
    const responder = makeResponders(
      {
        login: loginRule(options),
        ldap: options.ldap ?? false,
        mergeRolePermissions: options.mergeRolePermissions ?? false,
        createTakesAll: options.createTakesAll ?? false,
        version,
        memory,
      },
      { now, requestId: randomUUID, bcrypt, faults: options.faults },
    );
    const nodes = await runningNodes(options.nodes ?? 1, options.port ?? 8091, tls?.server, (i) =>
      responder(() => cluster.node(i)),
    );
    endings.push(() => nodes.close());
    const cluster = new Cluster({
      members: nodes.members,
      state,
      lag: options.lag ?? 0,
      electionTime: options.electionTime ?? 300,
      leaderName: options.leaderName,
      now,
      committed: () => data?.changed(),
    });
    const elections = options.electEvery && setInterval(() => cluster.elect(), options.electEvery).unref();
    endings.push(async () => {
      if (elections) clearInterval(elections);
      cluster.close();
    });
    const urls = nodes.members.map(({ scheme, httpAddr }) => `${scheme}://${httpAddr}`);
    const front = await deps.front?.({ url: urls[0] ?? '', caPath: tls?.caPath });
    if (front) endings.push(() => front.close());
    return {
      urls,
      kapacitorUrl: front?.url ?? null,
      username: admin?.username ?? null,
      caPath: tls?.caPath,
      clientCertPath: tls?.clientCertPath,
      clientKeyPath: tls?.clientKeyPath,
      leader: () => cluster.leader,
      async kill(i) {
        cluster.kill(i);
        await nodes.kill(i);
      },
      async revive(i) {
        await nodes.revive(i);
        cluster.revive(i);
      },
      elect: (i) => cluster.elect(i),
      noLeader: (ms) => cluster.noLeader(ms),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
