import { createMetaClient } from './client.js';
import { nodesFromShowCluster, nodesFromStatus, type NodeAddress, parseNodeAddress } from './nodes.js';
import { decideRedirect, type RedirectDecision } from './redirect.js';
import type { MetaClientOptions } from './api.js';
import { type HttpResponse, exchange, type HttpRequestOptions } from './transport/exchange.js';
import { createPool } from './transport/pool.js';

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
