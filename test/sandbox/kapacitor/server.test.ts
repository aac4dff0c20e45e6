import { describe, expect, it } from 'vitest';
import type { MetaRequestEffect } from '../../../src/auth-engine/effects.js';
import { Secret } from '../../../src/model/secret.js';
import { readDaemonFile } from '../../../src/settings/locate-kapacitor-conf.js';
import { files } from '../../../src/files/files.js';
import { readUsers } from '../../../src/sandbox/seed-and-data-files.js';
import { type SandboxKapacitorOptions, startKapacitor } from '../../../src/sandbox/kapacitor/server.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { overHttp } from '../meta-node/over-http.js';
import { sandbox } from '../running.js';
import { startTestKapacitor, metaNode, send } from './kapacitor.js';

const seed = {
  users: readUsers([{ name: 'johndoe', password: 'old', permissions: { '': ['KapacitorAPI'] } }], 'users'),
  roles: [],
};

/** A sandbox with a Kapacitor whose clock the test moves; no wait takes real time. */
async function both(options: SandboxOptions = {}, wanted: SandboxKapacitorOptions = {}) {
  const begun = Date.now();
  let ahead = 0;
  const clock = {
    now: () => begun + ahead,
    sleep: (ms: number) => {
      ahead += ms;
      return Promise.resolve();
    },
  };
  const read = (path: string) => readDaemonFile(files, path);
  const { url, kapacitorUrl, ...running } = await sandbox(
    { seed, ...options },
    { kapacitor: (meta) => startKapacitor(wanted, meta, { read, clock }) },
  );
  const port = Number(new URL(kapacitorUrl ?? '').port);
  return {
    ...running,
    url,
    kapacitorUrl,
    pass: (minutes: number) => (ahead += minutes * 60_000),
    /** The status of a request to Kapacitor. */
    async get(as: string, line = 'GET /kapacitor/v1/tasks') {
      return Number((await send(port, line, { as })).line.slice(9, 12));
    },
    ask: (as: string, line: string, body?: string) => send(port, line, { as, body }),
    change: (path: 'user' | 'role', body: object) => overHttp(url, `POST /${path}`, { as: 'admin:changeit', body }),
  };
}

describe('a Kapacitor beside the meta node', () => {
  it('sees a grant when its cache-expiration is over, or at once after a failed login', async () => {
    const { get, change, pass } = await both();
    const config = 'GET /kapacitor/v1/config';
    expect(await get('johndoe:old', config)).toBe(403);
    const permissions = { '': ['KapacitorConfigAPI'] };
    await change('user', { action: 'add-permissions', user: { name: 'johndoe', permissions } });
    pass(9.9);
    expect(await get('johndoe:old', config)).toBe(403);
    pass(0.1);
    expect(await get('johndoe:old', config)).toBe(200);
    await change('user', { action: 'remove-permissions', user: { name: 'johndoe', permissions } });
    expect(await get('johndoe:wrong', config)).toBe(401);
    expect(await get('johndoe:old', config)).toBe(403);
  });

  it('refuses a new password once, and takes the old one for an hour', async () => {
    const { get, change, pass } = await both();
    expect(await get('johndoe:old')).toBe(200);
    await change('user', { action: 'change-password', user: { name: 'johndoe', password: 'new' } });
    expect(await get('johndoe:old')).toBe(200);
    expect([await get('johndoe:new'), await get('johndoe:new')]).toEqual([401, 200]);
    expect(await get('johndoe:old')).toBe(401);
    await change('user', { action: 'change-password', user: { name: 'johndoe', password: 'newest' } });
    pass(59.9);
    expect(await get('johndoe:new')).toBe(200);
    pass(0.1);
    expect(await get('johndoe:new')).toBe(401);
  });

  it('lets a deleted user in until the cache forgets it', async () => {
    const { get, change, pass } = await both();
    expect(await get('johndoe:old')).toBe(200);
    await change('user', { action: 'delete', user: { name: 'johndoe' } });
    expect(await get('johndoe:old')).toBe(200);
    pass(10);
    expect(await get('johndoe:old')).toBe(401);
  });

  it('follows the redirects of followers to the leader', async () => {
    const running = await both({ nodes: 3, electionTime: 0 });
    running.elect(2);
    expect(await running.get('johndoe:old')).toBe(200);
  });

  it('with TLS trusts the CA of the sandbox, and shows its client certificate', async () => {
    const { get } = await both({ tls: { clientCertificate: true } });
    expect(await get('johndoe:old')).toBe(200);
  });

  it('without an account uses the internal secret', async () => {
    const { get, url } = await both({ internalSharedSecret: new Secret('inner'), admin: null });
    expect((await overHttp(url, 'GET /user?name=johndoe', {})).status).toBe(401);
    expect(await get('johndoe:old')).toBe(200);
  });

  it('ends with the sandbox', async () => {
    const { close, kapacitorUrl } = await both();
    await close();
    await expect(send(Number(new URL(kapacitorUrl ?? '').port), 'GET /')).rejects.toThrow('ECONNREFUSED');
  });
});

describe('requests that change who may log in', () => {
  const users = (method: string, name = ''): string => `${method} /kapacitor/v1/users${name}`;

  it('with KapacitorAPI alone make an admin, until it is deleted', async () => {
    const { get, ask } = await both();
    const config = 'GET /kapacitor/v1/config';
    expect(await get('johndoe:old', config)).toBe(403);
    const body = '{"name":"ghost","password":"boo","type":"admin"}';
    expect((await ask('johndoe:old', users('POST'), body)).line).toBe('HTTP/1.1 200 OK');
    expect(await get('ghost:boo', config)).toBe(200);
    expect((await ask('johndoe:old', users('POST'), body)).line).toBe('HTTP/1.1 500 Internal Server Error');
    expect((await ask('johndoe:old', users('GET', '/ghost'))).body).toContain('"type": "admin"');
    expect((await ask('johndoe:old', users('GET'))).body).toContain('"name": "ghost"');
    expect(await get('johndoe:old', users('DELETE', '/ghost'))).toBe(204);
    expect(await get('ghost:boo', config)).toBe(401);
  });

  it('change the rights of the admin that they made', async () => {
    const { get, ask } = await both();
    await ask('johndoe:old', users('POST'), '{"name":"ghost","password":"boo","type":"admin"}');
    const patched = await ask('johndoe:old', users('PATCH', '/ghost'), '{"type":"normal","permissions":["api"]}');
    expect(patched.line).toBe('HTTP/1.1 200 OK');
    expect(await get('ghost:boo', 'GET /kapacitor/v1/config')).toBe(403);
    expect(await get('ghost:boo')).toBe(200);
  });

  it('let an admin that they made go when cache-expiration is over', async () => {
    const { get, ask, pass } = await both();
    await ask('johndoe:old', users('POST'), '{"name":"ghost","password":"boo","type":"admin"}');
    expect(await get('ghost:boo')).toBe(200);
    pass(10);
    expect(await get('ghost:boo')).toBe(401);
  });

  it('make a grant and a new password of a cluster user count at once', async () => {
    const { get, change } = await both();
    const config = 'GET /kapacitor/v1/config';
    expect(await get('johndoe:old', config)).toBe(403);
    const permissions = { '': ['KapacitorConfigAPI'] };
    await change('user', { action: 'add-permissions', user: { name: 'johndoe', permissions } });
    expect(await get('johndoe:old', config)).toBe(403);
    expect(await get('johndoe:old', users('DELETE', '/johndoe'))).toBe(204);
    expect(await get('johndoe:old', config)).toBe(200);
    await change('user', { action: 'change-password', user: { name: 'johndoe', password: 'new' } });
    expect(await get('johndoe:old', users('DELETE', '/johndoe'))).toBe(204);
    expect(await get('johndoe:old')).toBe(401);
    expect(await get('johndoe:new')).toBe(200);
  });
});

describe('requests at the same time', () => {
  it('a hundred are all answered', async () => {
    const port = await startTestKapacitor();
    const all = Array.from({ length: 100 }, (_, i) =>
      send(port, `GET /kapacitor/v1/tasks/${i}`, { as: i % 2 === 0 ? 'johndoe:pw' : 'writer:pw' }),
    );
    const got = (await Promise.all(all)).map(({ line, body }, i) =>
      i % 2 === 0 ? body.includes('no task exists') : line.includes('403') && body.includes(`/tasks/${i}\\"`),
    );
    expect(got).toEqual(got.map(() => true));
  });

  it('a slow lookup does not hold up others', async () => {
    const node = metaNode();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const ask = async (request: MetaRequestEffect) => {
      if (request.query.some(([, name]) => name === 'writer')) await held;
      return node(request);
    };
    const port = await startTestKapacitor({}, { ask });
    let slowIsDone = false;
    const slow = send(port, 'POST /write?db=telegraf', { as: 'writer:pw' }).then((got) => {
      slowIsDone = true;
      return got;
    });
    const quick = await send(port, 'GET /kapacitor/v1/tasks', { as: 'johndoe:pw' });
    expect([quick.line, slowIsDone]).toEqual(['HTTP/1.1 200 OK', false]);
    release();
    expect((await slow).line).toBe('HTTP/1.1 204 No Content');
  });
});
