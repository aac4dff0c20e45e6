import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../context.js';
import type { CallOptions, MetaAccount, MetaClient, MetaClientOptions } from './client-types.js';
import type { AclKind } from '../model/acl.js';
import {
  createdId,
  type EncodedWrite,
  encodeRoleWrite,
  encodeUserWrite,
  metaRequestPath,
  parseAclList,
  parseCluster,
  parseLdapConfig,
  parseRoles,
  parseStatus,
  parseUsers,
} from './wire.js';
import {
  createClusterNodes,
  type NodeAddress,
  nodesFromShowCluster,
  nodesFromStatus,
  parseNodeAddress,
  parseNodes,
} from './nodes.js';
import { createAuthorizer } from './authorization.js';
import { createSender, detectTls } from './send-to-node.js';
import { createDiscovery, createRedirectHandler, decideRedirect, type RedirectDecision } from './redirect.js';
import { quoteExcerpt, redact, redactHost } from './redact.js';
import { retryPolicy } from './retry.js';
import { createRequester, type Requester, type ResponseParser } from './failover.js';
import { type ConnectionPool, createPool } from './transport/connections.js';
import { expectStatus, expectWriteDone, readJson, responseError } from './response.js';
import { MetaError } from './errors.js';
import { exchange, type HttpRequestOptions, type HttpResponse } from './transport/exchange.js';

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
};

function usernameOf(account: MetaAccount): string | undefined {
  return account.kind === 'none' ? undefined : account.username;
}

/**
 * A client of the meta API of one cluster. Nothing is sent and no library is loaded before the first call. Throws a
 * usage error for node URLs or credentials that cannot be used; the first call reports bad certificates.
 */
export function createMetaClient(options: MetaClientOptions): MetaClient {
  const { observe, tls = {}, proxy = {} } = options;
  const clock = options.clock ?? systemClock;
  const connectTimeout = options.connectTimeout ?? metaClientDefaults.connectTimeout;
  const maxBody = options.maxBody ?? metaClientDefaults.maxBody;
  const nodes = parseNodes(options.nodes);

  let opened: Promise<ConnectionPool> | undefined;
  const open = async () =>
    (await import('./transport/connections.js')).createPool({ tls, proxy, connectTimeout, maxBody });
  const probe = async (origin: string) =>
    (await import('./transport/connections.js')).speaksTls(origin, connectTimeout);

  const account = createAuthorizer(options.credentials ?? { kind: 'none' });
  const sender = detectTls(
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
  const cluster = createClusterNodes(nodes);
  const discovery = createDiscovery(cluster, sender, connectTimeout);
  const requester = createRequester({
    cluster,
    discovery,
    redirects: createRedirectHandler(cluster, discovery, sender, () => clock.now()),
    clock,
    random: options.random ?? Math.random,
    timeout: options.timeout ?? metaClientDefaults.timeout,
    retries: options.retries ?? retryPolicy.retries,
    leaderWait: options.leaderWait ?? retryPolicy.leaderWait,
    observe,
  });

  return {
    nodes: nodes.map(({ origin }) => origin),
    ...createOperations(requester, options.readLeader === true ? 'leader' : 'any'),
    redact: (text, where) => {
      // A password equal to the user name would be in every message.
      const secrets = account.secrets().filter((secret) => secret !== usernameOf(account.account));
      return (where === 'host' ? redactHost : redact)(text, secrets);
    },
    close: async () => {
      const pool = await opened?.catch(() => undefined);
      await pool?.close();
    },
  };
}

function jsonParser<T>(parse: (value: unknown) => T): ResponseParser<T> {
  return (response, context) => readJson(response, context, parse);
}

function aclPath(kind: AclKind): string {
  return `/influxdb/v2/acl/${kind}s`;
}

const versionParser: ResponseParser<string | undefined> = (response, context) => {
  expectStatus(response, context, 204, 200);
  return response.header('x-influxdb-version');
};

const allowedParser: ResponseParser<boolean> = (response, context) => {
  if (response.status === 200) return true;
  const error = responseError(response, context);
  if (error.code === 'credentials-refused') return false;
  throw error;
};

/** The requests of the meta API; `reads` says where reads of users and roles go. */
function createOperations(
  { request }: Requester,
  reads: 'any' | 'leader',
): Omit<MetaClient, 'nodes' | 'redact' | 'close'> {
  /** Users or roles: all, or the one of a name, where "not found" is an empty list. */
  async function list<T>(
    noun: 'user' | 'role',
    parse: (value: unknown) => readonly T[],
    { name, signal }: CallOptions & { name?: string | undefined },
  ): Promise<readonly T[]> {
    const purpose = name === undefined ? `read ${noun}s` : `read ${noun} ${quoteExcerpt(name)}`;
    const path = metaRequestPath(`/${noun}`, { name });
    try {
      return await request({ purpose, method: 'GET', path, signal }, jsonParser(parse), reads);
    } catch (error) {
      if (name !== undefined && error instanceof MetaError && error.code === `${noun}-not-found`) return [];
      throw error;
    }
  }

  function write({ path, purpose, body, redactedBody, secrets }: EncodedWrite, { signal }: CallOptions): Promise<void> {
    const post = { purpose, method: 'POST', path, body, redactedBody, secrets, signal } as const;
    return request(post, expectWriteDone, 'leader');
  }

  function read<T>(purpose: string, path: string, accept: ResponseParser<T>, { signal }: CallOptions): Promise<T> {
    return request({ purpose, method: 'GET', path, signal }, accept, 'any');
  }

  return {
    users: async (options = {}) => list('user', parseUsers, options),
    roles: async (options = {}) => list('role', parseRoles, options),
    writeUser: async (body, options = {}) => write(encodeUserWrite(body), options),
    writeRole: async (body, options = {}) => write(encodeRoleWrite(body), options),
    acl: async (kind, { signal } = {}) => {
      const list = { purpose: `read ${kind}s`, method: 'GET', path: aclPath(kind), signal } as const;
      return request(
        list,
        jsonParser((value) => parseAclList(kind, value)),
        reads,
      );
    },
    createAcl: async (kind, fields, { signal } = {}) => {
      const body = JSON.stringify(fields);
      const create = { purpose: `create a ${kind}`, method: 'POST', path: aclPath(kind), body, signal } as const;
      const parse: ResponseParser<string | undefined> = (response, context) => {
        expectWriteDone(response, context, 201, 202, 204);
        return createdId(kind, response.body);
      };
      return request({ ...create, redactedBody: () => body }, parse, 'leader');
    },
    deleteAcl: async (kind, id, { signal } = {}) => {
      const path = `${aclPath(kind)}/${encodeURIComponent(id)}`;
      const remove = { purpose: `delete ${kind} ${quoteExcerpt(id)}`, method: 'DELETE', path, signal } as const;
      return request(remove, (response, context) => expectWriteDone(response, context, 202, 204), 'leader');
    },
    ping: ({ signal } = {}) => {
      const ping = { purpose: 'ping a meta node', method: 'GET', path: '/ping', anonymous: true, signal } as const;
      return request(ping, versionParser, 'any');
    },
    status: (options = {}) => read('read the status of a meta node', '/status', jsonParser(parseStatus), options),
    showCluster: (options = {}) =>
      read('read the nodes of the cluster', '/show-cluster', jsonParser(parseCluster), options),
    ldapConfig: (options = {}) =>
      read('read the LDAP configuration', '/ldap/v1/config', jsonParser(parseLdapConfig), options),
    authorized: async ({ name, password, permission, resource }, { signal } = {}) => {
      const path = metaRequestPath('/authorized', { name, password: password.reveal(), permission, resource });
      const purpose = `check the permissions of ${quoteExcerpt(name)}`;
      return request({ purpose, method: 'GET', path, secrets: [password], signal }, allowedParser, 'any');
    },
    send: async (raw, { signal } = {}) => {
      const to = raw.method === 'GET' ? reads : 'leader';
      return request({ ...raw, signal }, (response, { url }) => ({ ...response, url }), to);
    },
    get: async (path, { signal } = {}) => {
      const raw = { purpose: 'read from a meta node', method: 'GET', path, signal } as const;
      return request(raw, (response, { url }) => ({ ...response, url }), reads);
    },
  };
}

/** Single requests with headers of the caller's: nothing is followed, repeated or parsed. */
export interface RawClient {
  /** Rejects with a TransportError. */
  send(request: HttpRequestOptions, signal: AbortSignal): Promise<HttpResponse>;
  /** Rejects with a TransportError. */
  get(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpResponse>;
  /** Whether credentials may be sent to the target of a redirect; reads from the node which hosts belong to its cluster. */
  decideRedirect(from: URL, to: URL, signal: AbortSignal): Promise<RedirectDecision>;
  close(): Promise<void>;
}

type RawClientOptions = Pick<MetaClientOptions, 'credentials' | 'tls' | 'proxy'> & {
  readonly connectTimeout: number;
  readonly timeout: number;
  readonly maxBody: number;
};

/** A client of one node that sends the caller's headers unchanged. */
export function createRawClient(options: RawClientOptions): RawClient {
  const { tls = {}, proxy = {}, connectTimeout, timeout, maxBody } = options;
  const pool = createPool({ tls, proxy, connectTimeout, maxBody });

  async function named(node: NodeAddress, signal: AbortSignal): Promise<readonly NodeAddress[]> {
    const client = createMetaClient({ ...options, nodes: [node.origin], retries: 0 });
    try {
      const [status, view] = await Promise.allSettled([client.status({ signal }), client.showCluster({ signal })]);
      return [
        node,
        ...(status.status === 'fulfilled' ? nodesFromStatus(status.value, node) : []),
        ...(view.status === 'fulfilled' ? nodesFromShowCluster(view.value, node) : []),
      ];
    } finally {
      await client.close();
    }
  }

  const send = (request: HttpRequestOptions, signal: AbortSignal): Promise<HttpResponse> =>
    exchange(pool.route(request.origin), request, { timeout, connectTimeout, maxBody, signal });

  return {
    send,
    get({ origin, pathname, search }, headers, signal) {
      return send({ origin, path: pathname + search, method: 'GET', headers, body: undefined }, signal);
    },
    async decideRedirect(from, to, signal) {
      const [source, target] = [parseNodeAddress(from), parseNodeAddress(to)];
      if (source === undefined || target === undefined) return 'unknown-host';
      if (source.host === target.host) return decideRedirect(new Map([[source.host, source.scheme]]), source, target);
      const trusted = await named(source, signal);
      return decideRedirect(new Map(trusted.map(({ host, scheme }) => [host, scheme])), source, target);
    },
    close: () => pool.close(),
  };
}

export const metaClientDefaults = {
  connectTimeout: 3_000,
  timeout: 10_000,
  maxBody: 64 * 1024 * 1024,
} as const;
