import { describe, expect, it } from 'vitest';
import { isProgramFault } from '../../src/meta/transport/reason.js';
import { clientOf, createJoe } from './clients.js';
import { serveRaw } from './server.js';

/** A 101 that nobody asked for: undici takes it for impossible, and an assertion of it fails. */
const switching = 'HTTP/1.1 101 Switching Protocols\r\n\r\n';

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
    expect(isProgramFault(error)).toBe(true);
  });

  it.each(['ECONNRESET', 'ENOTFOUND', 'UND_ERR_SOCKET', 'ERR_TLS_CERT_ALTNAME_INVALID', 'HPE_INVALID_CONSTANT'])(
    '%s is one of the network or the server',
    (code) => {
      expect(isProgramFault(Object.assign(new Error('no'), { code }))).toBe(false);
    },
  );

  it('attack L1: is thrown as it is, and no request is repeated', async () => {
    let connections = 0;
    const server = await serveRaw((socket) => {
      connections += 1;
      socket.once('data', () => socket.write(switching));
    });
    const client = clientOf(server.url, { retries: 3 });
    await expect(client.users()).rejects.toMatchObject({ name: 'AssertionError' });
    expect(connections).toBe(1);
    await expect(client.writeUser(createJoe)).rejects.toMatchObject({ name: 'AssertionError' });
    expect(connections).toBe(2);
  });
});
