import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { KapadminError, usageError } from '../../errors.js';
import { Connection, type Answering } from './connection.js';
import type { FrontTls } from './trust.js';

export interface FrontListener {
  readonly port: number;
  /** Takes no more connections; requests that run may end, for a second at most. */
  close(): Promise<void>;
}

const host = '127.0.0.1';
const grace = 1000;
/** How long a closed connection still takes what its client sends, so that the answer is not lost (net/http, rstAvoidanceDelay). */
const linger = 500;

function refusedPort(port: number, error: NodeJS.ErrnoException): KapadminError {
  const where = `${host}:${port}`;
  if (error.code === 'EADDRINUSE') {
    const hint = '--kapacitor-port N takes another one, --no-kapacitor goes without.';
    return usageError('port-taken', `cannot listen on ${where} for Kapacitor: the port is taken`, hint);
  }
  const reason = error.code === 'EACCES' ? 'permission denied' : (error.code ?? error.message);
  const message = `cannot listen on ${where} for Kapacitor: ${reason}`;
  return new KapadminError('usage', 'cannot-listen', message, { cause: error });
}

function endSocket(socket: Socket): void {
  socket.end();
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), linger).unref();
  socket.once('end', () => socket.destroy());
  socket.once('close', () => clearTimeout(timer));
}

/** Listens on 127.0.0.1 only; port 0 takes a free one. A port that cannot be had is a usage error. */
export async function listenFront(
  port: number,
  tls: FrontTls | undefined,
  answering: Answering,
): Promise<FrontListener> {
  const open = new Map<Socket, Connection>();
  const accept = (socket: Socket): void => {
    const connection = new Connection(socket, answering);
    open.set(socket, connection);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => open.delete(socket));
    connection.serve().then(
      () => endSocket(socket),
      () => socket.destroy(),
    );
  };
  const server: Server =
    tls === undefined
      ? createServer({ allowHalfOpen: true, noDelay: true }, accept)
      : createSecureServer({ ...tls, allowHalfOpen: true, noDelay: true }, accept);
  // Also those below TLS: where a client leaves during the handshake, there is nothing above them.
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(refusedPort(port, error)));
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const end = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const [socket, connection] of open) if (!connection.isBusy) socket.destroy();
      const hurry = setTimeout(() => {
        for (const socket of [...open.keys(), ...sockets]) socket.destroy();
      }, grace);
      await end;
      clearTimeout(hurry);
    },
  };
}
