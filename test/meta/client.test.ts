import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.js';
import { basic, clientOf, failureOf } from './clients.js';
import { answer, serve } from './server.js';

const joe = {
  name: 'joe',
  hash: '$2a$10$abc',
  permissions: { '': ['KapacitorAPI'], __proto__x: [], telegraf: ['ReadData'] },
};

describe('reads', () => {
  it('gives users as values: permissions by scope, the hash as a secret', async () => {
    const server = await serve((_, response) => answer(response, 200, { users: [joe, { name: 'jane' }], more: 1 }));
    const [first, second] = await clientOf(server.url).users();
    expect(first?.permissions).toEqual(new Map(Object.entries(joe.permissions)));
    expect(first?.hash?.reveal()).toBe('$2a$10$abc');
    expect(JSON.stringify(first)).not.toContain('$2a$');
    expect(second).toEqual({ name: 'jane', hash: undefined, permissions: new Map() });
  });

  it('gives roles with their members', async () => {
    const roles = [{ name: 'kapacitor', permissions: { '': ['KapacitorAPI'] }, users: ['joe'] }, { name: 'empty' }];
    const server = await serve((_, response) => answer(response, 200, { roles }));
    expect(await clientOf(server.url).roles()).toEqual([
      { name: 'kapacitor', permissions: new Map([['', ['KapacitorAPI']]]), users: ['joe'] },
      { name: 'empty', permissions: new Map(), users: [] },
    ]);
  });

  it.each([{}, { users: null, roles: null }, { users: [], roles: [] }])('takes %j as an empty list', async (value) => {
    const server = await serve((_, response) => answer(response, 200, value));
    const client = clientOf(server.url);
    expect(await client.users()).toEqual([]);
    expect(await client.roles()).toEqual([]);
  });

  it('asks for one name, percent-encoded, and takes 404 "not found" as an empty list', async () => {
    const server = await serve((seen, response) =>
      answer(response, 404, { error: seen.url.startsWith('/user') ? 'user not found' : 'role not found' }),
    );
    const client = clientOf(server.url);
    expect(await client.users({ name: 'a&b=c /?#ü' })).toEqual([]);
    expect(await client.roles({ name: '__proto__' })).toEqual([]);
    expect(server.seen.map(({ url }) => url)).toEqual([
      `/user?name=${encodeURIComponent('a&b=c /?#ü')}`,
      '/role?name=__proto__',
    ]);
  });

  it('does not take a 404 of another server for a user that does not exist', async () => {
    const server = await serve((_, response) => {
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end('404 page not found\n');
    });
    const error = await failureOf(clientOf(server.url).users({ name: 'joe' }));
    expect(error).toMatchObject({ kind: 'server', code: 'not-a-meta-node', status: 404 });
    expect(error.message).toContain('404 page not found');
  });

  it('refuses a name that is not valid Unicode before anything is sent', async () => {
    const server = await serve((_, response) => answer(response, 200, {}));
    await expect(clientOf(server.url).users({ name: 'a\ud800' })).rejects.toMatchObject({ kind: 'usage' });
    expect(server.seen).toEqual([]);
  });
});

describe('writes', () => {
  it('sends action and payload as JSON, and resolves on 200', async () => {
    const server = await serve((_, response) => answer(response, 200));
    const client = clientOf(server.url, { credentials: basic });
    const permissions = new Map([
      ['', ['KapacitorAPI']],
      ['__proto__', ['ReadData']],
    ]);
    await client.writeUser({ action: 'create', user: { name: 'joe', password: new Secret('päss"word') } });
    await client.writeUser({ action: 'create', user: { name: 'jane', hash: new Secret('$2a$10$x'), permissions } });
    await client.writeUser({ action: 'delete', user: { name: 'joe' } });
    await client.writeUser({ action: 'change-password', user: { name: 'joe', password: new Secret('p') } });
    await client.writeRole({ action: 'create', role: { name: 'r' } });
    await client.writeRole({ action: 'add-users', role: { name: 'r', users: ['joe', 'jane'] } });
    await client.writeRole({ action: 'remove-permissions', role: { name: 'r', permissions } });
    const wire = '{"":["KapacitorAPI"],"__proto__":["ReadData"]}';
    expect(server.seen.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
      'POST /user {"action":"create","user":{"name":"joe","password":"päss\\"word"}}',
      `POST /user {"action":"create","user":{"name":"jane","hash":"$2a$10$x","permissions":${wire}}}`,
      'POST /user {"action":"delete","user":{"name":"joe"}}',
      'POST /user {"action":"change-password","user":{"name":"joe","password":"p"}}',
      'POST /role {"action":"create","role":{"name":"r"}}',
      'POST /role {"action":"add-users","role":{"name":"r","users":["joe","jane"]}}',
      `POST /role {"action":"remove-permissions","role":{"name":"r","permissions":${wire}}}`,
    ]);
    expect(server.seen[0]?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('admin:changeit-4711').toString('base64')}`,
      'content-type': 'application/json',
      'accept-encoding': 'identity',
    });
  });

  it.each(['<html><body>Log in</body></html>', '{"error":"disk full"}', 'garbage'])(
    'does not believe a 200 with the body %j: the fate is unknown',
    async (body) => {
      const server = await serve((_, response) => response.end(body));
      const error = await failureOf(clientOf(server.url).writeRole({ action: 'delete', role: { name: 'r' } }));
      expect(error).toMatchObject({ kind: 'server', deliveryStatus: 'unknown' });
      expect(server.seen).toHaveLength(1);
    },
  );
});

describe('the other requests', () => {
  it('pings without credentials and gives the version', async () => {
    const server = await serve((_, response) => answer(response, 204));
    expect(await clientOf(server.url, { credentials: basic }).ping()).toBe('1.11.8-c1.11.8');
    expect(server.seen[0]?.headers.authorization).toBeUndefined();
  });

  it('reads status, cluster and LDAP configuration, missing parts included', async () => {
    const meta = [{ id: 1, addr: 'm1:8091', httpScheme: 'http', tcpAddr: 'm1:8089', version: '1.11.8' }];
    const bodies = new Map<string, unknown>([
      ['/status', { nodeType: 'meta', leader: 'm1:8089', httpAddr: 'm1:8091' }],
      ['/show-cluster', { meta }],
      ['/ldap/v1/config', { structured: { enabled: true, servers: [] } }],
    ]);
    const server = await serve((seen, response) => answer(response, 200, bodies.get(seen.url)));
    const client = clientOf(server.url);
    const status = { nodeType: 'meta', leader: 'm1:8089', httpAddr: 'm1:8091', raftAddr: '', peers: [] };
    expect(await client.status()).toEqual(status);
    expect(await client.showCluster()).toEqual({ data: [], meta });
    expect(await client.ldapConfig()).toEqual({ enabled: true });
    bodies.set('/ldap/v1/config', {});
    expect(await client.ldapConfig()).toEqual({ enabled: false });
  });

  it('asks whether a user is authorized; the password shows in no error', async () => {
    const answers = [200, 401, 500, 500, 500, 500];
    const server = await serve((_, response) =>
      answer(response, answers.shift() ?? 200, { error: 'authorization failed' }),
    );
    const client = clientOf(server.url, { credentials: basic });
    const question = { name: 'joe', password: new Secret('s3cret/&'), permission: 'NoPermissions', resource: '_' };
    expect(await client.authorized(question)).toBe(true);
    expect(await client.authorized(question)).toBe(false);
    const error = await failureOf(client.authorized(question));
    expect(error.message).toContain('/authorized?name=joe&password=***&permission=NoPermissions&resource=_');
    expect(server.seen[0]?.url).toContain(`password=${encodeURIComponent('s3cret/&')}`);
  });

  it('gives an answer as it came to those who want to judge it themselves', async () => {
    const server = await serve((_, response) => answer(response, 401, { error: 'authorization failed' }));
    const raw = await clientOf(server.url).get('/user?name=joe');
    expect(raw.status).toBe(401);
    expect(Buffer.from(raw.body).toString()).toBe('{"error":"authorization failed"}');
    expect(raw.url).toBe(`${server.url}/user?name=joe`);
    expect(raw.header('x-influxdb-version')).toBe('1.11.8-c1.11.8');
  });
});
