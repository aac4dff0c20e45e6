import type { SecureContext } from 'node:tls';
import type { Dispatcher } from 'undici';
import type { ProxyOptions, TlsOptions } from '../api.js';
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

const smallest = 16 * 1024;
const nothing = new Uint8Array(0);

/** Bytes that all bodies under way may still take together; it is the one thing here that changes in place. */
export interface Room {
  left: number;
}

const leastRoom = 64 * 1024 * 1024;

/** Room for two bodies of the limit at the same time: the list of users and that of roles. */
export function roomFor(maxBody: number): Room {
  return { left: Math.max(2 * maxBody, leastRoom) };
}

/** Collects the chunks of a body in one piece of memory, so that many small chunks cost no more than a few large. */
export interface BodyCollector {
  /** Why the chunk is not taken: the body is longer than the limit, or there is no more room; undefined when it is. */
  add(chunk: Uint8Array): 'too-large' | 'no-room' | undefined;
  bytes(): Uint8Array;
  /** Gives the room back. */
  end(): void;
}

/** `expected` bytes, if known, are made room for at once. */
export function collectBody(limit: number, room: Room, expected?: number): BodyCollector {
  let whole = nothing;
  let length = 0;
  return {
    add(chunk) {
      const needed = length + chunk.length;
      if (needed > limit) return 'too-large';
      if (needed > whole.length) {
        const wanted = length === 0 && expected !== undefined ? expected : Math.max(whole.length * 2, smallest);
        const size = Math.max(needed, Math.min(limit, wanted));
        const more = size - whole.length;
        if (more > room.left) return 'no-room';
        room.left -= more;
        const grown = new Uint8Array(size);
        grown.set(whole.subarray(0, length));
        whole = grown;
      }
      whole.set(chunk, length);
      length = needed;
      return undefined;
    },
    bytes: () => (length === whole.length ? whole : whole.subarray(0, length)),
    end() {
      room.left += whole.length;
    },
  };
}
