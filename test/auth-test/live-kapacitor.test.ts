import type { Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { KapadminError } from '../../src/errors.js';
import { sendToKapacitor, checkSendable } from '../../src/auth-test/live-kapacitor.js';
import type { KapacitorResponse } from '../../src/auth-test/report.js';
import type { HttpRequest } from '../../src/auth-engine/request.js';
import { createRawClient } from '../../src/meta/client.js';
import { deadUrl, pem, serve, serveBytes, serveRaw } from '../meta/server.js';

interface Asking {
  readonly ca?: string;
  readonly signal?: AbortSignal;
}

const limits = { connectTimeout: 3000, timeout: 2000, maxBody: 1000 };
const request: HttpRequest = { method: 'GET', target: '/kapacitor/v1/tasks', headers: [['Host', 'kapacitor']] };

function ask(
  origin: string,
  parts: Partial<HttpRequest> = {},
  { ca, signal = new AbortController().signal, ...other }: Partial<typeof limits> & Asking = {},
): Promise<KapacitorResponse> {
  const client = createRawClient({ tls: { ca }, proxy: {}, ...limits, ...other });
  onTestFinished(() => client.close());
  return sendToKapacitor(client, origin, { ...request, ...parts }, [], signal);
}

async function fault(asking: Promise<unknown>): Promise<KapadminError> {
  const error = await asking.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof KapadminError) return error;
  throw new Error('no error of ours', { cause: error });
}

/** What comes in as bytes; the answer is an empty 204. */
async function recorder(): Promise<{ url: string; text: () => string }> {
  let got = '';
  const { url } = await serveRaw((socket: Socket) =>
    socket.on('data', (chunk) => {
      got += chunk.toString('latin1');
      if (got.includes('\r\n\r\n')) socket.end('HTTP/1.1 204 No Content\r\n\r\n');
    }),
  );
  return { url, text: () => got };
}

describe('a request to Kapacitor', () => {
  it.each([
    ['/kapacitor//v1/../x/%2e%2e/%zz?a=b&&c', '/kapacitor//v1/../x/%2e%2e/%zz?a=b&&c'],
    ['/\u00c3\u00a9\u00ff', '/\u00c3\u00a9\u00ff'],
    ['http://other/x', 'http://other/x'],
  ])('has the target %j just as it is', async (target, sent) => {
    const { url, text } = await recorder();
    await ask(url, { target });
    expect(text().split('\r\n')[0]).toBe(`GET ${sent} HTTP/1.1`);
  });

  it('has the headers that are given, several of one name too, and no others of weight', async () => {
    const { url, text } = await recorder();
    const headers = [
      ['Authorization', 'Basic a'],
      ['Host', 'kapacitor:9092'],
      ['Authorization', 'Basic b'],
      ['X', '\u00e9'],
    ] as const;
    await ask(url, { method: 'DELETE', headers });
    const lines = text().split('\r\n');
    expect(lines[0]).toBe('DELETE /kapacitor/v1/tasks HTTP/1.1');
    expect(
      lines
        .slice(1)
        .filter((line) => line !== '')
        .sort(),
    ).toEqual([
      'Accept-Encoding: identity',
      'Authorization: Basic a',
      'Authorization: Basic b',
      'X: \u00e9',
      'connection: keep-alive',
      'host: kapacitor:9092',
    ]);
  });

  it('follows no redirect', async () => {
    const other = await serve((_, response) => void response.end());
    const first = await serve((_, response) => void response.writeHead(301, { location: `${other.url}/x` }).end());
    const answer = await ask(first.url);
    expect([answer.status, answer.header('location')]).toEqual([301, `${other.url}/x`]);
    expect(other.seen).toEqual([]);
  });

  it('gives status, headers and body as bytes', async () => {
    const { url } = await serveBytes(
      Buffer.from(
        'HTTP/1.1 403 Forbidden\r\nX-Kapacitor-Version: 1.8\r\nVia: a\r\nVia: b\r\nContent-Length: 2\r\n\r\n\u00e9!',
        'latin1',
      ),
    );
    const answer = await ask(url);
    expect(answer).toMatchObject({ status: 403, body: '\u00e9!' });
    expect(answer.header('x-kapacitor-version')).toBe('1.8');
    expect(answer.header('via')).toBe('a, b');
    expect(answer.header('location')).toBeUndefined();
  });

  it('goes over TLS, by the certificates that are to be trusted', async () => {
    const { url } = await serve((_, response) => void response.end('yes'), pem.server);
    const headers = [['Host', new URL(url).host]] as const;
    expect((await ask(url, { headers }, { ca: pem.ca })).body).toBe('yes');
    const { kind, message, hint } = await fault(ask(url, { headers }));
    expect(kind).toBe('unreachable');
    expect(message).toMatch(/certificate/);
    expect(hint).toContain('--live-ca FILE');
  });
});

describe('no answer', () => {
  it('comes from a closed port', async () => {
    const { kind, code, message } = await fault(ask(await deadUrl()));
    expect([kind, code]).toEqual(['unreachable', 'kapacitor-unreachable']);
    expect(message).toMatch(/^no response from Kapacitor at http:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/);
  });

  it.each([
    ['is none of HTTP', 'hello\r\n\r\n'],
    ['breaks off', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab'],
    ['has 10 MB of headers', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(10_000_000)}\r\n\r\n`],
    ['is nothing', ''],
  ])('%s', async (_, bytes) => {
    const { url } = await serveBytes(bytes);
    expect((await fault(ask(url))).kind).toBe('unreachable');
  });

  it('is longer than the limit, which is named', async () => {
    const { url } = await serveBytes(`HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n${'x'.repeat(5000)}`);
    const { kind, message } = await fault(ask(url));
    expect([kind, message]).toEqual([
      'unreachable',
      `no response from Kapacitor at ${url}: the response is larger than the limit (1000 bytes)`,
    ]);
  });

  it('is waited for in vain for the time limit', async () => {
    const { url } = await serveRaw(() => undefined);
    const { message, hint } = await fault(ask(url, {}, { timeout: 100 }));
    expect(message).toContain('no complete response within the timeout');
    expect(hint).toContain('--timeout');
  });

  it('is waited for no longer once the command is stopped', async () => {
    const { url } = await serveRaw(() => undefined);
    const stop = new AbortController();
    const asking = ask(url, {}, { signal: stop.signal });
    stop.abort('SIGTERM');
    expect((await fault(asking)).kind).toBe('terminated');
    expect((await fault(ask(url, {}, { signal: stop.signal }))).kind).toBe('terminated');
  });

  it('verdict 30: comes from a plain port that is asked by https://', async () => {
    const { url } = await serve((_, response) => void response.end());
    const { message, hint } = await fault(ask(url.replace('http:', 'https:')));
    expect(message).toMatch(/^no response from Kapacitor at https:.*: this port speaks plain HTTP, not TLS/);
    expect(hint).toBe(`Use --url ${url}/...`);
  });

  it.each([
    [
      "Go's words",
      () => serveBytes('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n'),
    ],
    ['a handshake', () => serve((_, response) => void response.end(), pem.server)],
  ])('field http-to-https-kapacitor: comes from a TLS port that is asked by http://, by %s', async (_, server) => {
    const url = (await server()).url.replace('https:', 'http:');
    const { message, hint } = await fault(ask(url));
    expect(message).toMatch(/^no response from Kapacitor at http:.*: this port speaks TLS, not plain HTTP/);
    expect(hint).toBe(`Use --url ${url.replace('http:', 'https:')}/...`);
  });
});

describe('what cannot be sent', () => {
  it.each<[Partial<HttpRequest>, string]>([
    [{ method: 'G T' }, 'this method'],
    [{ target: '/a\r\nX: y' }, 'a space or control character in the target'],
    [{ target: '/a b' }, 'a space or control character in the target'],
    [{ headers: [['X Y', 'z']] }, 'the header "X Y"'],
    [{ headers: [['X', 'a\nb']] }, 'the header "X"'],
    [{ target: '*' }, 'the target "*"'],
    [{ headers: [['Expect', '100-continue']] }, 'the header "Expect"'],
    [{ headers: [['Content-Length', '3']] }, 'the header "Content-Length"'],
    [
      {
        headers: [
          ['Host', 'a'],
          ['host', 'b'],
        ],
      },
      'the header "host"',
    ],
  ])('%j is told before anything is', (parts, what) => {
    const check = (): void => checkSendable({ ...request, ...parts });
    expect(check).toThrow(`--live: cannot send ${what}`);
  });

  it('is little', () => {
    expect(() =>
      checkSendable({ method: 'BREW', target: '/%zz\u007f\u00ff', headers: [['X', '\u00ff\t']] }),
    ).not.toThrow();
  });
});
