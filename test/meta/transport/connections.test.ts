import { describe, expect, it } from 'vitest';
import { proxyRule } from '../../../src/meta/transport/proxy.js';
import { basic, clientOf, createJoe, failureOf, fastClock } from '../clients.js';
import { startConnectProxy } from '../connect-proxy.js';
import { answer, deadUrl, pem, serve, serveBytes } from '../server.js';
import { Secret } from '../../../src/model/secret.js';

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

const ok = (_: unknown, response: Parameters<typeof answer>[0]) => answer(response, 200, {});

describe('https', () => {
  it('is trusted by the CA that is given', async () => {
    const server = await serve(ok, pem.server);
    expect(await clientOf(server.url, { tls: { ca: pem.ca } }).users()).toEqual([]);
  });

  it.each([
    ['of an unknown authority', pem.server],
    ['signed by itself', pem.selfSigned],
  ])('a certificate %s is refused before anything is sent, with the flags that fix it', async (_, certificate) => {
    const server = await serve(ok, certificate);
    const clock = fastClock();
    const error = await failureOf(clientOf(server.url, { credentials: basic, clock }).users());
    expect(error).toMatchObject({ kind: 'unreachable', code: 'self-signed', deliveryStatus: 'not-sent' });
    expect(error.hint).toContain('--meta-ca FILE');
    expect(error.hint).toContain('--meta-insecure-skip-verify');
    expect(server.seen).toEqual([]);
    expect(clock.slept).toEqual([]);
  });

  it('a certificate of another name is refused, and says whose it is', async () => {
    const server = await serve(ok, pem.otherName);
    const error = await failureOf(clientOf(server.url, { tls: { ca: pem.ca } }).users());
    expect(error).toMatchObject({ kind: 'unreachable', code: 'tls-failed', deliveryStatus: 'not-sent' });
    expect(error.message).toContain('does not match certificate');
  });

  it('insecureSkipVerify takes any certificate', async () => {
    const server = await serve(ok, pem.otherName);
    expect(await clientOf(server.url, { tls: { insecureSkipVerify: true } }).users()).toEqual([]);
  });

  const mutual = { ...pem.server, ca: pem.ca, requestCert: true, rejectUnauthorized: true };

  it('a client certificate is shown to a server that asks for it', async () => {
    const server = await serve(ok, mutual);
    const { cert, key } = pem.client;
    expect(await clientOf(server.url, { tls: { ca: pem.ca, cert, key: new Secret(key) } }).users()).toEqual([]);
  });

  it('without one, the error names the flags', async () => {
    const server = await serve(ok, mutual);
    const error = await failureOf(clientOf(server.url, { tls: { ca: pem.ca } }).users());
    expect(error.kind).toBe('unreachable');
    expect(error.hint).toContain('--meta-cert FILE and --meta-key FILE');
    expect(server.seen).toEqual([]);
  });

  it.each([
    ['a CA file without a certificate', { ca: 'garbage' }],
    ['a certificate file without a certificate', { cert: 'garbage', key: pem.client.key }],
    ['a key file without a key', { cert: pem.client.cert, key: 'garbage' }],
    ['the key of another certificate', { cert: pem.client.cert, key: pem.server.key }],
    ['a certificate without a key', { cert: pem.client.cert }],
  ])('%s is a usage error', async (_, tls) => {
    await expect(clientOf('https://127.0.0.1:1', { tls }).users()).rejects.toMatchObject({
      kind: 'usage',
      code: 'bad-tls-file',
    });
  });
});

describe('the wrong scheme', () => {
  it('https to a port of plain http is recognised', async () => {
    const server = await serve(ok);
    const error = await failureOf(clientOf(server.url.replace('http:', 'https:')).writeUser(createJoe));
    expect(error).toMatchObject({ kind: 'unreachable', code: 'https-to-plain-http', deliveryStatus: 'not-sent' });
    expect(error.hint).toContain('http://');
  });

  it('plain http to a TLS port that hangs up is recognised', async () => {
    const server = await serve(ok, pem.server);
    const error = await failureOf(clientOf(server.url.replace('https:', 'http:')).writeUser(createJoe));
    expect(error).toMatchObject({ kind: 'unreachable', code: 'plain-http-to-https', deliveryStatus: 'not-sent' });
    expect(error.hint).toContain('https://');
  });

  it('plain http to a TLS port that answers by an alert is recognised', async () => {
    const server = await serveBytes(Uint8Array.from([0x15, 3, 1, 0, 2, 2, 0x46]));
    expect(await failureOf(clientOf(server.url).users())).toMatchObject({ code: 'plain-http-to-https' });
  });

  it.each(['Client sent an HTTP request to an HTTPS server.', 'The plain HTTP request was sent to HTTPS port'])(
    'plain http to a server that says "%s" is recognised',
    async (text) => {
      const server = await serveBytes(`HTTP/1.0 400 Bad Request\r\n\r\n${text}\n`);
      expect(await failureOf(clientOf(server.url).writeUser(createJoe))).toMatchObject({
        kind: 'unreachable',
        code: 'plain-http-to-https',
        deliveryStatus: 'not-sent',
      });
    },
  );

  it('a plain http server that just hangs up is not taken for a TLS one', async () => {
    const server = await serve((_, response) => response.socket?.destroy());
    expect(await failureOf(clientOf(server.url).users())).toMatchObject({ code: 'connection-lost' });
  });
});
