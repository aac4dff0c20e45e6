import type { ProxyOptions } from '../meta/options.js';
import type { ClusterView } from '../meta/wire.js';
import { parseNode } from '../meta/nodes.js';
import { proxyRule } from '../meta/transport/proxy.js';
import { addressed, schemeOf } from '../meta/trust.js';
import type { MetaClient } from '../meta/api.js';
import type { AnnouncedFacts, MemberFacts, NodeFacts, Read } from '../report/doctor/facts.js';
import type { Settings } from '../settings/settings.js';
import { readCertificate } from './certificate.js';
import type { Clients } from './clients.js';
import { readPing } from './ping.js';
import { reading, type Looking } from './read.js';

function membersOf(view: ClusterView, url: string): readonly MemberFacts[] {
  const node = parseNode(url);
  return view.meta.map(({ addr, tcpAddr, httpScheme, version }) => {
    return { addr, raftAddr: tcpAddr, version, url: addressed(addr, schemeOf(httpScheme, node))?.origin };
  });
}

/** What a node gives to somebody without credentials. */
function readAnonymously(client: MetaClient, stop: AbortSignal): Promise<NodeFacts['anonymous']> {
  return reading(stop, async () => {
    const { status, body } = await client.get('/user', { signal: stop });
    if (status === 200) return 'open' as const;
    const isEmpty = status === 400 && /must create admin user first/.test(Buffer.from(body).toString('latin1'));
    return isEmpty ? ('no-users' as const) : ('closed' as const);
  });
}

function proxyOf(url: string, proxy: ProxyOptions): string | undefined {
  const rule = proxyRule(proxy);
  return rule?.applies(url) === true ? rule.shown : undefined;
}

/** All that one named node says of itself, each question asked once and all at a time. */
export async function readNode(
  url: string,
  settings: Settings,
  clients: Clients,
  looking: Looking,
): Promise<NodeFacts> {
  const { stop } = looking.context;
  const [nobody, own] = await Promise.all([clients.open([url], { kind: 'none' }), clients.open([url])]);
  const proxy = proxyOf(url, settings.proxy);
  const [ping, status, members, anonymous, certificate] = await Promise.all([
    readPing(nobody, looking, own),
    reading(stop, () => own.status({ signal: stop })),
    reading(stop, async () => membersOf(await own.showCluster({ signal: stop }), url)),
    readAnonymously(nobody, stop),
    proxy === undefined ? readCertificate(url, settings.tls, settings.limits.connectTimeout, stop) : undefined,
  ]);
  return { url, proxy, ping, status, members, anonymous, certificate };
}

const mostAnnounced = 20;

/** The URLs by which the cluster names its nodes, those that the user named left out. */
function announcedUrls(nodes: readonly NodeFacts[]): readonly string[] {
  const named = new Set(nodes.map(({ url }) => url));
  const all = nodes.flatMap(({ members }: { members: Read<readonly MemberFacts[]> }) =>
    members.ok ? members.value.flatMap(({ url }) => url ?? []) : [],
  );
  return [...new Set(all)].filter((url) => !named.has(url)).slice(0, mostAnnounced);
}

/** Whether each node is reached by the name that it announces; nothing is shown to it. */
export function readAnnounced(
  nodes: readonly NodeFacts[],
  clients: Clients,
  looking: Looking,
): Promise<readonly AnnouncedFacts[]> {
  return Promise.all(
    // A host name that repeats our credentials is no node, and its look-up would tell them to the resolver.
    announcedUrls(nodes)
      .filter((url) => clients.mask(url, 'host') === url)
      .map(async (url) => {
        return { url, ping: await readPing(await clients.open([url], { kind: 'none' }), looking) };
      }),
  );
}
