import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../context.js';
import { type Account, type CallOptions, defaults, type MetaClient, type MetaClientOptions } from './api.js';
import { createCluster, parseNodes } from './nodes.js';
import { authorizer } from './credentials.js';
import { createDiscovery } from './discovery.js';
import { maskHost, maskSecrets, quoted } from './redact.js';
import { retryPolicy } from './retry.js';
import { createSender, recogniseTls } from './sender.js';
import { createFollower } from './redirect.js';
import { type Accept, createRequester, type Requester } from './request.js';
import type { Pool } from './transport/pool.js';
import { expectDone, expectStatus, readJson, refusalError } from './response.js';
import { MetaError } from './errors.js';
import {
  type EncodedWrite,
  encodeRoleWrite,
  encodeUserWrite,
  parseCluster,
  parseLdapConfig,
  parseRoles,
  parseStatus,
  parseUsers,
  pathOf,
} from './wire.js';

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
};

function usernameOf(account: Account): string | undefined {
  return account.kind === 'none' ? undefined : account.username;
}

/**
 * A client of the meta API of one cluster. Nothing is sent and no library is loaded before the first call. Throws a
 * usage error for node URLs or credentials that cannot be used; bad certificates are told by the first call.
 */
export function createMetaClient(options: MetaClientOptions): MetaClient {
  const { observe, tls = {}, proxy = {} } = options;
  const clock = options.clock ?? systemClock;
  const connectTimeout = options.connectTimeout ?? defaults.connectTimeout;
  const maxBody = options.maxBody ?? defaults.maxBody;
  const nodes = parseNodes(options.nodes);

  let opened: Promise<Pool> | undefined;
  const open = async () => (await import('./transport/pool.js')).createPool({ tls, proxy, connectTimeout, maxBody });
  const probe = async (origin: string) => (await import('./transport/tls.js')).speaksTls(origin, connectTimeout);

  const account = authorizer(options.credentials ?? { kind: 'none' });
  const sender = recogniseTls(
    createSender({
      pool: () => (opened ??= open()),
      authorizer: account,
      named: new Set(nodes.map(({ origin }) => origin)),
      clock,
      connectTimeout,
      maxBody,
      userAgent: options.userAgent ?? 'kapadmin',
      observe,
    }),
    probe,
  );
  const cluster = createCluster(nodes);
  const discovery = createDiscovery(cluster, sender, connectTimeout);
  const requester = createRequester({
    cluster,
    discovery,
    follower: createFollower(cluster, discovery, sender, () => clock.now()),
    clock,
    random: options.random ?? Math.random,
    timeout: options.timeout ?? defaults.timeout,
    retries: options.retries ?? retryPolicy.retries,
    leaderWait: options.leaderWait ?? retryPolicy.leaderWait,
    observe,
  });

  return {
    nodes: nodes.map(({ origin }) => origin),
    ...createVerbs(requester, options.readLeader === true ? 'leader' : 'any'),
    mask: (text, where) => {
      // A password that is the user name, too, stands in every message.
      const secrets = account.secrets().filter((secret) => secret !== usernameOf(account.account));
      return (where === 'host' ? maskHost : maskSecrets)(text, secrets);
    },
    close: async () => {
      const pool = await opened?.catch(() => undefined);
      await pool?.close();
    },
  };
}

function reading<T>(parse: (value: unknown) => T): Accept<T> {
  return (answer, asked) => readJson(answer, asked, parse);
}

const version: Accept<string | undefined> = (answer, asked) => {
  expectStatus(answer, asked, 204, 200);
  return answer.header('x-influxdb-version');
};

const allowed: Accept<boolean> = (answer, asked) => {
  if (answer.status === 200) return true;
  const error = refusalError(answer, asked);
  if (error.code === 'credentials-refused') return false;
  throw error;
};

/** The requests of the meta API; `reads` says where reads of users and roles go. */
export function createVerbs(
  { request }: Requester,
  reads: 'any' | 'leader',
): Omit<MetaClient, 'nodes' | 'mask' | 'close'> {
  /** Users or roles: all, or the one of a name, where "not found" is an empty list. */
  async function list<T>(
    noun: 'user' | 'role',
    parse: (value: unknown) => readonly T[],
    { name, signal }: CallOptions & { name?: string | undefined },
  ): Promise<readonly T[]> {
    const purpose = name === undefined ? `read ${noun}s` : `read ${noun} ${quoted(name)}`;
    const path = pathOf(`/${noun}`, { name });
    try {
      return await request({ purpose, method: 'GET', path, signal }, reading(parse), reads);
    } catch (error) {
      if (name !== undefined && error instanceof MetaError && error.code === `${noun}-not-found`) return [];
      throw error;
    }
  }

  function write({ path, purpose, body, shown, secrets }: EncodedWrite, { signal }: CallOptions): Promise<void> {
    const post = { purpose, method: 'POST', path, body, shownBody: shown, secrets, signal } as const;
    return request(post, expectDone, 'leader');
  }

  function read<T>(purpose: string, path: string, accept: Accept<T>, { signal }: CallOptions): Promise<T> {
    return request({ purpose, method: 'GET', path, signal }, accept, 'any');
  }

  return {
    users: async (options = {}) => list('user', parseUsers, options),
    roles: async (options = {}) => list('role', parseRoles, options),
    writeUser: async (body, options = {}) => write(encodeUserWrite(body), options),
    writeRole: async (body, options = {}) => write(encodeRoleWrite(body), options),
    ping: ({ signal } = {}) => {
      const ping = { purpose: 'ping a meta node', method: 'GET', path: '/ping', anonymous: true, signal } as const;
      return request(ping, version, 'any');
    },
    status: (options = {}) => read('read the status of a meta node', '/status', reading(parseStatus), options),
    showCluster: (options = {}) =>
      read('read the nodes of the cluster', '/show-cluster', reading(parseCluster), options),
    ldapConfig: (options = {}) =>
      read('read the LDAP configuration', '/ldap/v1/config', reading(parseLdapConfig), options),
    authorized: async ({ name, password, permission, resource }, { signal } = {}) => {
      const path = pathOf('/authorized', { name, password: password.reveal(), permission, resource });
      const purpose = `ask for the rights of ${quoted(name)}`;
      return request({ purpose, method: 'GET', path, secrets: [password], signal }, allowed, 'any');
    },
    get: async (path, { signal } = {}) => {
      const raw = { purpose: 'read from a meta node', method: 'GET', path, signal } as const;
      const { url, answer } = await request(raw, (answer, asked) => ({ answer, url: asked.url }), reads);
      return { ...answer, url };
    },
  };
}
