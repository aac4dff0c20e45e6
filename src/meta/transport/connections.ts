import type { ClientTlsOptions, ProxyOptions } from '../client-types.js';
import { connect, createSecureContext, type SecureContext } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { usageError } from '../../errors.js';
import { proxyRule } from './proxy.js';
// undici's dispatchers by their own modules, with the part of its API that they call: its entry also loads fetch,
// WebSocket and caches, and with them the undici inside Node. Why: docs/maintainers/decisions.md.
import undiciConnect from 'undici/lib/api/api-connect.js';
import DispatcherClass from 'undici/lib/dispatcher/dispatcher.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Connections from 'undici/lib/dispatcher/pool.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';

// ProxyAgent opens its tunnels by this method, which undici's entry adds.
Object.assign(DispatcherClass.prototype, { connect: undiciConnect });

interface ConnectionPoolOptions {
  readonly tls: ClientTlsOptions;
  readonly proxy: ProxyOptions;
  readonly connectTimeout: number;
  /** Bytes of the largest body. */
  readonly maxBody: number;
}

export interface PoolRoute {
  readonly dispatcher: Dispatcher;
  /** The proxy that the requests go through. */
  readonly proxy: string | undefined;
  /** Shared by all routes of a pool. */
  readonly budget: BodyBudget;
}

export interface ConnectionPool {
  route(origin: string): PoolRoute;
  /** Ends the connections; requests under way fail. */
  close(): Promise<void>;
}

/** Maximum bytes of the response headers. */
const maxHeaderSize = 64 * 1024;

/** The connections of a client: one pooled agent, and one more where https goes through a proxy. */
export function createPool({ tls, proxy, connectTimeout, maxBody }: ConnectionPoolOptions): ConnectionPool {
  const budget = createBodyBudget(maxBody);
  // The user's certificates are checked now. Reading the system's is slow and unnecessary for plain HTTP.
  const isGiven = tls.ca !== undefined || tls.cert !== undefined || tls.key !== undefined;
  let context: SecureContext | undefined = isGiven ? createTlsContext(tls) : undefined;
  const tlsOptions = () => {
    context ??= createTlsContext(tls);
    return { timeout: connectTimeout, secureContext: context, rejectUnauthorized: tls.insecureSkipVerify !== true };
  };
  const agent = new Agent({
    maxHeaderSize,
    factory(origin, options) {
      const isHttps = String(origin).startsWith('https:');
      return new Connections(origin, { ...options, connect: isHttps ? tlsOptions() : { timeout: connectTimeout } });
    },
  });
  const rule = proxyRule(proxy);
  const proxyAgent =
    rule &&
    new ProxyAgent({
      uri: rule.url.href,
      proxyTls: { timeout: connectTimeout },
      requestTls: tlsOptions(),
      maxHeaderSize,
    });
  const routes = new Map<string, PoolRoute>();

  function route(origin: string): PoolRoute {
    let found = routes.get(origin);
    if (found === undefined) {
      const proxied = proxyAgent !== undefined && rule?.applies(origin) === true;
      found = proxied
        ? { dispatcher: proxyAgent, proxy: rule.displayUrl, budget }
        : { dispatcher: agent, proxy: undefined, budget };
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

const minBufferBytes = 16 * 1024;
const noBytes = new Uint8Array(0);

/** Bytes that all bodies in progress may still use together; shared and mutable. */
interface BodyBudget {
  readonly total: number;
  remaining: number;
}

const minBudgetBytes = 64 * 1024 * 1024;

/** A budget for two bodies of the maximum size at the same time: the users and the roles. */
export function createBodyBudget(maxBody: number): BodyBudget {
  const total = Math.max(2 * maxBody, minBudgetBytes);
  return { total, remaining: total };
}

/** Collects the chunks of a body in one piece of memory, so that many small chunks cost no more than a few large. */
export interface BodyCollector {
  /** Why the chunk is rejected: the body exceeds its limit, or the budget is used up; undefined when it is accepted. */
  add(chunk: Uint8Array): 'too-large' | 'no-room' | undefined;
  bytes(): Uint8Array;
  /** Returns the bytes to the budget. */
  end(): void;
}

/** `expected` bytes, if known, are allocated at once. */
export function createBodyCollector(limit: number, budget: BodyBudget, expected?: number): BodyCollector {
  let buffer = noBytes;
  let length = 0;
  return {
    add(chunk) {
      const needed = length + chunk.length;
      if (needed > limit) return 'too-large';
      if (needed > buffer.length) {
        const wanted = length === 0 && expected !== undefined ? expected : Math.max(buffer.length * 2, minBufferBytes);
        const size = Math.max(needed, Math.min(limit, wanted));
        const more = size - buffer.length;
        if (more > budget.remaining) return 'no-room';
        budget.remaining -= more;
        const grown = new Uint8Array(size);
        grown.set(buffer.subarray(0, length));
        buffer = grown;
      }
      buffer.set(chunk, length);
      length = needed;
      return undefined;
    },
    bytes: () => (length === buffer.length ? buffer : buffer.subarray(0, length)),
    end() {
      budget.remaining += buffer.length;
    },
  };
}

function opensslReason(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^error:[0-9A-F]+:/, '') : String(error);
}

// Node silently accepts a CA file without any certificate.
function checkCertificates(text: string, what: string): void {
  try {
    void new X509Certificate(text);
  } catch (error) {
    throw usageError('bad-tls-file', `${what} contains no PEM certificate: ${opensslReason(error)}`);
  }
}

/** Certificates and key, read once for all connections. Throws a usage error for unreadable ones. */
export function createTlsContext(tls: ClientTlsOptions): SecureContext {
  if ((tls.cert === undefined) !== (tls.key === undefined)) {
    throw usageError(
      'bad-tls-file',
      'a client certificate and its private key must be given together',
      'Set both --meta-cert FILE and --meta-key FILE.',
    );
  }
  if (tls.ca !== undefined) checkCertificates(tls.ca, 'the CA file');
  if (tls.cert !== undefined) checkCertificates(tls.cert, 'the client certificate file');
  const key = typeof tls.key === 'object' ? tls.key.reveal() : tls.key;
  try {
    return createSecureContext({ ca: tls.ca, cert: tls.cert, key });
  } catch (error) {
    throw usageError('bad-tls-file', `the client certificate and key cannot be used: ${opensslReason(error)}`);
  }
}

/**
 * Whether the port of a plain http origin speaks TLS. A server that gets plain http where it expects TLS often just
 * hangs up, so it is probed once by a handshake in which nothing is sent.
 */
export function speaksTls(origin: string, timeout: number): Promise<boolean> {
  const url = new URL(origin);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(url.port || '80'), rejectUnauthorized: false });
    const end = (speaks: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(speaks);
    };
    const timer = setTimeout(end, timeout, false);
    socket.once('secureConnect', () => end(true));
    socket.once('error', () => end(false));
  });
}
