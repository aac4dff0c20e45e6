import { describe, expect, it } from 'vitest';
import { proxyRule } from '../../../src/meta/transport/pool.js';
import { basic, clientOf, failureOf } from '../clients.js';
import { startConnectProxy } from '../connect-proxy.js';
import { answer, deadUrl, pem, serve } from '../server.js';

const tls = { ca: pem.ca };

describe('an https proxy', () => {
  it('carries https by a tunnel, without seeing credentials', async () => {
    const server = await serve((_, response) => answer(response, 200, {}), pem.server);
    const proxy = await startConnectProxy(server.port);
    const options = { tls, proxy: { https: proxy.url }, credentials: basic };
    await clientOf('https://meta.test:8443', options).users();
    expect(proxy.asked).toEqual([{ target: 'meta.test:8443', authorization: undefined }]);
    expect(server.seen[0]?.headers.authorization).toMatch(/^Basic /);
    expect(Buffer.concat(proxy.received).toString('latin1')).not.toContain('Basic');
  });

  it('attack H1: that demands credentials gets those of its URL', async () => {
    const server = await serve((_, response) => answer(response, 200, { users: [{ name: 'johndoe' }] }), pem.server);
    const proxy = await startConnectProxy(server.port, { credentials: 'me:proxy-pw' });
    const https = proxy.url.replace('http://', 'http://me:proxy-pw@');
    const users = await clientOf('https://meta.test:8443', { tls, proxy: { https } }).users();
    expect(users.map(({ name }) => name)).toEqual(['johndoe']);
    const error = await failureOf(
      clientOf('https://meta.test:8443', { tls, proxy: { https: proxy.url }, retries: 0 }).users(),
    );
    expect(error).toMatchObject({ kind: 'unreachable', code: 'proxy-failed', deliveryStatus: 'not-sent' });
  });

  it('is not used for plain http', async () => {
    const server = await serve((_, response) => answer(response, 200, {}));
    const proxy = await startConnectProxy(server.port);
    await clientOf(server.url, { proxy: { https: proxy.url } }).users();
    expect(proxy.asked).toEqual([]);
    expect(server.seen).toHaveLength(1);
  });

  it('is not used for hosts of NO_PROXY', async () => {
    const server = await serve((_, response) => answer(response, 200, {}), pem.server);
    const proxy = await startConnectProxy(server.port);
    await clientOf(server.url, { tls, proxy: { https: proxy.url, no: '127.0.0.1' } }).users();
    expect(proxy.asked).toEqual([]);
  });

  it.each([407, 502])('that answers %i is reported as the cause', async (status) => {
    const proxy = await startConnectProxy(1, { status });
    const https = proxy.url.replace('http://', 'http://me:proxy-pw@');
    const error = await failureOf(clientOf('https://meta.test:8443', { tls, proxy: { https }, retries: 0 }).users());
    expect(error).toMatchObject({ kind: 'unreachable', code: 'proxy-failed', deliveryStatus: 'not-sent' });
    expect(error.message).toContain(proxy.url.replace('http://', ''));
    expect(error.message).not.toContain('proxy-pw');
  });

  it('that is down is reported as the cause', async () => {
    const https = await deadUrl();
    const error = await failureOf(clientOf('https://meta.test:8443', { proxy: { https }, retries: 0 }).users());
    expect(error).toMatchObject({ kind: 'unreachable', code: 'proxy-failed' });
  });

  it('still checks the certificate of the node', async () => {
    const server = await serve((_, response) => answer(response, 200, {}), pem.otherName);
    const proxy = await startConnectProxy(server.port);
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
