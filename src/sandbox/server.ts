import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { KapadminError, usageError } from '../errors.js';
import type { MetaAnswer, MetaRequest } from './message.js';

export interface ServerTls {
  readonly key: string;
  readonly cert: string;
  /** Given: a client must show a certificate of this CA. */
  readonly clientCa?: string | undefined;
}

/** Answers a request by writing to `response`. */
export type Responder = (request: MetaRequest, response: ServerResponse) => void;

export interface Listener {
  readonly port: number;
  /** Takes no more connections and lets running requests end, for a second at most. */
  close(): Promise<void>;
  /** Ends at once, connections included. */
  cut(): Promise<void>;
}

const host = '127.0.0.1';
const bodyLimit = 32 * 1024 * 1024;
const headerLimit = 1024 * 1024;
const grace = 1000;

function toRequest(message: IncomingMessage, body: string): MetaRequest {
  const target = (message.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
  const mark = target.indexOf('?');
  return {
    method: message.method ?? 'GET',
    path: (mark < 0 ? target : target.slice(0, mark)) || '/',
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers: message.headers,
    body,
  };
}

function collect(responder: Responder): RequestListener {
  return (message, response) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > bodyLimit) message.destroy();
      else chunks.push(chunk);
    });
    message.on('error', () => {});
    message.on('end', () => responder(toRequest(message, Buffer.concat(chunks).toString('utf8')), response));
  };
}

/** Sends an answer as it is. */
export function send(response: ServerResponse, answer: MetaAnswer): void {
  const headers = answer.headers.flat();
  if (answer.status !== 204) headers.push('Content-Length', String(Buffer.byteLength(answer.body)));
  response.writeHead(answer.status, headers).end(answer.body);
}

function refusedPort(port: number, error: NodeJS.ErrnoException): KapadminError {
  const where = `${host}:${port}`;
  if (error.code === 'EADDRINUSE') {
    return usageError('port-taken', `cannot listen on ${where}: the port is taken`, '--port 0 picks a free one.');
  }
  const reason = error.code === 'EACCES' ? 'permission denied' : (error.code ?? error.message);
  return new KapadminError('usage', 'cannot-listen', `cannot listen on ${where}: ${reason}`, { cause: error });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Listens on 127.0.0.1 only; port 0 takes a free one. A port that cannot be had is a usage error. */
export async function listen(port: number, responder: Responder, tls?: ServerTls): Promise<Listener> {
  const secure = tls && {
    ...tls,
    ca: tls.clientCa,
    requestCert: tls.clientCa !== undefined,
    maxHeaderSize: headerLimit,
  };
  const server: Server = secure
    ? createSecureServer(secure, collect(responder))
    : createServer({ maxHeaderSize: headerLimit, noDelay: true }, collect(responder));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(refusedPort(port, error)));
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const end = closed(server);
      const hurry = setTimeout(() => server.closeAllConnections(), grace);
      await end;
      clearTimeout(hurry);
    },
    async cut() {
      const end = closed(server);
      server.closeAllConnections();
      await end;
    },
  };
}
