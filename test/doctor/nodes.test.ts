import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { meddling, type Meddle } from '../cli/proxy.js';
import { sandbox } from '../sandbox/running.js';
import { look, lookAt } from './doctor.js';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that is no meta node. */
async function stranger(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer({}, answer);
  servers.push(server);
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const realNode = { 'x-influxdb-version': '1.11.8-c1.11.8' };

/** As a real node with authentication on: nobody is told the version by /ping without an account. */
const asksOnPing: Meddle = ({ path, authorization }) =>
  path === '/ping' && authorization === undefined
    ? { status: 401, answer: '{"error":"unable to parse authentication credentials"}', headers: realNode }
    : undefined;

const day = 24 * 3600 * 1000;
const host = (url: string): string => url.replace(/^https?:\/\//, '');

describe('doctor on meta nodes', () => {
  it('finds nothing wrong with three of them, and names their leader', async () => {
    const { code, ids, told, sandbox } = await lookAt({ nodes: 3 });
    expect({ code, ids }).toEqual({ code: 0, ids: [] });
    expect(told.ok).toContain(`3 nodes, version 1.11.8, leader ${host(sandbox.urls[0] ?? '')}`);
    expect(told.ok).toContain('anonymous access is disabled');
  });

  it('verdict 25: a node that asks for credentials on /ping is a live meta node', async () => {
    const url = await stranger((request, response) => {
      const hasAccount = request.headers.authorization !== undefined;
      response.setHeader('X-Influxdb-Version', '1.11.8-c1.11.8');
      response.writeHead(request.url === '/ping' && hasAccount ? 204 : 401).end();
    });
    const { ids } = await look([url]);
    expect(ids).not.toContain('node-not-meta');
    expect(ids).not.toContain('node-unreachable');
  });

  it('verdict 25: one --meta-url of three is no fault, and no leader is out of reach', async () => {
    const running = await sandbox({ nodes: 3 });
    const servers = await Promise.all(running.urls.map((url) => meddling(url, asksOnPing)));
    const { code, told } = await look([servers[1] ?? '']);
    expect(code).toBe(0);
    expect(told.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(told.ok).toContain('users and roles can be read as admin, which may also change them');
  });

  it('names a node that is down, and goes on with the others', async () => {
    const running = await sandbox({ nodes: 3 });
    await running.kill(1);
    const { code, told } = await look(running.urls);
    expect(code).toBe(1);
    expect(told.findings).toMatchObject([
      { id: 'node-unreachable', place: { url: running.urls[1] }, fact: expect.stringContaining('connection refused') },
    ]);
    expect(told.ok).toContain('users and roles can be read as admin, which may also change them');
  });

  it('says that there is no leader', async () => {
    const running = await sandbox({ nodes: 3 });
    running.noLeader(60_000);
    const { code, ids } = await look(running.urls);
    expect({ code, ids }).toEqual({ code: 1, ids: ['no-leader'] });
  });

  it('finds a leader that announces a name which is not known here', async () => {
    const { ids, told, sandbox } = await lookAt({ nodes: 3, leaderName: 'meta-1.invalid' });
    expect(ids).toEqual(['leader-unreachable']);
    const [found] = told.findings;
    expect(found).toMatchObject({ severity: 'error', fact: expect.stringContaining('host name not found') });
    expect(found?.place?.url).toBe(`http://meta-1.invalid:${new URL(sandbox.urls[0] ?? '').port}`);
    expect(found?.fixes[0]?.setting).toBe('127.0.0.1 meta-1.invalid');
  });

  it('does not mind another name of the leader that leads to it', async () => {
    expect((await lookAt({ nodes: 3, leaderName: 'localhost' })).ids).toEqual([]);
  });

  it('names the nodes that the user did not', async () => {
    const running = await sandbox({ nodes: 3 });
    const { ids, told } = await look(running.urls.slice(1, 2));
    expect(ids).toEqual(['node-not-named']);
    const all = [running.urls[1], running.urls[0], running.urls[2]].join(',');
    expect(told.findings[0]?.fixes[0]?.command).toBe(`export KAPADMIN_META_URL=${all}`);
  });

  it('distinguishes a port of another service from a meta node', async () => {
    const url = await stranger((_, response) => response.writeHead(404).end('no such page'));
    expect((await look([url])).ids).toContain('node-not-meta');
    const page = await stranger((_, response) => response.end('<html>log in here</html>'));
    expect((await look([page])).ids).toContain('node-not-meta');
  });

  it('distinguishes HTTP and HTTPS on a port that is named with the other scheme', async () => {
    const secure = await sandbox({ tls: {} });
    const plain = await sandbox();
    const one = await look([secure.url.replace('https', 'http')]);
    expect(one.told.findings[0]).toMatchObject({ id: 'node-scheme', fixes: [{ setting: `--meta-url ${secure.url}` }] });
    expect((await look([plain.url.replace('http', 'https')])).ids).toContain('node-scheme');
  });

  it('reads the clock of a node, and the headers of a proxy', async () => {
    const url = await stranger((_, response) => {
      const date = new Date(Date.now() + 3_600_000).toUTCString();
      response.writeHead(204, { date, via: '1.1 squid', 'x-influxdb-version': '1.11.8' }).end();
    });
    const { told } = await look([url]);
    const facts = new Map(told.findings.map(({ id, fact }) => [id, fact]));
    expect(facts.get('clock-skew')).toBe(`${host(url)} is 60 min ahead of the clock of this machine.`);
    expect(facts.get('node-proxy')).toBe('Its responses have via: 1.1 squid.');
  });

  it('ends in time where a node takes connections and says nothing', async () => {
    const url = await stranger(() => {});
    const { code, ids } = await look([url], { words: ['--timeout', '200ms'] });
    expect(code).toBe(1);
    expect(ids).toContain('node-unreachable');
  });
});

describe('doctor on certificates', () => {
  const words = (ca: string | undefined): readonly string[] => ['--meta-ca', ca ?? ''];

  it('finds nothing wrong with a good one, and says until when it is good', async () => {
    const running = await sandbox({ tls: {}, nodes: 2 });
    const { ids, told } = await look(running.urls, { words: words(running.caPath) });
    expect(ids).toEqual([]);
    const date = new Date(Date.now() + 30 * day).toISOString().slice(0, 10);
    expect(told.ok).toContain(`certificates are trusted and match their host names; the first expires on ${date}`);
  });

  it.each([
    ['expired', { from: -10 * day, to: -day }, 'certificate-expired', 'kapadmin sandbox expired on'],
    ['not yet valid', { from: day, to: 10 * day }, 'certificate-expired', 'kapadmin sandbox is not valid before'],
    ['soon to expire', { from: -day, to: 10 * day }, 'certificate-expires', 'kapadmin sandbox expires on'],
  ])('finds one that is %s', async (_, { from, to }, id, fact) => {
    const now = Date.now();
    const running = await sandbox({ tls: { validity: { from: now + from, to: now + to } } });
    const { told } = await look(running.urls, { words: words(running.caPath) });
    expect(told.findings).toMatchObject([{ id, fact: expect.stringContaining(fact) }]);
  });

  it('finds one of another host, and the name to use', async () => {
    const running = await sandbox({ tls: { hosts: ['localhost', 'meta.example.org'] } });
    const { told } = await look(running.urls, { words: words(running.caPath) });
    expect(told.findings).toMatchObject([
      {
        id: 'certificate-name',
        fact: expect.stringContaining('is for localhost, meta.example.org'),
        fixes: [{ setting: running.url.replace('127.0.0.1', 'localhost') }],
      },
    ]);
  });

  it('finds one that nobody here vouches for, also where the check is skipped', async () => {
    const running = await sandbox({ tls: {} });
    expect((await look(running.urls)).ids).toEqual(['certificate-untrusted']);
    const { code, ids } = await look(running.urls, { words: ['--meta-insecure-skip-verify'] });
    expect({ code, ids }).toEqual({ code: 1, ids: ['certificate-untrusted', 'certificate-unverified'] });
  });

  it('shows its own certificate where it is asked for one', async () => {
    const running = await sandbox({ tls: { clientCertificate: true } });
    const own = ['--meta-cert', running.clientCertPath ?? '', '--meta-key', running.clientKeyPath ?? ''];
    expect((await look(running.urls, { words: [...words(running.caPath), ...own] })).ids).toEqual([]);
    const { told } = await look(running.urls, { words: words(running.caPath) });
    expect(told.findings).toMatchObject([
      { id: 'node-unreachable', fixes: [{ setting: expect.stringContaining('--meta-cert') }] },
    ]);
  });

  it('looks at none behind a proxy, and says so', async () => {
    const running = await sandbox({ tls: {} });
    const env = { HTTPS_PROXY: 'http://127.0.0.1:9' };
    const { ids, told } = await look(running.urls, { words: words(running.caPath), env });
    expect(ids).toEqual(['node-proxy', 'node-unreachable']);
    expect(told.unchecked.map(({ id }) => id)).toContain('certificate-expired');
  });
});
