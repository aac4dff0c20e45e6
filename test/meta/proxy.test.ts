import { connect } from 'node:net';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AddressInfo } from 'node:net';
import { proxyRule } from '../../src/meta/transport/proxy.js';
import { basic, clientOf, failureOf } from './clients.js';
import { answer, deadUrl, pem, serve } from './server.js';

interface TestProxy {
  readonly url: string;
  readonly asked: { readonly target: string; readonly authorization: string | undefined }[];
  readonly received: Buffer[];
}

/** A CONNECT proxy that leads every target to one port. */
async function proxyTo(port: number, status = 200): Promise<TestProxy> {
  const asked: { target: string; authorization: string | undefined }[] = [];
  const received: Buffer[] = [];
  const server = createServer((_, response) => response.writeHead(500).end('no tunnel asked for'));
  server.on('connect', (request, socket) => {
    asked.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    socket.on('error', () => undefined);
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const target = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.on('data', (chunk: Buffer) => received.push(chunk));
      socket.pipe(target).pipe(socket);
    });
    target.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, received };
}

const tls = { ca: pem.ca };

describe('an https proxy', () => {
  it('carries https by a tunnel, without seeing credentials', async () => {
    const server = await serve((_, response) => answer(response, 200, {}), pem.server);
    const proxy = await proxyTo(server.port);
    const options = { tls, proxy: { https: proxy.url }, credentials: basic };
    await clientOf('https://meta.test:8443', options).users();
    expect(proxy.asked).toEqual([{ target: 'meta.test:8443', authorization: undefined }]);
    expect(server.seen[0]?.headers.authorization).toMatch(/^Basic /);
    expect(Buffer.concat(proxy.received).toString('latin1')).not.toContain('Basic');
  });

  it('gets its own credentials from its URL', async () => {
    const server = await serve((_, response) => answer(response, 200, {}), pem.server);
    const proxy = await proxyTo(server.port);
    const https = proxy.url.replace('http://', 'http://me:proxy-pw@');
    await clientOf('https://meta.test:8443', { tls, proxy: { https } }).users();
    expect(proxy.asked[0]?.authorization).toBe(`Basic ${Buffer.from('me:proxy-pw').toString('base64')}`);
  });

  it('is not used for plain http', async () => {
    const server = await serve((_, response) => answer(response, 200, {}));
    const proxy = await proxyTo(server.port);
    await clientOf(server.url, { proxy: { https: proxy.url } }).users();
    expect(proxy.asked).toEqual([]);
    expect(server.seen).toHaveLength(1);
  });

  it('is not used for hosts of NO_PROXY', async () => {
    const server = await serve((_, response) => answer(response, 200, {}), pem.server);
    const proxy = await proxyTo(server.port);
    await clientOf(server.url, { tls, proxy: { https: proxy.url, no: '127.0.0.1' } }).users();
    expect(proxy.asked).toEqual([]);
  });

  it.each([407, 502])('that answers %i is told as the cause', async (status) => {
    const proxy = await proxyTo(1, status);
    const https = proxy.url.replace('http://', 'http://me:proxy-pw@');
    const error = await failureOf(clientOf('https://meta.test:8443', { tls, proxy: { https }, retries: 0 }).users());
    expect(error).toMatchObject({ kind: 'unreachable', code: 'proxy-failed', fate: 'not-sent' });
    expect(error.message).toContain(proxy.url.replace('http://', ''));
    expect(error.message).not.toContain('proxy-pw');
  });

  it('that is down is told as the cause', async () => {
    const https = await deadUrl();
    const error = await failureOf(clientOf('https://meta.test:8443', { proxy: { https }, retries: 0 }).users());
    expect(error).toMatchObject({ kind: 'unreachable', code: 'proxy-failed' });
  });

  it('still checks the certificate of the node', async () => {
    const server = await serve((_, response) => answer(response, 200, {}), pem.otherName);
    const proxy = await proxyTo(server.port);
    const error = await failureOf(clientOf('https://meta.test:8443', { tls, proxy: { https: proxy.url } }).users());
    expect(error).toMatchObject({ code: 'tls-failed' });
    expect(server.seen).toEqual([]);
  });
});

describe('NO_PROXY', () => {
  it.each([
    ['meta.test', 'https://meta.test:8091', false],
    ['META.TEST', 'https://meta.test:8091', false],
    ['test', 'https://meta.test:8091', false],
    ['.test', 'https://meta.test:8091', false],
    ['*.test', 'https://meta.test:8091', false],
    ['a.test, meta.test', 'https://meta.test:8091', false],
    ['meta.test:8091', 'https://meta.test:8091', false],
    ['meta.test:9999', 'https://meta.test:8091', true],
    ['eta.test', 'https://meta.test:8091', true],
    ['*', 'https://meta.test:8091', false],
    ['[::1]', 'https://[::1]:8091', false],
    ['::1', 'https://[::1]:8091', false],
    ['', 'https://meta.test:8091', true],
    ['', 'http://meta.test:8091', false],
  ])('"%s": %s goes through the proxy: %s', (no, origin, applies) => {
    expect(proxyRule({ https: 'http://proxy:3128', no })?.applies(origin)).toBe(applies);
  });

  it('a proxy without a scheme is one of http, and another scheme is refused', () => {
    expect(proxyRule({ https: 'proxy:3128' })?.url.href).toBe('http://proxy:3128/');
    expect(() => proxyRule({ https: 'socks5://me:pw@proxy' })).toThrow('the proxy "socks5://***@proxy"');
    expect(proxyRule({ https: '' })).toBeUndefined();
  });
});
