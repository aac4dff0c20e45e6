import type { SecureContext } from 'node:tls';
import type { Dispatcher } from 'undici';
import type { ProxyOptions, TlsOptions } from '../options.js';
import { roomFor, type Room } from './body.js';
import { proxyRule } from './proxy.js';
import { secureContext } from './tls.js';
import { Agent, Pool as Connections, ProxyAgent } from './undici.js';

export interface PoolOptions {
  readonly tls: TlsOptions;
  readonly proxy: ProxyOptions;
  readonly connectTimeout: number;
  /** Bytes of the largest body. */
  readonly maxBody: number;
}

export interface Route {
  readonly dispatcher: Dispatcher;
  /** The proxy that the requests go through. */
  readonly proxy: string | undefined;
  /** Shared by all routes of a pool. */
  readonly room: Room;
}

export interface Pool {
  route(origin: string): Route;
  /** Ends the connections; requests under way fail. */
  close(): Promise<void>;
}

/** Bytes of the headers of an answer. */
const maxHeaderSize = 64 * 1024;

/** The connections of a client: one pooled agent, and one more where https goes through a proxy. */
export function createPool({ tls, proxy, connectTimeout, maxBody }: PoolOptions): Pool {
  const room = roomFor(maxBody);
  // Certificates of the user's are looked at now; to read those of the system takes long, and plain http needs none.
  const isGiven = tls.ca !== undefined || tls.cert !== undefined || tls.key !== undefined;
  let context: SecureContext | undefined = isGiven ? secureContext(tls) : undefined;
  const trusting = () => {
    context ??= secureContext(tls);
    return { timeout: connectTimeout, secureContext: context, rejectUnauthorized: tls.insecureSkipVerify !== true };
  };
  const agent = new Agent({
    maxHeaderSize,
    factory(origin, options) {
      const isHttps = String(origin).startsWith('https:');
      return new Connections(origin, { ...options, connect: isHttps ? trusting() : { timeout: connectTimeout } });
    },
  });
  const rule = proxyRule(proxy);
  const proxyAgent =
    rule &&
    new ProxyAgent({
      uri: rule.url.href,
      proxyTls: { timeout: connectTimeout },
      requestTls: trusting(),
      maxHeaderSize,
    });
  const routes = new Map<string, Route>();

  function route(origin: string): Route {
    let found = routes.get(origin);
    if (found === undefined) {
      const proxied = proxyAgent !== undefined && rule?.applies(origin) === true;
      found = proxied
        ? { dispatcher: proxyAgent, proxy: rule.shown, room }
        : { dispatcher: agent, proxy: undefined, room };
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
