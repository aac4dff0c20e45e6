import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDeeperThan } from '../../src/meta/response.js';
import { Secret } from '../../src/model/secret.js';
import { basic, clientOf, createJoe, failureOf } from './clients.js';
import { answer, serve, serveBytes, serveRaw } from './server.js';
import { gzipSync } from 'node:zlib';
import { escapeText } from '../../src/model/text.js';
import type { MetaClient } from '../../src/meta/client-types.js';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

it('the depth of JSON is found without parsing it, whatever its strings hold', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      const bytes = Buffer.from(JSON.stringify(value));
      const depth = depthOf(value);
      expect(isDeeperThan(bytes, depth)).toBe(false);
      expect(isDeeperThan(bytes, depth - 1)).toBe(depth > 0);
    }),
  );
});

it.each(['{"a":"[[[[[[\\"[[[["}', '["\\\\",["x"]]', '"', '"\\', ']]]]', ''])('%s is not deep', (text) => {
  expect(isDeeperThan(Buffer.from(text), 2)).toBe(false);
});

const bearer = { kind: 'bearer', username: '', secret: new Secret('shared-secret-99') } as const;

const cases = [
  [401, 'unable to parse authentication credentials', 'refused', 'credentials-missing', undefined, '--meta-username'],
  [401, 'unable to parse authentication credentials', 'refused', 'credentials-missing', bearer, 'bearer'],
  [401, 'authorization failed', 'refused', 'credentials-refused', basic, 'password'],
  [401, 'authorization failed', 'refused', 'credentials-refused', bearer, 'shared secret'],
  [401, 'username required', 'refused', 'credentials-refused', basic, 'password'],
  [403, 'user joe does not have privileges', 'refused', 'forbidden', basic, 'CreateUserAndRole'],
  [404, 'user not found', 'not-found', 'user-not-found', basic, ''],
  [404, 'role not found', 'not-found', 'role-not-found', basic, ''],
  [400, 'user already exists', 'exists', 'user-exists', basic, ''],
  [400, 'role already exists', 'exists', 'role-exists', basic, ''],
  [400, 'must create admin user first', 'server', 'no-admin-user', basic, 'kapadmin bootstrap NAME'],
  [400, 'invalid action: x', 'server', 'request-refused', basic, ''],
  [400, 'password required', 'server', 'request-refused', basic, ''],
  [400, 'creating users is disallowed when ldap is enabled', 'server', 'ldap-refused', basic, 'ldap.toml'],
  [403, 'modifying user privileges is disallowed when LDAP is enabled', 'server', 'ldap-refused', basic, 'role'],
] as const;

describe('what the server refuses', () => {
  it.each(cases)('%i "%s" is %s, %s', async (status, text, kind, code, credentials, hint) => {
    const server = await serve((_, response) => answer(response, status, { error: text }));
    const error = await failureOf(clientOf(server.url, { credentials }).writeUser(createJoe));
    expect(error).toMatchObject({ kind, code, status, serverText: text, deliveryStatus: 'responded', method: 'POST' });
    expect(error.message).toBe(`cannot create user "joe": POST ${server.url}/user: ${status} ${text}`);
    expect(error.hint ?? '').toContain(hint);
    expect(server.seen).toHaveLength(1);
  });

  it.each([500, 502, 503, 504])('a %i leaves the fate of a write unknown, and is not repeated', async (status) => {
    const server = await serve((_, response) => answer(response, status, { error: 'out of luck' }));
    const error = await failureOf(clientOf(server.url).writeUser(createJoe));
    expect(error).toMatchObject({ kind: 'server', code: 'server-error', deliveryStatus: 'unknown' });
    expect(server.seen).toHaveLength(1);
  });

  it.each([301, 302, 303, 308])('a %i is not followed, and named', async (status) => {
    const server = await serve((_, response) =>
      answer(response, status, undefined, { location: 'http://login.test/' }),
    );
    const error = await failureOf(clientOf(server.url).users());
    expect(error).toMatchObject({ kind: 'server', code: 'unexpected-redirect' });
    expect(error.message).toContain('http://login.test/');
    expect(server.seen).toHaveLength(1);
  });

  it('shows other bodies than JSON short', async () => {
    const page = `<html>\u001b]0;owned\u0007\u009b31m\u202e${'x'.repeat(5000)}`;
    const server = await serve((_, response) => {
      response.statusCode = 418;
      response.end(page);
    });
    const error = await failureOf(clientOf(server.url).users());
    expect(error).toMatchObject({ kind: 'server', status: 418 });
    expect(error.message).toContain('<html>\u001b]0;owned\u0007\u009b31m\u202e');
    expect(error.message.length).toBeLessThan(400);
  });

  it('shows no secret that a server echoes', async () => {
    const server = await serve((seen, response) => {
      answer(response, 400, { error: `bad ${seen.headers.authorization} changeit-4711 in ${seen.body}` });
    });
    const client = clientOf(server.url, { credentials: basic });
    const hash = new Secret('$2a$10$abcdefghijklmnopqrstuv');
    const errors = [
      await failureOf(client.writeUser(createJoe)),
      await failureOf(client.writeUser({ action: 'create', user: { name: 'joe', hash } })),
    ];
    for (const error of errors) {
      const shown = `${error.message} ${error.serverText}`;
      expect(shown).toContain('***');
      for (const secret of [
        'changeit-4711',
        'joe-secret-0815',
        'abcdefghij',
        Buffer.from('admin:changeit-4711').toString('base64'),
      ]) {
        expect(shown).not.toContain(secret);
      }
    }
  });
});

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
    expect(error.message).toContain('the response is larger than the limit (1000000 bytes)');
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
  ])('an answer %s has 1 MiB at most', async (_, call, deliveryStatus) => {
    const server = await serve((_, response) => response.end(' '.repeat(1024 * 1024 + 1)));
    const error = await failureOf(call(clientOf(server.url)));
    expect(error).toMatchObject({ kind: 'server', code: 'too-large', deliveryStatus });
    expect(error.message).toContain('the response is too large for this endpoint (1MiB)');
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

  it.each(bodies)('%j is tried again for a read, and reported in the end', async (bytes) => {
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
    expect(error).toMatchObject({ code: 'truncated', deliveryStatus: 'unknown' });
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
