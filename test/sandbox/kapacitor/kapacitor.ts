import { connect } from 'node:net';
import { type DaemonSettings, startDaemon } from '../../../src/auth-engine/daemon-state.js';
import { toBinary } from '../../../src/go-compat/utf8.js';
import { handleRequest } from '../../../src/auth-engine/handle.js';
import type { HttpRequest } from '../../../src/auth-engine/request.js';
import type { KapacitorVersion } from '../../../src/model/kapacitor-versions.js';
import type { Trace } from '../../../src/auth-engine/trace.js';
import { type MetaRequestEffect, type MetaResult, runEngine } from '../../../src/auth-engine/effects.js';
import { bcryptDigest } from '../../../src/auth-engine/compute-bcrypt.js';
import { Secret } from '../../../src/model/secret.js';
import type { DescribedUser } from '../../../src/sandbox/seed-and-data-files.js';
import { KapacitorServer, type KapacitorTools, unknownMethodResponse } from '../../../src/sandbox/kapacitor/server.js';
import { listen, type Listener, listenerGuard } from '../../../src/sandbox/listener.js';
import { scenarioNode } from '../../../src/scenario/scenario.js';
import { requestNode } from '../../../src/scenario/play.js';
import { afterEachTest } from '../../cleanup.js';
import { bcrypt } from '../meta-node/ask.js';

const settings: DaemonSettings = {
  authEnabled: true,
  pprofEnabled: false,
  sharedSecret: 'secret',
  users: 'meta',
  cacheExpiration: 600e9,
  bcryptCost: 4,
  metaAddr: '127.0.0.1:8091',
  metaUseTls: false,
  metaUsername: 'admin',
  metaPassword: 'changeit',
  metaSecret: '',
};

function user(name: string, permissions: Readonly<Record<string, readonly string[]>>): DescribedUser {
  return { name, password: new Secret('pw'), ldap: false, permissions: new Map(Object.entries(permissions)) };
}

const users: readonly DescribedUser[] = [
  user('johndoe', { '': ['KapacitorAPI'] }),
  user('boss', { '': ['KapacitorAPI', 'KapacitorConfigAPI', 'WriteData'] }),
  user('writer', { telegraf: ['WriteData'] }),
  user('<b>&"\u2028', {}),
];

/** Answers meta requests as a node that holds `users`, without a network. */
export function metaNode(held = users): (request: MetaRequestEffect) => MetaResult {
  const credentials = { username: 'admin', password: new Secret('changeit') };
  const node = scenarioNode({ credentials, users: held, roles: [], responses: [] }, (password) =>
    bcrypt.hash(password),
  );
  return (request) => requestNode(node, undefined, request);
}

export interface Sending {
  /** `name:password`. */
  readonly as?: string | undefined;
  readonly headers?: readonly string[] | undefined;
  readonly body?: string | undefined;
}

/** The header lines of a request. */
function headerLines({ as, headers = [], body }: Sending): string[] {
  return [
    'Host: localhost:9092',
    ...(as === undefined ? [] : [`Authorization: Basic ${Buffer.from(as).toString('base64')}`]),
    ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    ...headers,
  ];
}

/** A request as the engine takes it: `toHttp('GET /x', { as: 'johndoe:pw' })`. */
export function toHttp(line: string, sending: Sending = {}): HttpRequest {
  const [method = '', target = ''] = toBinary(line).split(' ');
  const headers = headerLines(sending).map((header): [string, string] => {
    const [name = '', value = ''] = header.split(/: (.*)/s, 2);
    return [name, toBinary(value)];
  });
  return { method, target, headers, body: toBinary(sending.body ?? '') };
}

/** What the engine decides of one request to a fresh daemon. */
export function decide(request: HttpRequest, changed: Partial<DaemonSettings> = {}): Promise<Trace> {
  const daemon = startDaemon({ ...settings, ...changed }, 0);
  return runEngine(handleRequest(daemon, request, 0), { meta: metaNode(), bcrypt: bcryptDigest });
}

const running: Listener[] = [];

afterEachTest(async () => {
  await Promise.all(running.splice(0).map((listener) => listener.close()));
});

const still = { now: () => 1_767_225_600_000, sleep: () => Promise.resolve() };

/** Starts a Kapacitor on a free port, closed after the test; returns the port. */
export async function startTestKapacitor(
  changed: Partial<DaemonSettings> = {},
  tools: Partial<KapacitorTools> = {},
  version?: KapacitorVersion,
): Promise<number> {
  const kapacitor = new KapacitorServer(
    { ...settings, ...changed },
    { clock: still, ask: metaNode(), bcrypt: bcryptDigest, ...tools },
    version,
  );
  const purpose = { name: '', hint: '' };
  const options = { port: 0, guard: listenerGuard(), purpose, unknownMethod: unknownMethodResponse };
  const listener = await listen(options, (message, body, response) => kapacitor.respond(message, body, response));
  running.push(listener);
  return listener.port;
}

/** The bytes of a request in HTTP/1.1, binary. */
export function bytes(line: string, sending: Sending = {}): string {
  return `${toBinary(line)} HTTP/1.1\r\n${toBinary(headerLines(sending).join('\r\n'))}\r\n\r\n${toBinary(sending.body ?? '')}`;
}

/** Sends bytes, the last request of which asks to close, and gives everything that comes until then; binary. */
export function exchange(port: number, sent: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let got = '';
    socket.on('data', (chunk) => (got += chunk.toString('latin1')));
    socket.on('end', () => {
      socket.destroy();
      resolve(got);
    });
    socket.on('error', reject);
    socket.write(Buffer.from(sent, 'latin1'));
  });
}

/** One answer as it came: status line, headers in their order, the bytes behind them. */
export interface Raw {
  readonly line: string;
  readonly headers: readonly string[];
  readonly body: string;
}

/** The status line, the headers without what every answer has of its own, and the rest. */
function readRaw(raw: string): Raw {
  const at = raw.indexOf('\r\n\r\n');
  const [line = '', ...headers] = raw.slice(0, at).split('\r\n');
  return {
    line,
    headers: headers
      .filter((header) => !/^(Date|Connection): /.test(header))
      .map((header) => header.replace(/^Request-Id: .*/, 'Request-Id')),
    body: raw.slice(at + 4),
  };
}

export async function send(port: number, line: string, sending: Sending = {}): Promise<Raw> {
  const { headers = [] } = sending;
  return readRaw(await exchange(port, bytes(line, { ...sending, headers: [...headers, 'Connection: close'] })));
}
