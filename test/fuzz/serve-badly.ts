import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Misbehaviour } from './bad-servers.js';

/** A server on a free port of which each connection ends as it likes. */
export interface BadlyServed {
  readonly url: string;
  close(): Promise<void>;
}

/** @param isBad whether this request is answered badly; others are passed on to `good`, where that is given */
export async function serveBadly(
  does: Misbehaviour,
  isBad: (method: string, path: string) => boolean = () => true,
  good?: (method: string, path: string) => string,
): Promise<BadlyServed> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    let head = '';
    socket.on('data', (chunk: Buffer) => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      const [, method = '', path = ''] = /^(\S+) (\S+)/.exec(head) ?? [];
      head = '';
      if (good === undefined || isBad(method, path)) does(socket, path);
      else socket.end(good(method, path));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
