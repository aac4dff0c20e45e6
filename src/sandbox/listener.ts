import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { KapadminError, usageError } from '../errors.js';
import { goJson } from './meta-node/messages.js';

/** A request body in memory. */
interface HeldBody {
  /** Counts bytes that arrived; false where the body was dropped. */
  add(bytes: number): boolean;
  /** The body is complete: it is no longer dropped, and counts until it is released. */
  complete(): void;
  release(): void;
}

interface Held {
  size: number;
  readonly drop: () => void;
}

/**
 * The request bodies in memory, with a common limit for all clients. If it is exceeded, the largest incomplete one is
 * dropped: small requests always get through.
 */
export class RequestBodyBudget {
  readonly #maxBytes: number;
  readonly #arriving = new Set<Held>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @param drop ends the request; called at most once */
  open(drop: () => void): HeldBody {
    const held: Held = { size: 0, drop };
    this.#arriving.add(held);
    return {
      add: (bytes) => {
        if (!this.#arriving.has(held)) return false;
        held.size += bytes;
        this.#bytes += bytes;
        while (this.#bytes > this.#maxBytes && this.#arriving.size > 0) this.#dropLargest();
        return this.#arriving.has(held);
      },
      complete: () => void this.#arriving.delete(held),
      release: () => {
        this.#arriving.delete(held);
        this.#bytes -= held.size;
        held.size = 0;
      },
    };
  }

  #dropLargest(): void {
    const [first, ...others] = this.#arriving;
    const biggest = others.reduce((max, one) => (one.size > max!.size ? one : max), first);
    if (biggest === undefined) return;
    this.#arriving.delete(biggest);
    this.#bytes -= biggest.size;
    biggest.size = 0;
    biggest.drop();
  }
}

/** What a listener shows over TLS; texts in PEM. */
export interface ListenerTls {
  readonly key: string;
  readonly cert: string;
  /** Given: a client must show a certificate of this CA. */
  readonly clientCa?: string | undefined;
}

/** Responds to a request, whose body was read, by writing to `response`; never rejects. */
type RequestHandler = (message: IncomingMessage, body: Buffer, response: ServerResponse) => Promise<void>;

/** What all listeners of a sandbox keep to together. */
export interface ListenerGuard {
  /** Host names that are the sandbox's own beside those of this machine, in lower case. */
  readonly hostNames: ReadonlySet<string>;
  readonly bodies: RequestBodyBudget;
}

interface ListenerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly tls?: ListenerTls | undefined;
  readonly guard: ListenerGuard;
  /** What listens and what to do where its port is taken, for the error. */
  readonly purpose: { readonly name: string; readonly hint: string };
  /** The whole response to a method that node:http does not know; by default 400. */
  readonly unknownMethod?: string | undefined;
}

export interface Listener {
  readonly port: number;
  /** Takes no more connections and lets running requests end, for a second at most. */
  close(): Promise<void>;
  /** Ends at once, connections included. */
  cut(): Promise<void>;
}

const host = '127.0.0.1';
const maxBodyBytes = 32 * 1024 * 1024;
const maxBodiesBytes = 64 * 1024 * 1024;
const maxHeaderBytes = 1024 * 1024;
/** Each can hold half a head of `maxHeaderSize`, which no login has allowed. */
const maxConnections = 512;
const closeTimeoutMs = 1000;
/** Longer than clients keep an idle connection: none of them finds it closed. */
const keepAliveMs = 120_000;
/** In which a whole request must have arrived. */
const requestTimeoutMs = 60_000;

/** What Go's HTTP server writes by itself to what it does not take, before it closes the connection. */
function goError(line: string): string {
  return `HTTP/1.1 ${line}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${line}`;
}

/** What Go writes to a client that speaks HTTP on a TLS port (net/http, conn.serve). */
const httpOnTls = 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n';

function listenError(port: number, { name, hint }: ListenerOptions['purpose'], error: NodeJS.ErrnoException): Error {
  const where = `cannot listen on ${host}:${port}${name}`;
  if (error.code === 'EADDRINUSE') return usageError('port-taken', `${where}: the port is in use`, hint);
  const reason = error.code === 'EACCES' ? 'permission denied' : (error.code ?? error.message);
  return new KapadminError('usage', 'cannot-listen', `${where}: ${reason}`, { cause: error });
}

/** @param names of the sandbox beside those of this machine, such as that of the leader in redirects */
export function listenerGuard(names: readonly string[] = []): ListenerGuard {
  return { hostNames: new Set(names.map((name) => name.toLowerCase())), bodies: new RequestBodyBudget(maxBodiesBytes) };
}

function refuse(response: ServerResponse, error: string): void {
  response.writeHead(403, { 'Content-Type': 'application/json', Connection: 'close' });
  response.end(goJson({ error }));
}

function readBody(handler: RequestHandler, { hostNames, bodies }: ListenerGuard): RequestListener {
  return (message, response) => {
    const refusal = crossSiteRefusal(message, hostNames);
    if (refusal !== undefined) {
      refuse(response, refusal);
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    const drop = (): void => {
      chunks.length = 0;
      message.destroy();
    };
    const held = bodies.open(drop);
    // A client that leaves frees only what still arrives: a complete body is in use until it was handled, and no longer.
    message.once('close', () => {
      if (!message.complete) held.release();
    });
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBodyBytes) drop();
      else if (held.add(chunk.length)) chunks.push(chunk);
    });
    message.on('error', () => {});
    message.on('end', () => {
      held.complete();
      void handler(message, Buffer.concat(chunks), response).finally(() => held.release());
    });
  };
}

function onUnreadable(unknownMethod: string | undefined) {
  return (error: Error & { code?: string; rawPacket?: Buffer }, socket: Socket): void => {
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const isMethod =
      error.code === 'HPE_INVALID_METHOD' && /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+ \S+ HTTP\//.test(String(error.rawPacket));
    if (error.code === 'HPE_HEADER_OVERFLOW') socket.end(goError('431 Request Header Fields Too Large'));
    else if (isMethod && unknownMethod !== undefined) socket.end(unknownMethod);
    else socket.end(goError('400 Bad Request'));
  };
}

/** Responds as Go does to plain HTTP on a TLS port; this needs the socket below TLS. */
function answerPlainHttp(server: Server, sockets: ReadonlySet<Socket>): void {
  server.on('tlsClientError', (error: NodeJS.ErrnoException, failed: Socket) => {
    const below = [...sockets].find(({ remotePort }) => remotePort === failed.remotePort);
    if (error.code === 'ERR_SSL_HTTP_REQUEST') below?.end(httpOnTls);
    else below?.destroy();
  });
}

/** Listens on 127.0.0.1 only. A port that cannot be had is a usage error. */
export async function listen(options: ListenerOptions, handler: RequestHandler): Promise<Listener> {
  const { port, tls, guard, purpose, unknownMethod } = options;
  const settings = {
    maxHeaderSize: maxHeaderBytes,
    noDelay: true,
    keepAliveTimeout: keepAliveMs,
    requestTimeout: requestTimeoutMs,
  };
  const server: Server =
    tls === undefined
      ? createServer(settings, readBody(handler, guard))
      : createSecureServer(
          { ...settings, ...tls, ca: tls.clientCa, requestCert: tls.clientCa !== undefined },
          readBody(handler, guard),
        );
  server.maxConnections = maxConnections;
  server.on('clientError', onUnreadable(unknownMethod));
  // Those below TLS: where a client leaves during the handshake, there is nothing above them.
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  if (tls !== undefined) answerPlainHttp(server, sockets);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(port, purpose, error)));
    server.listen(port, host, resolve);
  });
  const end = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  const destroyAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const ended = end();
      const hurry = setTimeout(destroyAll, closeTimeoutMs);
      await ended;
      clearTimeout(hurry);
    },
    async cut() {
      const ended = end();
      destroyAll();
      await ended;
    },
  };
}

/** Whether a host name or address is the loopback one. */
export function isThisMachine(name: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(name);
}

/** Whether a host, with or without a port, is this machine or one of `names`. A missing host is accepted. */
function isOwnHost(host: string, names: ReadonlySet<string>): boolean {
  const [, name = host] = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(host) ?? [];
  return name === '' || isThisMachine(name.replace(/^\[|\]$/g, '')) || names.has(name.toLowerCase());
}

function isOwnOrigin(origin: string, names: ReadonlySet<string>): boolean {
  const [, host = ''] = /^https?:\/\/([^/]+)$/i.exec(origin) ?? [];
  return host !== '' && isOwnHost(host, names);
}

/** The headers of a request that show from which site a browser sent it, and to which host. */
interface GuardedRequest {
  readonly method?: string | undefined;
  /** The request target; a whole URL names a host, too. */
  readonly url?: string | undefined;
  readonly headersDistinct: Readonly<Record<string, readonly string[] | undefined>>;
}

/** The hosts that a request names: of its target, where that is a whole URL, and of every Host header. */
function hostsOf({ url = '', headersDistinct }: GuardedRequest): readonly string[] {
  const [, authority] = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(url) ?? [];
  return [...(authority === undefined ? [] : [authority]), ...(headersDistinct['host'] ?? [])];
}

/**
 * Why a request is refused because a web page of another site may have sent it; undefined where it is taken. A page
 * reaches 127.0.0.1 from any browser on this machine, by a name of its own that resolves to it (Host) or directly (Origin,
 * Sec-Fetch-Site). OPTIONS of another site is answered: it does nothing, and the daemon answers it too.
 * @param names host names that are the sandbox's own beside those of this machine, in lower case
 */
export function crossSiteRefusal(request: GuardedRequest, names: ReadonlySet<string>): string | undefined {
  const { method, headersDistinct } = request;
  const foreignHost = hostsOf(request).find((host) => !isOwnHost(host, names));
  if (foreignHost !== undefined) {
    return `the sandbox is not ${JSON.stringify(foreignHost)}: use 127.0.0.1 or localhost`;
  }
  if (method === 'OPTIONS') return undefined;
  const isForeign = headersDistinct['origin']?.some((origin) => !isOwnOrigin(origin, names));
  const isCrossSite = headersDistinct['sec-fetch-site']?.some((site) => site.toLowerCase() === 'cross-site');
  return isForeign || isCrossSite ? 'the sandbox does not accept requests from other web sites' : undefined;
}
