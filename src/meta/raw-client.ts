import { createMetaClient } from './client.js';
import { mayFollow, namedByCluster, namedByStatus, type Target, targetOf, type Verdict } from './nodes.js';
import type { MetaClientOptions } from './api.js';
import { type Answer, exchange, type Sending } from './transport/exchange.js';
import { createPool } from './transport/pool.js';

/** Single requests with headers of the caller's: nothing is followed, repeated or parsed. */
export interface PlainClient {
  /** Rejects with an ExchangeFailure. */
  send(sending: Sending, signal: AbortSignal): Promise<Answer>;
  /** Rejects with an ExchangeFailure. */
  get(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer>;
  /** Whether credentials may go on from a node to where it redirects; asks that node which hosts belong to its cluster. */
  mayFollow(from: URL, to: URL, signal: AbortSignal): Promise<Verdict>;
  close(): Promise<void>;
}

type PlainOptions = Pick<MetaClientOptions, 'credentials' | 'tls' | 'proxy'> & {
  readonly connectTimeout: number;
  readonly timeout: number;
  readonly maxBody: number;
};

/** A client for one node that somebody else's credentials are sent to, as given. */
export function createPlainClient(options: PlainOptions): PlainClient {
  const { tls = {}, proxy = {}, connectTimeout, timeout, maxBody } = options;
  const pool = createPool({ tls, proxy, connectTimeout, maxBody });

  async function named(node: Target, signal: AbortSignal): Promise<readonly Target[]> {
    const client = createMetaClient({ ...options, nodes: [node.origin], retries: 0 });
    try {
      const [status, view] = await Promise.allSettled([client.status({ signal }), client.showCluster({ signal })]);
      return [
        node,
        ...(status.status === 'fulfilled' ? namedByStatus(status.value, node) : []),
        ...(view.status === 'fulfilled' ? namedByCluster(view.value, node) : []),
      ];
    } finally {
      await client.close();
    }
  }

  const send = (sending: Sending, signal: AbortSignal): Promise<Answer> =>
    exchange(pool.route(sending.origin), sending, { timeout, connectTimeout, maxBody, signal });

  return {
    send,
    get({ origin, pathname, search }, headers, signal) {
      return send({ origin, path: pathname + search, method: 'GET', headers, body: undefined }, signal);
    },
    async mayFollow(from, to, signal) {
      const [source, target] = [targetOf(from), targetOf(to)];
      if (source === undefined || target === undefined) return 'unknown-host';
      if (source.host === target.host) return mayFollow(new Map([[source.host, source.scheme]]), source, target);
      const trusted = await named(source, signal);
      return mayFollow(new Map(trusted.map(({ host, scheme }) => [host, scheme])), source, target);
    },
    close: () => pool.close(),
  };
}
