import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { KapadminError } from '../../src/errors.js';
import { askKapacitor, checkSendable, type KapacitorAnswer } from '../../src/login/kapacitor-live.js';
import type { HttpRequest } from '../../src/kapacitor/request.js';
import { deadUrl, pem, serve, serveBytes, serveRaw } from '../meta/server.js';

const limits = { connectTimeout: 3000, timeout: 2000, maxBody: 1000 };
const request: HttpRequest = { method: 'GET', target: '/kapacitor/v1/tasks', headers: [['Host', 'kapacitor']] };

function ask(origin: string, parts: Partial<HttpRequest> = {}, ca?: string): Promise<KapacitorAnswer> {
  return askKapacitor({ origin, ca }, { ...request, ...parts }, limits, new AbortController().signal);
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
    ['*', '*'],
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
      'Connection: close',
      'Host: kapacitor:9092',
      'X: \u00e9',
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
    expect((await ask(url, {}, pem.ca)).body).toBe('yes');
    const { kind, message } = await fault(ask(url));
    expect(kind).toBe('unreachable');
    expect(message).toMatch(/certificate/);
  });
});

describe('no answer', () => {
  it('comes from where nobody listens', async () => {
    const { kind, code, message } = await fault(ask(await deadUrl()));
    expect([kind, code]).toEqual(['unreachable', 'kapacitor-unreachable']);
    expect(message).toMatch(/^no answer of Kapacitor at http:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/);
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
      `no answer of Kapacitor at ${url}: its answer is larger than --max-body (1000 bytes)`,
    ]);
  });

  it('is waited for in vain for the time limit and the 10 s of Kapacitor', async () => {
    const { url } = await serveRaw(() => undefined);
    const early = { connectTimeout: 500, timeout: -9900, maxBody: 10 };
    const asking = askKapacitor({ origin: url, ca: undefined }, request, early, new AbortController().signal);
    expect((await fault(asking)).message).toContain('nothing within 0 s');
  });

  it('is waited for no longer once the command is stopped', async () => {
    const { url } = await serveRaw(() => undefined);
    const stop = new AbortController();
    const asking = askKapacitor({ origin: url, ca: undefined }, request, limits, stop.signal);
    stop.abort('SIGTERM');
    expect((await fault(asking)).kind).toBe('terminated');
    const already = askKapacitor({ origin: url, ca: undefined }, request, limits, stop.signal);
    expect((await fault(already)).kind).toBe('terminated');
  });
});

describe('what cannot be sent', () => {
  it.each<[Partial<HttpRequest>, string]>([
    [{ method: 'G T' }, 'this method'],
    [{ target: '/a\r\nX: y' }, 'a blank or control character in the target'],
    [{ target: '/a b' }, 'a blank or control character in the target'],
    [{ headers: [['X Y', 'z']] }, 'the header "X Y"'],
    [{ headers: [['X', 'a\nb']] }, 'the header "X"'],
  ])('%j is told before anything is', (parts, what) => {
    const check = (): void => checkSendable({ ...request, ...parts });
    expect(check).toThrow(`--live: ${what} cannot be sent`);
  });

  it('is little', () => {
    expect(() =>
      checkSendable({ method: 'BREW', target: '/%zz\u007f\u00ff', headers: [['X', '\u00ff\t']] }),
    ).not.toThrow();
  });
});
