import bcrypt from 'bcryptjs';
import { Secret } from '../model/secret.js';
import { type AsyncBcrypt, type Bcrypt, createVerifiedPasswords, type LoginRule } from './meta-node/login.js';
import { defaultAdmin, type Sandbox, type SandboxOptions, type StartKapacitor } from './options.js';
import { randomBytes, randomUUID } from 'node:crypto';
import type { Files } from '../files/files.js';
import { Cluster, type ClusterOptions, type SandboxNode, simulatedVersion } from './meta-node/cluster.js';
import { hashSeed, loadDataFile, persistState, type Seed, type SeedAccount, withAdmin } from './seed-and-data-files.js';
import { createResponders, type NodeServers, type Responder, startNodes } from './meta-node/server.js';
import { listenerGuard, type ListenerGuard, type ListenerTls } from './listener.js';
import { writeTlsFiles } from './tls.js';

/** Above this cost one comparison takes minutes. */
const maxCost = 16;
/** Up to this cost one hash takes a few milliseconds: done at once. */
const maxSyncCost = 6;

/** `$2a$` as the meta server writes it; `bytes` are 16 random ones. */
function saltOf(cost: number, bytes: Uint8Array): string {
  return `$2a$${String(cost).padStart(2, '0')}$${bcrypt.encodeBase64(Array.from(bytes), 16)}`;
}

/** The cost of a whole bcrypt hash that can be computed in reasonable time, else undefined. */
function costOf(hash: Secret): number | undefined {
  const cost = Number(/^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash.reveal())?.[1]);
  return cost >= 4 && cost <= maxCost ? cost : undefined;
}

export function createBcrypt(cost: number, randomBytes: (count: number) => Uint8Array): Bcrypt {
  return {
    hash: (password) => new Secret(bcrypt.hashSync(password.reveal(), saltOf(cost, randomBytes(16)))),
    compare(password, hash) {
      return costOf(hash) !== undefined && bcrypt.compareSync(password.reveal(), hash.reveal());
    },
  };
}

/** One hash after the other, without holding up the event loop for long. A hash that is not bcrypt fits no password. */
export function createAsyncBcrypt(cost: number, randomBytes: (count: number) => Uint8Array): AsyncBcrypt {
  const quick = createBcrypt(cost, randomBytes);
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
  return {
    async hash(password) {
      if (cost <= maxSyncCost) return quick.hash(password);
      return inTurn(async () => new Secret(await bcrypt.hash(password.reveal(), saltOf(cost, randomBytes(16)))));
    },
    async compare(password, hash) {
      if ((costOf(hash) ?? 0) <= maxSyncCost) return quick.compare(password, hash);
      return inTurn(() => bcrypt.compare(password.reveal(), hash.reveal()));
    },
  };
}

/** Every so many ms kills the leader, and revives the one that was killed before. Returns what ends that. */
function killLeaders(cluster: Pick<Sandbox, 'leader' | 'kill' | 'revive'>, every: number): () => Promise<void> {
  let dead: number | undefined;
  let turn: Promise<void> | undefined;

  async function takeTurn(): Promise<void> {
    if (dead !== undefined) await cluster.revive(dead);
    dead = cluster.leader();
    if (dead !== undefined) await cluster.kill(dead);
  }

  const timer = setInterval(() => {
    // Where its port was taken in the meantime, the dead one is tried again the next time.
    turn ??= takeTurn()
      .catch(() => undefined)
      .finally(() => {
        turn = undefined;
      });
  }, every).unref();
  return async () => {
    clearInterval(timer);
    await turn;
  };
}

export interface SandboxDependencies {
  readonly files: Files;
  now(): number;
  /** Ends a wait for the data file of another sandbox. */
  readonly stop: AbortSignal;
  /** Called if the data file cannot be written; the sandbox continues. */
  dataFailed(error: unknown): void;
  /** Starts Kapacitor, if present. */
  readonly kapacitor?: StartKapacitor;
}

function loginRule({ auth, sharedSecret, internalSharedSecret }: SandboxOptions): LoginRule {
  if (auth === false) return { kind: 'anyone' };
  return { kind: 'users', secrets: { shared: sharedSecret, internal: internalSharedSecret } };
}

function seedOf({ seed = { users: [], roles: [] } }: SandboxOptions, admin: SeedAccount | null): Seed {
  return admin === null ? seed : { ...seed, users: withAdmin(seed.users, admin) };
}

/** The nodes' sockets, and the cluster that they belong to. */
async function startCluster(
  options: SandboxOptions,
  tls: ListenerTls | undefined,
  guard: ListenerGuard,
  responder: (node: () => SandboxNode | undefined) => Responder,
  rest: Pick<ClusterOptions, 'state' | 'now' | 'committed'>,
): Promise<{ nodes: NodeServers; cluster: Cluster; end: () => Promise<void> }> {
  const { nodes: count = 1, port = 8091, lag = 0, electionTime = 300, leaderName, electEvery } = options;
  const up: { cluster?: Cluster } = {};
  const nodes = await startNodes(count, port, guard, tls, (i) => responder(() => up.cluster?.node(i)));
  const cluster = new Cluster({ members: nodes.members, lag, electionTime, leaderName, ...rest });
  up.cluster = cluster;
  const elections = electEvery === undefined ? undefined : setInterval(() => cluster.elect(), electEvery).unref();
  const end = async (): Promise<void> => {
    clearInterval(elections);
    cluster.close();
    await nodes.close();
  };
  return { nodes, cluster, end };
}

/** Starts meta nodes on this machine and, if requested, a Kapacitor; on failure, everything is closed. */
export async function startSandbox(options: SandboxOptions, dependencies: SandboxDependencies): Promise<Sandbox> {
  const { files, now } = dependencies;
  const { dataFile, bcryptCost = 10 } = options;
  const admin = options.admin === undefined ? defaultAdmin : options.admin;
  const endings: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    const bcrypt = createAsyncBcrypt(bcryptCost, randomBytes);
    const memory = createVerifiedPasswords(randomBytes(16).toString('hex'));
    if (dataFile !== undefined) {
      const lock = await files.lock(dataFile, dependencies.stop);
      endings.push(() => lock.release());
    }
    const kept = dataFile === undefined ? undefined : await loadDataFile(dataFile, files);
    const state = kept ?? (await hashSeed(seedOf(options, admin), bcrypt, memory));
    const data =
      dataFile === undefined ? undefined : await persistState(dataFile, state, files, dependencies.dataFailed);
    if (data) endings.push(() => data.close());
    const tls = options.tls && (await writeTlsFiles(options.tls, now()));
    if (tls) endings.push(() => tls.remove());
    const responder = createResponders(
      {
        login: loginRule(options),
        ldap: options.ldap ?? false,
        mergeRolePermissions: options.mergeRolePermissions ?? false,
        createTakesAll: options.createTakesAll ?? false,
        longPasswords: options.longPasswords ?? false,
        pingAuth: options.pingAuth ?? false,
        version: simulatedVersion,
        memory,
      },
      { now, requestId: randomUUID, bcrypt, faults: options.faults },
    );
    const guard = listenerGuard([
      ...(options.leaderName === undefined ? [] : [options.leaderName]),
      ...(options.tls?.hosts ?? []),
    ]);
    const { nodes, cluster, end } = await startCluster(options, tls?.server, guard, responder, {
      state,
      now,
      committed: () => data?.changed(),
    });
    endings.push(end);
    const urls = nodes.members.map(({ scheme, httpAddr }) => `${scheme}://${httpAddr}`);
    const kapacitor = await dependencies.kapacitor?.(
      {
        url: urls[0] ?? '',
        account: admin,
        internalSharedSecret: options.internalSharedSecret,
        caPath: tls?.caPath,
        clientCertPath: tls?.clientCertPath,
        clientKeyPath: tls?.clientKeyPath,
        isPortFree: options.port === 0,
        bcryptCost,
      },
      guard,
    );
    if (kapacitor) endings.push(() => kapacitor.close());
    const kill = async (i: number): Promise<void> => {
      cluster.kill(i);
      await nodes.kill(i);
    };
    const revive = async (i: number): Promise<void> => {
      await nodes.revive(i);
      cluster.revive(i);
    };
    const leader = (): number | undefined => cluster.leader;
    if (options.killEvery !== undefined) endings.push(killLeaders({ leader, kill, revive }, options.killEvery));
    return {
      urls,
      kapacitorUrl: kapacitor?.url ?? null,
      username: admin?.username ?? null,
      caPath: tls?.caPath,
      clientCertPath: tls?.clientCertPath,
      clientKeyPath: tls?.clientKeyPath,
      leader,
      kill,
      revive,
      elect: (i) => cluster.elect(i),
      noLeader: (ms) => cluster.noLeader(ms),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
