import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { kapadmin } from '../flows/harness.js';
import { makeFolder } from '../folder.js';

const password = 'Qm7tXv2Lk-Zw9pRd4Hs';
const shared = 'Hs5nBq8Wy-Tc3gLx6Vf';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

type Form = (sent: string) => string;

interface Node {
  readonly url: string;
  /** What came in Authorization headers, without the scheme. */
  readonly tokens: ReadonlySet<string>;
}

/** A meta node that repeats, in every text that it gives, what it was sent last or what it knows. */
async function openNode(known: string, form: Form): Promise<Node> {
  const tokens = new Set<string>();
  let last = '';
  let onCame = (): void => undefined;
  const first = new Promise<void>((resolve) => (onCame = resolve));
  const echo = (): string => form(known === '' ? last : known);
  const bodies: Readonly<Record<string, () => unknown>> = {
    '/status': () => ({
      nodeType: 'meta',
      leader: `${echo()}:8089`,
      httpAddr: `${echo()}:8091`,
      raftAddr: `${echo()}:8089`,
      peers: [echo()],
    }),
    '/show-cluster': () => ({
      data: [],
      meta: [
        { id: 1, addr: `${echo()}:8091`, httpScheme: 'http', tcpAddr: `${echo()}:8089`, version: echo() },
        {
          id: 2,
          addr: 'other.invalid:8091',
          httpScheme: 'http',
          tcpAddr: 'other.invalid:8089',
          version: `1.${echo()}`,
        },
      ],
    }),
    '/user': () => ({
      users: [
        { name: echo(), hash: echo(), permissions: { [echo()]: [echo(), 'KapacitorAPI'] } },
        { name: `x${echo()}`, hash: 'pbkdf2', permissions: { '': ['KapacitorConfigAPI'] } },
      ],
    }),
    '/role': () => ({
      roles: [{ name: `r${echo()}`, users: [echo()], permissions: { '': ['KapacitorAPI', echo()] } }],
    }),
  };
  server = createServer((request, response) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      last = authorization.replace(/^\S+ /, '');
      tokens.add(last);
      onCame();
    }
    void first.then(() => {
      const [route = ''] = (request.url ?? '').split('?');
      const body = bodies[route];
      response.setHeader('X-Influxdb-Version', encodeURI(echo()));
      response.setHeader('Via', `1.1 ${encodeURI(echo())}`);
      if (body === undefined) response.writeHead(route === '/ping' ? 204 : 500).end(JSON.stringify({ error: echo() }));
      else response.setHeader('content-type', 'application/json').end(JSON.stringify(body()));
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, tokens };
}

const forms: readonly (readonly [string, Form])[] = [
  ['as it is', (text) => text],
  ['percent-encoded', (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('')],
  ['in hex', (text) => Buffer.from(text).toString('hex')],
  ['in base64', (text) => Buffer.from(`x${text}`).toString('base64')],
];

const basic = { KAPADMIN_META_USERNAME: 'admin', KAPADMIN_META_PASSWORD: password };
const bearer = { KAPADMIN_META_USERNAME: 'admin' };
const basicToken = Buffer.from(`admin:${password}`).toString('base64');

/** Everything that `doctor --bundle --debug` shows and leaves behind. */
async function lookAt(node: Node, env: Readonly<Record<string, string>>, more: readonly string[] = []) {
  const home = makeFolder({ secret: shared });
  const words = ['doctor', ...more, '--no-env', '--bundle', 'bundle.json', '--debug', '--show-request'];
  const ended = await kapadmin(words, { home, env: { ...env, KAPADMIN_META_URL: node.url, KAPADMIN_RETRIES: '0' } });
  const bundle = readFileSync(path.join(home, 'bundle.json'), 'utf8');
  return { ...ended, bundle, all: [ended.stdout, ended.stderr, bundle].join('\n') };
}

function shownForms(all: string, secrets: readonly string[]): readonly string[] {
  const lower = all.toLowerCase();
  return secrets.flatMap((secret) =>
    forms.map(([, form]) => form(secret).slice(0, 24)).filter((text) => lower.includes(text.toLowerCase())),
  );
}

describe('attack L16: a node that repeats what it was sent in addr, version, leader and names', () => {
  it.each(forms)('shows no password by doctor and its bundle: %s', async (_, form) => {
    const { all, bundle } = await lookAt(await openNode(password, form), basic);
    expect(JSON.parse(bundle)).toHaveProperty('facts.users');
    expect(bundle).toContain('***');
    expect(shownForms(all, [password, basicToken]), all).toEqual([]);
  });

  it.each(forms)('shows no Authorization of Basic: %s', async (_, form) => {
    const { all, bundle } = await lookAt(await openNode('', form), basic);
    expect(bundle).toContain('***');
    expect(shownForms(all, [password, basicToken]), all).toEqual([]);
  });

  it.each(forms)('shows no bearer token: %s', async (_, form) => {
    const node = await openNode('', form);
    const { all, bundle } = await lookAt(node, bearer, ['--meta-secret-file', 'secret']);
    expect(bundle).toContain('***');
    const signatures = [...node.tokens].map((token) => token.split('.').at(-1) ?? '');
    expect(signatures.length).toBeGreaterThan(0);
    expect(shownForms(all, [shared, ...node.tokens, ...signatures])).toEqual([]);
  });

  it('leaves the findings that known permissions decide', async () => {
    const node = await openNode('Kapacitor', (text) => text);
    const { bundle } = await lookAt(node, { KAPADMIN_META_USERNAME: 'admin', KAPADMIN_META_PASSWORD: 'Kapacitor' });
    expect(bundle).toContain('"KapacitorAPI"');
  });
});

it('attack L16: --debug and a refused redirect show no password as the host of a Location', async () => {
  server = createServer((_, response) =>
    response
      .writeHead(307, { location: `http://${password}.${Buffer.from(password).toString('hex')}:8091/user` })
      .end(),
  );
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const env = { ...basic, KAPADMIN_META_URL: `http://127.0.0.1:${port}`, KAPADMIN_RETRIES: '0' };
  const { stdout, stderr } = await kapadmin(['user', 'list', '--debug', '--show-request'], { env });
  expect(stderr).toContain('307 to http://***');
  expect(shownForms(stdout + stderr, [password])).toEqual([]);
});
