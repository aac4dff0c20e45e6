import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import type { ProxyOptions, TlsOptions } from '../options.js';
import { proxyRule } from './proxy.js';
import { secureContext } from './tls.js';

export interface PoolOptions {
  readonly tls: TlsOptions;
  readonly proxy: ProxyOptions;
  readonly connectTimeout: number;
}

export interface Route {
  readonly dispatcher: Dispatcher;
  /** The proxy that the requests go through. */
  readonly proxy: string | undefined;
}

export interface Pool {
  route(origin: string): Route;
  /** Ends the connections; requests under way fail. */
  close(): Promise<void>;
}

/** Bytes of the headers of an answer. */
const maxHeaderSize = 64 * 1024;

/** The connections of a client: one pooled agent, and one more where https goes through a proxy. */
export function createPool({ tls, proxy, connectTimeout }: PoolOptions): Pool {
  const trust = { secureContext: secureContext(tls), rejectUnauthorized: tls.insecureSkipVerify !== true };
  const connect = { timeout: connectTimeout, ...trust };
  const agent = new Agent({ connect, maxHeaderSize });
  const rule = proxyRule(proxy);
  const proxyAgent =
    rule &&
    new ProxyAgent({ uri: rule.url.href, proxyTls: { timeout: connectTimeout }, requestTls: connect, maxHeaderSize });
  const routes = new Map<string, Route>();

  function route(origin: string): Route {
    let found = routes.get(origin);
    if (found === undefined) {
      const proxied = proxyAgent !== undefined && rule?.applies(origin) === true;
      found = proxied ? { dispatcher: proxyAgent, proxy: rule.shown } : { dispatcher: agent, proxy: undefined };
      routes.set(origin, found);
    }
    return found;
  }

  return {
    route,
    close: async () => {
      await Promise.all([agent.destroy(), proxyAgent?.destroy()]);
    },
  };
}
