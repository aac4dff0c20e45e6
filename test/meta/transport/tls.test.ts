import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/model/secret.js';
import { basic, clientOf, createJoe, failureOf, fastClock } from '../clients.js';
import { answer, pem, serve, serveBytes } from '../server.js';

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
