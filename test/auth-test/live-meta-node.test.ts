import { describe, expect, it, onTestFinished } from 'vitest';
import { KapadminError } from '../../src/errors.js';
import { createLiveMeta, type LiveMeta, type LiveMetaOptions } from '../../src/auth-test/live-meta-node.js';
import type { MetaRequestEffect } from '../../src/auth-engine/effects.js';
import { createRawClient } from '../../src/meta/client.js';
import { answer, deadUrl, pem, redirect, serve, serveBytes, serveRaw } from '../meta/server.js';

interface Live extends LiveMeta {
  readonly told: MetaRequestEffect[];
}

function live(parts: Partial<LiveMetaOptions> = {}, ca?: string): Live {
  const client = createRawClient({ tls: { ca }, proxy: {}, connectTimeout: 2000, timeout: 500, maxBody: 1000 });
  onTestFinished(() => client.close());
  const told: MetaRequestEffect[] = [];
  const { signal: stop } = new AbortController();
  const options = { client, clock: { now: Date.now }, stop, secrets: [], ...parts };
  return { ...createLiveMeta({ ...options, observe: (request) => void told.push(request) }), told };
}

function request(url: string, parts: Partial<MetaRequestEffect> = {}): MetaRequestEffect {
  return {
    want: 'meta',
    attempt: 1,
    redirects: 0,
    after: 0,
    method: 'GET',
    url,
    scheme: 'http',
    host: 'x',
    path: '/user',
    query: [],
    auth: 'basic',
    authorization: 'Basic eA==',
    ...parts,
  };
}

describe('the meta node, live', () => {
  it('is asked with what Kapacitor sends, and gives its bytes', async () => {
    const node = await serve((_, response) => answer(response, 200, { users: 'é' }));
    const meta = live();
    const given = await meta.request(request(`${node.url}/user?name=a+b`));
    expect(given).toMatchObject({ status: 200, location: '', body: '{"users":"Ã©"}', last: true });
    expect(node.seen[0]).toMatchObject({ method: 'GET', url: '/user?name=a+b' });
    expect(node.seen[0]?.headers.authorization).toBe('Basic eA==');
    expect(meta.failure()).toBeUndefined();
  });

  it('is shown no credentials where there are none', async () => {
    const node = await serve((_, response) => answer(response, 200));
    await live().request(request(node.url, { authorization: undefined }));
    expect(node.seen[0]?.headers.authorization).toBeUndefined();
  });

  it('is asked once for each URL: all moments see one document', async () => {
    const node = await serve((_, response) => answer(response, 200, {}));
    const meta = live();
    const first = await meta.request(request(`${node.url}/a`));
    expect(await meta.request(request(`${node.url}/a`))).toBe(first);
    await meta.request(request(`${node.url}/b`));
    expect(node.seen.map(({ url }) => url)).toEqual(['/a', '/b']);
    expect(meta.told).toHaveLength(2);
  });

  it('counts for all tries after its first failure', async () => {
    const node = await serve((_, response) => answer(response, 503, { error: 'x' }));
    const meta = live();
    expect(await meta.request(request(node.url))).toMatchObject({ status: 503, last: true });
    expect(meta.failure()).toBe('server');
  });
});

describe('no answer', () => {
  it('is reported as refused, and as unreachable', async () => {
    const meta = live();
    expect(await meta.request(request(await deadUrl()))).toMatchObject({ error: 'refused', last: true });
    expect(meta.failure()).toBe('unreachable');
  });

  it('is reported as a timeout', async () => {
    const node = await serveRaw(() => undefined);
    const meta = live();
    expect(await meta.request(request(node.url))).toMatchObject({ error: 'timeout' });
    expect(meta.failure()).toBe('unreachable');
  });

  it('is reported as TLS', async () => {
    const node = await serve((_, response) => answer(response, 200), pem.server);
    const meta = live();
    expect(await meta.request(request(node.url))).toMatchObject({ error: 'tls' });
    expect(meta.failure()).toBe('unreachable');
    expect(await live({}, pem.ca).request(request(node.url))).toMatchObject({ status: 200 });
  });

  it('that is none of HTTP is a fault of the server', async () => {
    const meta = live();
    expect(await meta.request(request((await serveBytes('HELLO\r\n\r\n')).url))).toMatchObject({ error: 'refused' });
    expect(meta.failure()).toBe('server');
  });

  it('that is larger than the limit names it', async () => {
    const node = await serve((_, response) => response.end('x'.repeat(2_000)));
    const meta = live();
    expect(await meta.request(request(node.url))).toMatchObject({ text: 'too-large: 1000 bytes' });
    expect(meta.failure()).toBe('server');
  });

  it.each(['http://::1:1/user', 'http://%2541:1/', 'http://a b/', 'http://h:99999/'])(
    'comes from %s, which cannot be asked',
    async (url) => {
      const meta = live();
      expect(await meta.request(request(url))).toMatchObject({ error: 'unusable' });
      expect(meta.failure()).toBeUndefined();
      expect(meta.told).toEqual([]);
    },
  );
});

describe('a redirect', () => {
  it('on the same host is followed', async () => {
    const node = await serve((seen, response) =>
      seen.url === '/user' ? redirect(response, { ...seen, url: '/leader' }, '') : answer(response, 200, {}),
    );
    const meta = live();
    expect(await meta.request(request(`${node.url}/user`))).toMatchObject({ status: 307, location: '/leader' });
    expect(await meta.request(request(`${node.url}/leader`, { redirects: 1 }))).toMatchObject({ status: 200 });
  });

  it('to a host that no node names is refused, and nothing is sent there', async () => {
    const other = await serve((_, response) => answer(response, 200));
    const node = await serve((seen, response) =>
      seen.url === '/user' ? redirect(response, seen, other.url) : answer(response, 404),
    );
    const meta = live();
    await meta.request(request(`${node.url}/user`));
    const asking = meta.request(request(`${other.url}/user`, { redirects: 1 }));
    await expect(asking).rejects.toThrow(`redirects to ${other.url}, which is not followed`);
    const error: unknown = await meta
      .request(request(`${other.url}/user`, { redirects: 1 }))
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KapadminError);
    expect(error).toMatchObject({ kind: 'unreachable', code: 'redirect-refused' });
    expect((error as KapadminError).hint).toContain(`would send its own credentials to ${other.url}`);
    expect(other.seen).toEqual([]);
  });

  it('to a node of the cluster is followed with the credentials', async () => {
    const leader = await serve((_, response) => answer(response, 200, {}));
    const node = await serve((seen, response) => {
      if (seen.url === '/user') redirect(response, seen, leader.url);
      else if (seen.url.startsWith('/status'))
        answer(response, 200, { nodeType: 'meta', httpAddr: leader.host, leader: 'x' });
      else answer(response, 200, { data: [], meta: [{ id: 1, addr: leader.host }] });
    });
    const meta = live();
    await meta.request(request(`${node.url}/user`));
    expect(await meta.request(request(`${leader.url}/user`, { redirects: 1 }))).toMatchObject({ status: 200 });
    expect(leader.seen[0]?.headers.authorization).toBe('Basic eA==');
  });
});
