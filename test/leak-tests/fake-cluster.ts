import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { Secret } from '../../src/model/secret.js';
import { allPermissions } from '../../src/sandbox/meta-node/store.js';
import { startTestSandbox } from '../sandbox/start-test-sandbox.js';
import { files } from '../../src/files/files.js';
import { startKapacitor } from '../../src/sandbox/kapacitor/server.js';
import { readDaemonFile } from '../../src/settings/locate-kapacitor-conf.js';
import { setTimeout } from 'node:timers/promises';
import type { Sandbox, SandboxOptions, StartKapacitor } from '../../src/sandbox/options.js';
import type { Echo } from './echoes.js';
import { marked, type Marked, secrets } from './secrets.js';

/** Meta node and Kapacitor in one: a server that keeps what it was sent, and answers by itself or as a sandbox does. */
export interface FakeCluster {
  readonly url: string;
  /** Tokens that came, and hashes that the sandbox holds. */
  more(): Promise<readonly Marked[]>;
  /** How often a secret came and was sent back. */
  readonly echoed: () => number;
  close(): Promise<void>;
}

const account = (name: string, password: Marked) => ({
  name,
  password: new Secret(password.value),
  ldap: false,
  permissions: allPermissions,
});

/** A cluster whose accounts have the secrets of these tests. */
export function makeSandbox(): Promise<Sandbox> {
  const kapacitor: StartKapacitor = (meta, guard) => startKapacitor({ port: 0 }, meta, { read, clock }, guard);
  return startTestSandbox(ofTheseTests, { kapacitor });
}

const read = (file: string) => readDaemonFile(files, file);
const clock = { now: () => Date.now(), sleep: (ms: number) => setTimeout(ms, undefined, { ref: false }) };

const ofTheseTests: SandboxOptions = {
  port: 0,
  bcryptCost: 4,
  sharedSecret: new Secret(secrets.shared.value),
  internalSharedSecret: new Secret(secrets.internal.value),
  admin: { username: 'admin', password: new Secret(secrets.meta.value) },
  seed: {
    users: [
      account('daemon', secrets.daemon),
      {
        name: 'joe',
        password: new Secret(secrets.own.value),
        ldap: false,
        permissions: new Map([['', ['KapacitorAPI']]]),
      },
      { name: 'linda', password: new Secret(secrets.own.value), ldap: true, permissions: new Map() },
    ],
    roles: [{ name: 'ops', permissions: new Map([['', ['ReadData']]]), users: ['joe'] }],
  },
};

/** A token with which doctor looks for an empty secret: it names nobody and is signed with nothing. */
function isOfNobody(token: string): boolean {
  return token.includes('.e30.');
}

const ofBasic = (text: string): string =>
  Buffer.from(text, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');

/** The secrets in a request: the password of Basic, the token, those of query and body. */
function secretsIn(incoming: IncomingMessage, body: string): readonly string[] {
  const [, kind = '', rest = ''] = /^(\w+) (.*)$/.exec(incoming.headers.authorization ?? '') ?? [];
  const asked = new URL(incoming.url ?? '/', 'http://x').searchParams;
  const fields = [...body.matchAll(/"(?:password|hash)":("(?:[^"\\]|\\.)*")/g)].map(([, text = '""']) =>
    String(JSON.parse(text)),
  );
  const all = [...fields, asked.get('password') ?? '', asked.get('p') ?? '', kind === 'Basic' ? ofBasic(rest) : rest];
  return all.filter((text) => text !== '' && !text.startsWith('kapadmin-doctor'));
}

interface Hash {
  readonly hash?: string;
}

/** The hashes that a node holds. */
async function hashesOf(url: string): Promise<readonly Marked[]> {
  const authorization = `Basic ${Buffer.from(`admin:${secrets.meta.value}`).toString('base64')}`;
  const { users = [] } = (await (await fetch(`${url}/user`, { headers: { authorization } })).json()) as {
    users?: Hash[];
  };
  return users.flatMap(({ hash = '' }) =>
    hash === '' ? [] : marked('a hash of the cluster', hash, [hash.slice(7, 29), hash.slice(29)]),
  );
}

/** A request that Kapacitor itself has an answer to. */
function isOfUsers({ url = '' }: IncomingMessage): boolean {
  return url.startsWith('/kapacitor/v1/users/');
}

function passOn(incoming: IncomingMessage, outgoing: ServerResponse, body: string, to: string): void {
  const { method, headers } = incoming;
  const onward = request(new URL(incoming.url ?? '/', to), { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  onward.end(body);
}

/**
 * @param echo how it answers, if not as the sandbox
 * @param only the methods that are echoed; all where it is left out
 */
export async function startFakeCluster(sandbox: Sandbox, echo?: Echo, only?: string): Promise<FakeCluster> {
  const [node = ''] = sandbox.urls;
  const tokens = new Set<string>();
  let echoed = 0;
  const tunnels: Duplex[] = [];
  const server = createServer({ maxHeaderSize: 65_536 }, (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const [, token] = /^Bearer (.*)$/.exec(incoming.headers.authorization ?? '') ?? [];
        if (token !== undefined && !isOfNobody(token)) tokens.add(token);
        if (echo === undefined || (only !== undefined && incoming.method !== only))
          passOn(incoming, outgoing, body, isOfUsers(incoming) ? (sandbox.kapacitorUrl ?? node) : node);
        else {
          const sent = secretsIn(incoming, body);
          if (sent.length > 0) echoed += 1;
          outgoing.socket?.end(echo.answer(`${sent.join(' ')} ${incoming.headers.authorization ?? ''} ${body}`));
        }
      });
  });
  server.on('connect', (incoming: IncomingMessage, socket: Duplex) => {
    const account = ofBasic((incoming.headers['proxy-authorization'] ?? '').replace('Basic ', ''));
    tunnels.push(socket);
    socket.on('error', () => undefined).end(echo?.answer(account) ?? 'HTTP/1.1 502 No\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    echoed: () => echoed,
    more: async () => [
      ...[...tokens].map((token) => marked('a bearer token', token, [token.slice(-40, -20), token.slice(-20)])),
      ...(echo === undefined ? await hashesOf(node) : []),
    ],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const tunnel of tunnels) tunnel.destroy();
      }),
  };
}
