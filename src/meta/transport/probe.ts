import { connect } from 'node:tls';

/**
 * Whether the port of a plain http origin speaks TLS. A server that gets plain http where it expects TLS often just
 * hangs up; so it is asked once, by a handshake in which nothing is sent.
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
