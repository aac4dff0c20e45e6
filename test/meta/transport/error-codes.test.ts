import { describe, expect, it } from 'vitest';
import { isProgramError, systemErrorText } from '../../../src/meta/transport/error-codes.js';
import type { Dispatcher } from 'undici';
import { createBodyBudget } from '../../../src/meta/transport/connections.js';
import { exchange } from '../../../src/meta/transport/exchange.js';
import { clientOf, createJoe } from '../clients.js';
import { serve, serveRaw } from '../server.js';

describe('attack L16: the words of a TLS error', () => {
  it.each([
    [
      'C0D7E2B8FF7F0000:error:0A000438:SSL routines:ssl3_read_bytes:tlsv1 alert internal error:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:1590:SSL alert number 80\n',
      'tlsv1 alert internal error, SSL alert number 80',
    ],
    [
      'write EPROTO C0D7E2B8FF7F0000:error:0A000126:SSL routines::unexpected eof while reading:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:303:\n',
      'write EPROTO unexpected eof while reading',
    ],
    ['certificate has expired', 'certificate has expired'],
  ])('hold no path of the sources of OpenSSL: %j', (message, words) => {
    expect(systemErrorText(new Error(message))).toBe(words);
  });
});

describe('a fault of the program', () => {
  it.each([
    new TypeError('x is not a function'),
    new RangeError('WebAssembly.Instance(): Out of memory'),
    new ReferenceError('WebAssembly is not defined'),
    Object.assign(new Error('no code'), { name: 'CompileError' }),
    Object.assign(new Error('no import'), { name: 'LinkError' }),
    Object.assign(new Error('unreachable'), { name: 'RuntimeError' }),
    Object.assign(new Error('false == true'), { name: 'AssertionError', code: 'ERR_ASSERTION' }),
    Object.assign(new Error('invalid header'), { code: 'UND_ERR_INVALID_ARG' }),
  ])('attack L1: %s says nothing about the network', (error) => {
    expect(isProgramError(error)).toBe(true);
  });

  it.each(['ECONNRESET', 'ENOTFOUND', 'UND_ERR_SOCKET', 'ERR_TLS_CERT_ALTNAME_INVALID', 'HPE_INVALID_CONSTANT'])(
    '%s is one of the network or the server',
    (code) => {
      expect(isProgramError(Object.assign(new Error('no'), { code }))).toBe(false);
    },
  );

  it('attack L1: is thrown as it is by an exchange', async () => {
    const fault = new TypeError('x is not a function');
    const dispatch: Dispatcher['dispatch'] = (_, handler) => {
      handler.onResponseError?.({} as Dispatcher.DispatchController, fault);
      return true;
    };
    const route = { dispatcher: { dispatch } as Dispatcher, proxy: undefined, budget: createBodyBudget(0) };
    const sending = { origin: 'http://127.0.0.1', path: '/user', method: 'GET', headers: {}, body: undefined };
    const limits = { timeout: 60_000, connectTimeout: 60_000, maxBody: 10, signal: undefined };
    await expect(exchange(route, sending, limits)).rejects.toBe(fault);
  });

  it('attack L1: ends a request, which is not repeated', async () => {
    const events: string[] = [];
    const client = clientOf((await serve((_, response) => response.end())).url, {
      retries: 3,
      userAgent: 'two\nlines',
      observe: ({ type }) => events.push(type),
    });
    await expect(client.users()).rejects.toMatchObject({ name: 'InvalidArgumentError' });
    await expect(client.writeUser(createJoe)).rejects.toMatchObject({ name: 'InvalidArgumentError' });
    expect(events.filter((type) => type !== 'response' && type !== 'failure')).toEqual(['request', 'request']);
  });
});

describe('attack new-1xx: an interim response that was not asked for', () => {
  it.each([
    'HTTP/1.1 101 Switching Protocols\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"users":[]}',
    'HTTP/1.1 100 Continue\r\n\r\n',
  ])('%j is nothing readable, and no request is repeated', async (response) => {
    const requests: string[] = [];
    const server = await serveRaw((socket) => {
      socket.on('data', (data: Buffer) => {
        requests.push(...String(data).split(' ', 1));
        socket.write(response);
      });
    });
    const client = clientOf(server.url, { retries: 3 });
    await expect(client.users()).rejects.toMatchObject({ kind: 'server', code: 'not-http' });
    await expect(client.writeUser(createJoe)).rejects.toMatchObject({
      kind: 'server',
      code: 'not-http',
      deliveryStatus: 'unknown',
    });
    expect(requests).toEqual(['GET', 'POST']);
  });

  it('of another kind is skipped', async () => {
    const response =
      'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"users":[]}';
    const server = await serveRaw((socket) => socket.once('data', () => socket.write(response)));
    expect(await clientOf(server.url).users()).toEqual([]);
  });
});
