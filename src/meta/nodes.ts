import { usageError } from '../errors.js';
import { isHostName, nodeOrigin } from '../model/urls.js';
import type { ClusterView, MetaStatus } from './wire.js';

/** A meta node: where requests go, and its name for people. */
export interface Target {
  /** `http://host:8091`, without a slash at the end. */
  readonly origin: string;
  /** Host and port, the port always given. */
  readonly host: string;
  readonly scheme: 'http:' | 'https:';
}

/** Host and port of a URL, the port always given. */
export function hostOf(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}

/** The server of an http or https URL; undefined for other schemes, and for what is no host name. */
export function targetOf(url: URL): Target | undefined {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  if (!isHostName(url.hostname)) return undefined;
  return { origin: url.origin, host: hostOf(url), scheme: url.protocol };
}

/** A wrong URL is not shown: a password may stand anywhere in it. */
function bad(why: string): Error {
  return usageError('bad-meta-url', `the meta URL ${why}`, 'Give it as http://HOST:8091 or https://HOST:8091.');
}

/** A node URL as given by a user; the port 8091 stands in where none is given. Throws a usage error. */
export function parseNode(text: string): Target {
  const node = nodeOrigin(text);
  const target = typeof node === 'string' ? targetOf(new URL(node)) : undefined;
  if (target !== undefined) return target;
  throw bad(typeof node === 'string' ? 'is not a URL' : node.fault);
}

/** The distinct nodes of a list of URLs. */
export function parseNodes(texts: readonly string[]): readonly Target[] {
  if (texts.length === 0) throw usageError('no-meta-url', 'no meta node is given', 'name one: --meta-url URL');
  return [...new Map(texts.map(parseNode).map((node) => [node.origin, node])).values()];
}

/** What a client knows of its cluster: the named nodes, which of them answers, who leads, who may get credentials. */
export interface Cluster {
  readonly nodes: readonly Target[];
  /** The nodes in the order in which they are to be asked. */
  order(): readonly Target[];
  /** The same, the leader before all others; it need not be one of the named nodes. */
  leaderFirst(): readonly Target[];
  /** Called with a node that answered: it is asked first from now on. */
  prefer(node: Target): void;
  leader(): Target | undefined;
  remember(leader: Target): void;
  /** Forgets the leader, if it is this one. */
  forget(leader: Target): void;
  readonly trusted: TrustedHosts;
  /** Named by a named node. */
  trust(target: Target): void;
}

export function createCluster(nodes: readonly Target[]): Cluster {
  const trusted = new Map(nodes.map((node) => [node.host, node.scheme]));
  let first = 0;
  let leader: Target | undefined;
  let ordered = nodes;
  let led = nodes;
  const reorder = (): void => {
    ordered = [...nodes.slice(first), ...nodes.slice(0, first)];
    led = leader === undefined ? ordered : [leader, ...ordered.filter(({ origin }) => origin !== leader?.origin)];
  };
  const lead = (target: Target | undefined): void => {
    if (target === leader) return;
    leader = target;
    reorder();
  };
  return {
    nodes,
    order: () => ordered,
    leaderFirst: () => led,
    prefer: (node) => {
      const at = nodes.indexOf(node);
      if (at < 0 || at === first) return;
      first = at;
      reorder();
    },
    leader: () => leader,
    remember: lead,
    forget: (target) => {
      if (leader?.origin === target.origin) lead(undefined);
    },
    trusted,
    trust: (target) => {
      if (!trusted.has(target.host)) trusted.set(target.host, target.scheme);
    },
  };
}

/** Hosts (with port) that may get the credentials, and by which scheme at least. */
export type TrustedHosts = ReadonlyMap<string, Target['scheme']>;

export type Verdict = 'yes' | 'unknown-host' | 'downgrade';

/** Whether credentials may go on from one server to another: to a trusted host, never from https to http. */
export function mayFollow(trusted: TrustedHosts, from: Target, to: Target): Verdict {
  if (from.scheme === 'https:' && to.scheme === 'http:') return 'downgrade';
  const scheme = trusted.get(to.host);
  if (scheme === undefined) return 'unknown-host';
  return scheme === 'https:' && to.scheme === 'http:' ? 'downgrade' : 'yes';
}

/** The server at `host:port`, as a node writes addresses; undefined for anything else. */
export function addressed(address: string, scheme: Target['scheme']): Target | undefined {
  if (!/^(\[[0-9a-f:.%]+\]|[^\s/@?#\\:[\]]+):\d{1,5}$/i.test(address)) return undefined;
  const text = `${scheme}//${address}`;
  return URL.canParse(text) ? targetOf(new URL(text)) : undefined;
}

/** The `httpScheme` of a node; where it is left out, that of the node that was asked. */
export function schemeOf(named: string, asker: Target): Target['scheme'] {
  return named === 'http' || named === 'https' ? `${named}:` : asker.scheme;
}

/** The meta nodes that a node's `/show-cluster` names. */
export function namedByCluster(view: ClusterView, asker: Target): readonly Target[] {
  return view.meta.flatMap(({ addr, httpScheme }) => addressed(addr, schemeOf(httpScheme, asker)) ?? []);
}

/**
 * The meta nodes that a node's `/status` names: `httpAddr`, and `peers`, which give the port of raft, so their hosts
 * count with the port of the asked node as well.
 */
export function namedByStatus(status: MetaStatus, asker: Target): readonly Target[] {
  const port = asker.host.slice(asker.host.lastIndexOf(':'));
  const peers = status.peers.flatMap((peer) => [peer, peer.replace(/:\d+$/, port)]);
  return [status.httpAddr, ...peers].flatMap((address) => addressed(address, asker.scheme) ?? []);
}
