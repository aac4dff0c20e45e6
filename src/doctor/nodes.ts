import type { Factory } from '../cli/factory.js';
import { KapadminError, stopped } from '../errors.js';
import type {
  AnnouncedFacts,
  CertificateFacts,
  MemberFacts,
  NodeFacts,
  PingFacts,
  ReadFailure,
  ReadResult,
} from '../diagnostics/doctor/facts.js';
import { curlLine } from '../settings/request-as-curl.js';
import type { ClientTlsOptions, MetaClient, MetaCredentials, ProxyOptions, RawResponse } from '../meta/client-types.js';
import { connectMetaClient } from '../settings/connect.js';
import type { Settings } from '../settings/settings.js';
import type { ClusterView } from '../meta/wire.js';
import { parseHostPort, parseNode, resolveScheme } from '../meta/nodes.js';
import { createTlsContext } from '../meta/transport/connections.js';
import { proxyRule } from '../meta/transport/proxy.js';
import { checkUrlHint } from '../meta/errors.js';
import { isIP } from 'node:net';
import { checkServerIdentity, connect, type DetailedPeerCertificate } from 'node:tls';

/** What the parts of a diagnosis need. */
export type DoctorContext = Pick<Factory, 'context' | 'logger' | 'flags'>;

/** Notes a request that no client of the meta API sends, as a curl line. */
export function logRequest(url: string, hasAccount: boolean, { flags, logger }: DoctorContext): void {
  if (flags.showRequest === true) logger.request(curlLine({ url, account: { kind: hasAccount ? 'other' : 'none' } }));
}

/** An error as the reason for which something is not known: without the words on what could not be done. */
export function toReadFailure(error: KapadminError): ReadFailure {
  const { kind, code, message, hint } = error;
  return { kind, code, why: message.replace(/^cannot [^:]*: /, ''), hint };
}

/** The result of a query, or why it failed. Rejects when the command is stopped. */
export async function tryRead<T>(stop: AbortSignal, ask: () => Promise<T>): Promise<ReadResult<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    if (!(error instanceof KapadminError)) throw error;
    if (stop.aborted) throw stopped(stop, 'stopped while the cluster was being checked; nothing was changed');
    return { ok: false, failure: toReadFailure(error) };
  }
}

export interface DoctorClients {
  /** A client of these nodes that sends each request once; `credentials` of the connection where none are given. */
  open(nodes: readonly string[], credentials?: MetaCredentials): Promise<MetaClient>;
  /** As the connection says, retries included; reads go to the leader. */
  leading(): Promise<MetaClient>;
  /** A text of a server without the credentials that these clients sent; `host`: an origin or a host. */
  mask(text: string, where?: 'host'): string;
  close(): Promise<void>;
}

/** The clients of one diagnosis: what they send is noted as for every command. */
export function createDoctorClients(settings: Settings, { context, logger, flags }: DoctorContext): DoctorClients {
  const opened: MetaClient[] = [];
  const add = async (given: Settings): Promise<MetaClient> => {
    const client = await connectMetaClient(given, context, logger, flags);
    opened.push(client);
    return client;
  };
  const limits = { ...settings.limits, retries: 0 };
  return {
    open: (nodes, credentials = settings.credentials) =>
      add({ ...settings, nodes, credentials, limits, readLeader: false }),
    leading: () => add({ ...settings, readLeader: true }),
    mask: (text, where) => opened.reduce((masked, client) => client.redact(masked, where), text),
    close: async () => {
      await Promise.all(opened.splice(0).map((client) => client.close()));
    },
  };
}

function readMembers(view: ClusterView, url: string): readonly MemberFacts[] {
  const node = parseNode(url);
  return view.meta.map(({ addr, tcpAddr, httpScheme, version }) => {
    return { addr, raftAddr: tcpAddr, version, url: parseHostPort(addr, resolveScheme(httpScheme, node))?.origin };
  });
}

/** What a node gives to somebody without credentials. */
function readAnonymously(client: MetaClient, stop: AbortSignal): Promise<NodeFacts['anonymous']> {
  return tryRead(stop, async () => {
    const { status, body } = await client.get('/user', { signal: stop });
    if (status === 200) return 'open' as const;
    const isEmpty = status === 400 && /must create admin user first/.test(Buffer.from(body).toString('latin1'));
    return isEmpty ? ('no-users' as const) : ('closed' as const);
  });
}

function proxyOf(url: string, proxy: ProxyOptions): string | undefined {
  const rule = proxyRule(proxy);
  return rule?.applies(url) === true ? rule.displayUrl : undefined;
}

/** All facts that a named node reports about itself, each request sent once, concurrently. */
export async function readNode(
  url: string,
  settings: Settings,
  clients: DoctorClients,
  doctorContext: DoctorContext,
): Promise<NodeFacts> {
  const { stop } = doctorContext.context;
  const [anonymousClient, own] = await Promise.all([clients.open([url], { kind: 'none' }), clients.open([url])]);
  const proxy = proxyOf(url, settings.proxy);
  const [ping, status, members, anonymous, certificate] = await Promise.all([
    readPing(anonymousClient, doctorContext, own),
    tryRead(stop, () => own.status({ signal: stop })),
    tryRead(stop, async () => readMembers(await own.showCluster({ signal: stop }), url)),
    readAnonymously(anonymousClient, stop),
    proxy === undefined ? readCertificate(url, settings.tls, settings.limits.connectTimeout, stop) : undefined,
  ]);
  return { url, proxy, ping, status, members, anonymous, certificate };
}

const maxAnnounced = 20;

/** The node URLs that the cluster announces, without those that the user named. */
function announcedUrls(nodes: readonly NodeFacts[]): readonly string[] {
  const named = new Set(nodes.map(({ url }) => url));
  const all = nodes.flatMap(({ members }: { members: ReadResult<readonly MemberFacts[]> }) =>
    members.ok ? members.value.flatMap(({ url }) => url ?? []) : [],
  );
  return [...new Set(all)].filter((url) => !named.has(url)).slice(0, maxAnnounced);
}

/** Whether each node is reached by the name that it announces; nothing is shown to it. */
export function readAnnounced(
  nodes: readonly NodeFacts[],
  clients: DoctorClients,
  doctorContext: DoctorContext,
): Promise<readonly AnnouncedFacts[]> {
  return Promise.all(
    // A host name that repeats our credentials is not a node; resolving it would leak them.
    announcedUrls(nodes)
      .filter((url) => clients.mask(url, 'host') === url)
      .map(async (url) => {
        return { url, ping: await readPing(await clients.open([url], { kind: 'none' }), doctorContext) };
      }),
  );
}

/** The Date header has whole seconds: on average half a second has passed. */
const halfSecond = 500;

/** Headers that a meta node does not send, and proxies do. */
const proxyHeaders = ['via', 'server', 'x-cache'];

/** Milliseconds by which the clock of a response is ahead of ours. */
function clockSkew(date: string | undefined, sent: number, came: number): number | undefined {
  const serverTime = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(serverTime) ? undefined : serverTime + halfSecond - (sent + came) / 2;
}

function notMetaNodeError({ status, url }: RawResponse): KapadminError {
  return new KapadminError('server', 'not-a-meta-node', `GET ${url}: ${status} instead of 204`, {
    hint: checkUrlHint,
  });
}

const refusedStatuses: ReadonlySet<number> = new Set([401, 403]);

/**
 * GET /ping of one node, without credentials: its version and its clock. A meta node that requires credentials gets a
 * second request with the account, if `own` has one; its version shows in any case that it is a live meta node.
 */
function readPing(client: MetaClient, { context }: DoctorContext, own?: MetaClient): Promise<ReadResult<PingFacts>> {
  const { clock, stop } = context;
  return tryRead(stop, async () => {
    const isRefused = ({ status, header }: RawResponse): boolean =>
      refusedStatuses.has(status) && header('x-influxdb-version') !== undefined;
    let sent = clock.now();
    let response = await client.get('/ping', { signal: stop });
    if (isRefused(response) && own !== undefined) {
      sent = clock.now();
      response = await own.get('/ping', { signal: stop });
    }
    const ahead = clockSkew(response.header('date'), sent, clock.now());
    if (response.status !== 204 && response.status !== 200 && !isRefused(response)) throw notMetaNodeError(response);
    const proxies = proxyHeaders.flatMap((name) => {
      const value = response.header(name);
      return value === undefined ? [] : [`${name}: ${value}`];
    });
    return { version: response.header('x-influxdb-version'), ahead, proxies };
  });
}

/** Faults of time: those are read from the dates. */
const timeFaults = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

/** A chain is not longer than this; one that goes round in a circle ends. */
const maxChainLength = 10;

/** `CN=kapadmin sandbox, O=...` in one line. */
function formatSubject(subject: DetailedPeerCertificate['subject'] | undefined): string {
  return Object.entries(subject ?? {})
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(', ');
}

function certificateChain(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  let at: DetailedPeerCertificate | undefined = leaf;
  while (
    at !== undefined &&
    chain.length < maxChainLength &&
    !chain.some((one) => one.fingerprint256 === at?.fingerprint256)
  ) {
    chain.push(at);
    at = at.issuerCertificate;
  }
  return chain;
}

/** `DNS:localhost, IP Address:127.0.0.1` as names. */
function alternativeNames(text: string | undefined): string[] {
  return (text ?? '')
    .split(', ')
    .map((one) => one.replace(/^(DNS|IP Address):/, ''))
    .filter((one) => one !== '');
}

/** An error of the chain check: at this point Node passes the code itself instead of an error. */
function tlsErrorCode(error: Error | null): string | undefined {
  if (error === null) return undefined;
  const code: unknown = typeof error === 'string' ? error : Reflect.get(error, 'code');
  return typeof code === 'string' ? code : error.message;
}

/**
 * The certificate that an https origin shows, whatever is wrong with it, by a handshake in which nothing is sent;
 * undefined where none came about within `timeout` milliseconds.
 */
export function readCertificate(
  origin: string,
  tls: ClientTlsOptions,
  timeout: number,
  stop: AbortSignal,
): Promise<CertificateFacts | undefined> {
  const { protocol, hostname, port } = new URL(origin);
  if (protocol !== 'https:') return Promise.resolve(undefined);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(port || '443'),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      secureContext: createTlsContext(tls),
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    const end = (facts?: CertificateFacts) => {
      clearTimeout(timer);
      stop.removeEventListener('abort', abort);
      socket.destroy();
      resolve(facts);
    };
    const abort = () => end();
    const timer = setTimeout(abort, timeout);
    stop.addEventListener('abort', abort, { once: true });
    socket.once('error', abort);
    socket.once('secureConnect', () => {
      const leaf = socket.getPeerCertificate(true);
      if (Object.keys(leaf).length === 0) return end();
      const code = tlsErrorCode(socket.authorizationError);
      return end({
        subject: formatSubject(leaf.subject),
        issuer: formatSubject(leaf.issuer),
        names: alternativeNames(leaf.subjectaltname),
        chain: certificateChain(leaf).map(({ subject, valid_from, valid_to }) => {
          return { subject: formatSubject(subject), from: Date.parse(valid_from), to: Date.parse(valid_to) };
        }),
        untrusted: code === undefined || timeFaults.has(code) ? undefined : code,
        fits: checkServerIdentity(host, leaf) === undefined,
      });
    });
  });
}
