import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createRawServer, type AddressInfo, type Server as RawServer, type Socket } from 'node:net';
import type { ServerOptions } from 'node:https';
import { onTestFinished } from 'vitest';

/** A request that a test server got. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Handler = (seen: Seen, response: ServerResponse) => void;

export interface TestServer {
  readonly url: string;
  /** Host and port. */
  readonly host: string;
  readonly port: number;
  readonly seen: Seen[];
  /** Stops it; from then on its port refuses connections. */
  stop(): Promise<void>;
}

function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
}

/** Certificates and keys: see fixtures/make.sh. */
export const pem = {
  ca: fixture('ca.pem'),
  server: { cert: fixture('server.pem'), key: fixture('server.key') },
  client: { cert: fixture('client.pem'), key: fixture('client.key') },
  otherName: { cert: fixture('other.pem'), key: fixture('other.key') },
  selfSigned: { cert: fixture('self.pem'), key: fixture('self.key') },
};

async function listen(server: RawServer, scheme: string, seen: Seen[]): Promise<TestServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    socket.on('error', () => undefined);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  onTestFinished(stop);
  return { url: `${scheme}://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, port, seen, stop };
}

function recording(seen: Seen[], handler: Handler) {
  return (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      seen.push(one);
      handler(one, response);
    });
  };
}

/** A real server on a free port, stopped with the test; with `tls` it speaks https. */
export function serve(handler: Handler, tls?: ServerOptions): Promise<TestServer> {
  const seen: Seen[] = [];
  const onRequest = recording(seen, handler);
  const server: Server = tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest);
  server.on('tlsClientError', () => undefined);
  return listen(server, tls === undefined ? 'http' : 'https', seen);
}

/** A server that does with a connection what it likes. */
export function serveRaw(onConnection: (socket: Socket) => void): Promise<TestServer> {
  return listen(createRawServer(onConnection), 'http', []);
}

/** A server that sends these bytes as soon as a request begins to come in, and then ends. */
export function serveBytes(bytes: string | Uint8Array): Promise<TestServer> {
  return serveRaw((socket) => socket.once('data', () => socket.end(bytes)));
}

/** A URL on which nobody listens. */
export async function deadUrl(): Promise<string> {
  const server = await serveRaw(() => undefined);
  await server.stop();
  return server.url;
}

/** Answers with a status and a JSON value, or an empty body. */
export function answer(
  response: ServerResponse,
  status: number,
  value?: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-influxdb-version': '1.11.8-c1.11.8',
    ...headers,
  });
  response.end(value === undefined ? '' : JSON.stringify(value));
}

/** A 307 to the same path of another server. */
export function redirect(response: ServerResponse, seen: Seen, origin: string): void {
  answer(response, 307, undefined, { location: origin + seen.url });
}
