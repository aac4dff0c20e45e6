import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ConnectProxy {
  readonly url: string;
  readonly asked: { readonly target: string; readonly authorization: string | undefined }[];
  /** What came through its tunnels from the client. */
  readonly received: Buffer[];
}

export interface ConnectProxyOptions {
  /** `user:password` that it demands. */
  readonly credentials?: string;
  /** The status of every response, where it makes no tunnel. */
  readonly status?: number;
}

/** A CONNECT proxy on a free port that leads every target to one port of this machine. */
export async function startConnectProxy(port: number, options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const { credentials, status = 200 } = options;
  const demanded = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
  const asked: { target: string; authorization: string | undefined }[] = [];
  const received: Buffer[] = [];
  const server = createServer((_, response) => response.writeHead(500).end('no tunnel asked for'));
  server.on('connect', (request, socket) => {
    const authorization = request.headers['proxy-authorization'];
    asked.push({ target: request.url ?? '', authorization });
    socket.on('error', () => undefined);
    if (demanded !== undefined && authorization !== demanded) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\n\r\n');
    } else if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    } else {
      const target = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.on('data', (chunk: Buffer) => received.push(chunk));
        socket.pipe(target).pipe(socket);
      });
      target.on('error', () => socket.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, received };
}
