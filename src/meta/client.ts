import type { MetaClient } from './api.js';
import { systemClock } from './clock.js';
import { createCluster } from './cluster.js';
import { authorizer } from './credentials.js';
import { createDiscovery } from './discover.js';
import { maskHost, maskSecrets } from './masked.js';
import type { Account } from './event.js';
import { parseNodes } from './nodes.js';
import { defaults, type MetaClientOptions } from './options.js';
import { retryPolicy } from './policy.js';
import { recogniseTls } from './recognise.js';
import { createFollower } from './redirect.js';
import { createRequester } from './request.js';
import { createSender } from './sender.js';
import type { Pool } from './transport/pool.js';
import { createVerbs } from './verbs.js';

export type * from './api.js';

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
  const probe = async (origin: string) => (await import('./transport/probe.js')).speaksTls(origin, connectTimeout);

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
