import type { MetaClient, ProxyOptions, RawResponse } from '../meta/api.js';
import type { ClusterView } from '../meta/wire.js';
import { parseHostPort, parseNode, resolveScheme } from '../meta/nodes.js';
import { proxyRule } from '../meta/transport/proxy.js';
import type { AnnouncedFacts, MemberFacts, NodeFacts, PingFacts, ReadResult } from '../diagnostics/doctor/facts.js';
import type { Settings } from '../settings/settings.js';
import { readCertificate } from './certificate.js';
import { type DoctorClients, type DoctorContext, tryRead } from './context.js';
import { KapadminError } from '../errors.js';

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
    hint: 'check --meta-url: meta nodes listen on port 8091',
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
