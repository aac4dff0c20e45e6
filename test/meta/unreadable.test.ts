import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { escapeText } from '../../src/model/escape.js';
import type { MetaClient } from '../../src/meta/client.js';
import { clientOf, createJoe, failureOf } from './clients.js';
import { answer, serve, serveBytes, serveRaw } from './server.js';

function ok(body: string, ...headers: readonly string[]): string {
  return ['HTTP/1.1 200 OK', 'Connection: close', ...headers, '', body].join('\r\n');
}

describe('answers of another shape', () => {
  it.each([
    ['[]', 'wrong-shape', 'expected'],
    ['null', 'wrong-shape', 'expected'],
    ['"users"', 'wrong-shape', 'expected'],
    ['{"users":{}}', 'wrong-shape', 'users: expected Array'],
    ['{"users":[{"nme":"x"}]}', 'wrong-shape', 'users.0.name'],
    ['{"users":[{"name":5}]}', 'wrong-shape', '{"users":[{"name":5}]}'],
    ['{"users":[{"name":"x","permissions":["a"]}]}', 'wrong-shape', 'permissions'],
    ['{"users":[{"name":"x","permissions":{"":"a"}}]}', 'wrong-shape', 'permissions'],
    ['{"users":[{"name":"x","permissions":{"":[1]}}]}', 'wrong-shape', 'permissions'],
    ['{"users":[', 'not-json', '{"users":['],
    ['', 'not-json', 'an empty body'],
    ['<!doctype html><title>Sign in</title>', 'html', 'Sign in'],
    ['\ufeff{}', 'not-json', '\\ufeff'],
  ])('%j is told as %s', async (body, code, shown) => {
    const server = await serve((_, response) => response.end(body));
    const error = await failureOf(clientOf(server.url).users());
    expect(error).toMatchObject({ kind: 'server', code, status: 200 });
    expect(escapeText(error.message)).toContain(shown);
  });

  it('a body that is not UTF-8 is refused, not changed', async () => {
    const server = await serve((_, response) => response.end(Buffer.from('{"users":[{"name":"a\xff"}]}', 'latin1')));
    expect(await failureOf(clientOf(server.url).users())).toMatchObject({ code: 'not-json' });
  });

  it('no hash of a strange document is shown', async () => {
    const body = '{"users":[{"nme":"x","hash":"$2a$10$AAAAAAAAAA"},["$pbkdf2-sha256$BBBBBBBBBB"]]}';
    const server = await serve((_, response) => response.end(body));
    const { message } = await failureOf(clientOf(server.url).users());
    expect(message).toContain('"nme":"x"');
    expect(message).not.toMatch(/AAAA|BBBB/);
  });

  it('deep JSON is refused without being parsed', async () => {
    const server = await serve((_, response) => response.end('['.repeat(2_000_000)));
    expect(await failureOf(clientOf(server.url).users())).toMatchObject({ kind: 'server', code: 'wrong-shape' });
  });

  it('JSON that is not JSON yet is read again, since a read does no harm', async () => {
    let count = 0;
    const server = await serve((_, response) => response.end(count++ === 0 ? '{"us' : '{}'));
    expect(await clientOf(server.url).users()).toEqual([]);
    expect(server.seen).toHaveLength(2);
  });
});

describe('limits of an answer', () => {
  it('a body over the limit is refused by its length alone', async () => {
    const server = await serveRaw((socket) => {
      socket.once('data', () => socket.write(ok('', 'Content-Length: 1000001')));
    });
    const error = await failureOf(clientOf(server.url, { maxBody: 1_000_000 }).users());
    expect(error).toMatchObject({ kind: 'server', code: 'too-large', hint: expect.stringContaining('--max-body') });
    expect(error.message).toContain('the answer is larger than the limit (1000000 bytes)');
  });

  it('an endless body ends at the limit', async () => {
    let sent = 0;
    const chunk = Buffer.alloc(64 * 1024, 0x20);
    const server = await serve((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      };
      response.on('drain', more);
      more();
    });
    const error = await failureOf(clientOf(server.url, { maxBody: 1_000_000 }).users());
    expect(error).toMatchObject({ kind: 'server', code: 'too-large' });
    expect(sent).toBeLessThan(50_000_000);
  });

  it.each<[string, (client: MetaClient) => Promise<unknown>, string]>([
    ['to a write', (client) => client.writeUser(createJoe), 'unknown'],
    ['of /status', (client) => client.status(), 'unknown'],
    ['of /show-cluster', (client) => client.showCluster(), 'unknown'],
    ['of /ping', (client) => client.ping(), 'unknown'],
  ])('an answer %s has 1 MiB at most', async (_, call, fate) => {
    const server = await serve((_, response) => response.end(' '.repeat(1024 * 1024 + 1)));
    const error = await failureOf(call(clientOf(server.url)));
    expect(error).toMatchObject({ kind: 'server', code: 'too-large', fate });
    expect(error.message).toContain('the answer is larger than any of its kind (1MiB)');
    expect((await failureOf(call(clientOf(server.url, { maxBody: 1000 })))).message).toContain('limit (1000 bytes)');
  });

  it('a body of exactly the limit is taken', async () => {
    const body = `{"users":[]}${' '.repeat(88)}`;
    const server = await serve((_, response) => response.end(body));
    expect(await clientOf(server.url, { maxBody: 100 }).users()).toEqual([]);
    expect(await failureOf(clientOf(server.url, { maxBody: 99 }).users())).toMatchObject({ code: 'too-large' });
  });

  it('10 MB of headers are not read', async () => {
    const server = await serveRaw((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n');
        for (let i = 0; i < 100; i++) socket.write(`X-${i}: ${'a'.repeat(100_000)}\r\n`);
      });
    });
    expect(await failureOf(clientOf(server.url).users())).toMatchObject({ kind: 'server', code: 'headers-too-large' });
  });

  it('a compressed body is refused, not inflated', async () => {
    const server = await serve((_, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(Buffer.alloc(1_000_000)));
    });
    const error = await failureOf(clientOf(server.url).users());
    expect(error).toMatchObject({ kind: 'server', code: 'compressed' });
    expect(error.message).toContain('(gzip)');
    expect(server.seen).toHaveLength(1);
  });
});

describe('answers that break off', () => {
  const bodies = [ok('{"users', 'Content-Length: 100'), ok('5\r\n{"use\r\n', 'Transfer-Encoding: chunked')];

  it.each(bodies)('%j is tried again for a read, and told in the end', async (bytes) => {
    let count = 0;
    const server = await serveRaw((socket) => {
      socket.once('data', () => {
        count++;
        socket.end(bytes);
      });
    });
    const error = await failureOf(clientOf(server.url).users());
    expect(error).toMatchObject({ kind: 'server', code: 'truncated' });
    expect(error.message).toContain('(4 tries)');
    expect(count).toBe(4);
  });

  it('leave the fate of a write unknown', async () => {
    const server = await serveBytes(ok('x', 'Content-Length: 100'));
    const error = await failureOf(clientOf(server.url).writeUser(createJoe));
    expect(error).toMatchObject({ code: 'truncated', fate: 'unknown' });
  });

  it.each(['SSH-2.0-OpenSSH_9.6\r\n', 'garbage\u001b[2J\r\n\r\n', '220 smtp.test ESMTP\r\n'])(
    '%j is no HTTP, and shown',
    async (bytes) => {
      const server = await serveBytes(bytes);
      const error = await failureOf(clientOf(server.url).users());
      expect(error).toMatchObject({ kind: 'server', code: 'not-http' });
      expect(error.message).toContain(bytes.slice(0, 7));
    },
  );

  it('informational answers do not count as the answer', async () => {
    const server = await serveBytes(`HTTP/1.1 103 Early Hints\r\n\r\n${ok('{}', 'Content-Length: 2')}`);
    expect(await clientOf(server.url).users()).toEqual([]);
  });

  it('a server that answers with names as headers cannot confuse the client', async () => {
    const server = await serve((_, response) => answer(response, 200, {}, { __proto__x: 'y', constructor: 'z' }));
    expect(await clientOf(server.url).users()).toEqual([]);
  });
});
