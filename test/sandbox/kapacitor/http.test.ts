import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytes, exchange, startTestKapacitor, send } from './kapacitor.js';

const get = bytes('GET /kapacitor/v1/ping', { as: 'johndoe:pw' });
const last = bytes('GET /kapacitor/v1/ping', { as: 'johndoe:pw', headers: ['Connection: close'] });
const unauthorized = 'HTTP/1.1 401 Unauthorized';

/** The status lines of all answers to what was sent. */
async function lines(port: number, sent: string): Promise<string[]> {
  const got = await exchange(port, sent);
  return [...got.matchAll(/HTTP\/1\.[01] .*(?=\r\n)/g)].map(([line]) => line);
}

describe('a connection to the simulated Kapacitor', () => {
  it('answers one request after the other, in their order', async () => {
    const port = await startTestKapacitor();
    const sent = get + bytes('GET /kapacitor/v1/tasks') + bytes('GET //') + last;
    expect(await lines(port, sent)).toEqual([
      'HTTP/1.1 204 No Content',
      unauthorized,
      'HTTP/1.1 301 Moved Permanently',
      'HTTP/1.1 204 No Content',
    ]);
  });

  it('takes a request in pieces of one byte', async () => {
    const port = await startTestKapacitor();
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

  it('reads a body that comes in chunks, and the next request behind it', async () => {
    const port = await startTestKapacitor();
    const chunked = bytes('POST /kapacitor/v1/tasks', { headers: ['Transfer-Encoding: chunked'] });
    const sent = `${chunked}3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nX: y\r\n\r\n${last}`;
    expect(await lines(port, sent)).toEqual([unauthorized, 'HTTP/1.1 204 No Content']);
  });

  it('reads the points of a write, however many, and says Continue where the client waits for it', async () => {
    const port = await startTestKapacitor();
    const points = 'cpu v=1\n'.repeat(100_000);
    const length = `Content-Length: ${points.length}`;
    const head = bytes('POST /write?db=telegraf', { as: 'writer:pw', headers: [length, 'Expect: 100-continue'] });
    expect(await lines(port, head + points + last)).toEqual([
      'HTTP/1.1 100 Continue',
      'HTTP/1.1 204 No Content',
      'HTTP/1.1 204 No Content',
    ]);
  });

  it('refuses more than a mebibyte of header', async () => {
    const port = await startTestKapacitor();
    const header = (length: number): string =>
      bytes('GET /kapacitor/v1/tasks', { headers: [`A: ${'x'.repeat(length)}`, 'Connection: close'] });
    expect(await lines(port, header(1_000_000))).toEqual([unauthorized]);
    expect(await lines(port, header(1_060_000))).toEqual(['HTTP/1.1 431 Request Header Fields Too Large']);
  });

  it.each(['\r\nHELO x\r\n\r\n', '\u0016\u0003\u0001\u0002', 'GET x HTTP/1.1\r\n\r\n'])(
    'answers what is no request with 400: %j',
    async (sent) => {
      const got = await exchange(await startTestKapacitor(), sent);
      expect(got).toBe(
        'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request',
      );
    },
  );

  it('closes where the client asks for it, and says nothing of connections otherwise', async () => {
    const port = await startTestKapacitor();
    const closing = await exchange(port, bytes('GET /kapacitor/v1/tasks', { headers: ['Connection: close'] }) + get);
    expect(closing).toContain('\r\nConnection: close\r\n');
    expect(closing.match(/HTTP\/1\.1/g)).toHaveLength(1);
    const [first = ''] = (await exchange(port, get + last)).split('\r\n\r\n');
    expect(first).toContain('204 No Content');
    expect(first).not.toMatch(/connection|keep-alive/i);
  });

  it('compresses for who takes it, twice by the way over v1preview', async () => {
    const port = await startTestKapacitor();
    const sending = { as: 'johndoe:pw', headers: ['Accept-Encoding: deflate, gzip'] };
    const once = await send(port, 'GET /kapacitor/v1/tasks', sending);
    expect(once.headers).toContain('Content-Encoding: gzip');
    expect(gunzipSync(Buffer.from(once.body, 'latin1')).toString()).toBe('{\n    "tasks": []\n}');
    const twice = await send(port, 'GET /kapacitor/v1preview/tasks', sending);
    expect(gunzipSync(gunzipSync(Buffer.from(twice.body, 'latin1'))).toString()).toBe('{\n    "tasks": []\n}');
  });

  it('takes the first of several Authorization headers, an empty one too', async () => {
    const port = await startTestKapacitor();
    const right = `Authorization: Basic ${Buffer.from('johndoe:pw').toString('base64')}`;
    const wrong = `authorization: Basic ${Buffer.from('johndoe:no').toString('base64')}`;
    const status = async (headers: string[]) =>
      (await send(port, 'GET /kapacitor/v1/tasks', { headers })).line.slice(9, 12);
    expect(await status([right, wrong])).toBe('200');
    expect(await status([wrong, right])).toBe('401');
    expect(await status(['Authorization:', right])).toBe('401');
  });
});
