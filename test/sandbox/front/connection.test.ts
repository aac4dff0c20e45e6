import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytes, exchange, front, readRaw, send } from './kapacitor.js';

const get = bytes('GET /kapacitor/v1/ping', { as: 'johndoe:pw' });
const unauthorized = 'HTTP/1.1 401 Unauthorized';

/** The status lines of all answers to what was sent. */
async function lines(port: number, sent: string, half = true): Promise<string[]> {
  const got = await exchange(port, sent, half);
  return [...got.matchAll(/HTTP\/1\.[01] .*(?=\r\n)/g)].map(([line]) => line);
}

describe('a connection to the front', () => {
  it('answers one request after the other, in their order', async () => {
    const port = await front();
    const sent = get + bytes('GET /kapacitor/v1/tasks') + bytes('GET //') + get;
    expect(await lines(port, sent)).toEqual([
      'HTTP/1.1 204 No Content',
      unauthorized,
      'HTTP/1.1 301 Moved Permanently',
      'HTTP/1.1 204 No Content',
    ]);
  });

  it('takes a request in pieces of one byte', async () => {
    const port = await front();
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let got = '';
    const answered = new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        got += chunk.toString('latin1');
        resolve();
      });
    });
    for (const byte of get) {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await answered;
    socket.destroy();
    expect(got).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
  });

  it('takes line ends without a carriage return', async () => {
    expect(await lines(await front(), get.replaceAll('\r', ''))).toEqual(['HTTP/1.1 204 No Content']);
  });

  it('drops line ends behind a POST, and only there', async () => {
    const port = await front();
    const post = bytes('POST /kapacitor/v1/tasks', { body: 'x' });
    expect(await lines(port, `${post}\r\n${get}`)).toEqual([unauthorized, 'HTTP/1.1 204 No Content']);
    expect(await lines(port, `${get}\r\n${get}`)).toEqual(['HTTP/1.1 204 No Content', 'HTTP/1.1 400 Bad Request']);
  });

  it('drops a body that nobody reads, chunks and trailer included', async () => {
    const port = await front();
    const chunked = bytes('POST /kapacitor/v1/tasks', { headers: ['Transfer-Encoding: chunked'] });
    const sent = `${chunked}3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nX: y\r\n\r\n${get}`;
    expect(await lines(port, sent)).toEqual([unauthorized, 'HTTP/1.1 204 No Content']);
  });

  it.each(['zz\r\n', '3\nabc\r\n', '3\r\nabcd\r\n', '11111111111111111\r\n'])(
    'ends after a body of no chunks: %j',
    async (body) => {
      const chunked = bytes('POST /kapacitor/v1/tasks', { headers: ['Transfer-Encoding: chunked'] });
      const got = readRaw(await exchange(await front(), chunked + body, false));
      expect(got.line).toBe(unauthorized);
      expect(got.headers).toContain('Connection: close');
    },
  );

  it('ends instead of waiting for a large body that nobody reads', async () => {
    const sent = bytes('POST /kapacitor/v1/tasks', { headers: ['Content-Length: 262144'] });
    const got = readRaw(await exchange(await front(), sent, false));
    expect([got.line, got.headers.at(-1)]).toEqual([unauthorized, 'Connection: close']);
  });

  it('reads the points of a write, however many, and says Continue where the client waits for it', async () => {
    const port = await front();
    const points = 'cpu v=1\n'.repeat(100_000);
    const length = `Content-Length: ${points.length}`;
    const head = bytes('POST /write?db=telegraf', { as: 'writer:pw', headers: [length, 'Expect: 100-continue'] });
    expect(await lines(port, head + points + get)).toEqual([
      'HTTP/1.1 100 Continue',
      'HTTP/1.1 204 No Content',
      'HTTP/1.1 204 No Content',
    ]);
  });

  it('does not say Continue to a request that it refuses, and ends', async () => {
    const sent = bytes('POST /write?db=x', { headers: ['Content-Length: 8', 'Expect: 100-continue'] });
    const got = readRaw(await exchange(await front(), sent, false));
    expect([got.line, got.headers.at(-1)]).toEqual([unauthorized, 'Connection: close']);
  });

  it('fails another expectation', async () => {
    const got = await send(await front(), 'GET /kapacitor/v1/tasks', { headers: ['Expect: miracles'] });
    expect(got).toEqual({
      line: 'HTTP/1.1 417 Expectation Failed',
      headers: ['Connection: close', 'Date', 'Content-Length: 0'],
      body: '',
    });
  });

  it('refuses more than a mebibyte of header', async () => {
    const port = await front();
    const header = (length: number): string =>
      bytes('GET /kapacitor/v1/tasks', { headers: [`A: ${'x'.repeat(length)}`] });
    expect(await lines(port, header(1_000_000))).toEqual([unauthorized]);
    expect(await lines(port, header(1_060_000))).toEqual(['HTTP/1.1 431 Request Header Fields Too Large']);
  });

  it.each(['GET / HTTP/1.1', 'GET / HTTP/1.1\r\nHost: x\r\n', '\r\n'])(
    'answers what breaks off with 400: %j',
    async (sent) => {
      expect(await lines(await front(), sent)).toEqual(['HTTP/1.1 400 Bad Request']);
    },
  );

  it('says nothing to nothing', async () => {
    expect(await exchange(await front(), '')).toBe('');
  });

  it('compresses for who takes it, twice by the way over v1preview', async () => {
    const port = await front();
    const sending = { as: 'johndoe:pw', headers: ['Accept-Encoding: deflate, gzip'] };
    const once = await send(port, 'GET /kapacitor/v1/tasks', sending);
    expect(once.headers).toContain('Content-Encoding: gzip');
    expect(gunzipSync(Buffer.from(once.body, 'latin1')).toString()).toBe('{\n    "tasks": []\n}');
    const twice = await send(port, 'GET /kapacitor/v1preview/tasks', sending);
    expect(gunzipSync(gunzipSync(Buffer.from(twice.body, 'latin1'))).toString()).toBe('{\n    "tasks": []\n}');
  });

  it('takes the first of several Authorization headers, an empty one too', async () => {
    const port = await front();
    const right = `Authorization: Basic ${Buffer.from('johndoe:pw').toString('base64')}`;
    const wrong = `authorization: Basic ${Buffer.from('johndoe:no').toString('base64')}`;
    const status = async (headers: string[]) =>
      (await send(port, 'GET /kapacitor/v1/tasks', { headers })).line.slice(9, 12);
    expect(await status([right, wrong])).toBe('200');
    expect(await status([wrong, right])).toBe('401');
    expect(await status(['Authorization:', right])).toBe('401');
  });
});
