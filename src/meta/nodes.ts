import { usageError } from '../errors.js';
import { isHostName, nodeOrigin, tryParseUrl } from '../model/urls.js';
import type { ClusterView, MetaStatus } from './wire.js';

/** A meta node: where requests go, and its name for people. */
export interface NodeAddress {
  /** `http://host:8091`, without a slash at the end. */
  readonly origin: string;
  /** Host and port, always with the port. */
  readonly host: string;
  readonly scheme: 'http:' | 'https:';
}

/** Host and port of a URL, always with the port. */
function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}

/** The server of an http or https URL; undefined for other schemes and invalid host names. */
export function parseNodeAddress(url: URL): NodeAddress | undefined {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  if (!isHostName(url.hostname)) return undefined;
  return { origin: url.origin, host: hostAndPort(url), scheme: url.protocol };
}

/** An invalid URL is not shown: it may contain a password. */
function invalidNodeUrl(why: string): Error {
  return usageError('bad-meta-url', `the meta URL ${why}`, 'Use http://HOST:8091 or https://HOST:8091.');
}

/** Parses a user's node URL; the default port is 8091. Throws a usage error. */
export function parseNode(text: string): NodeAddress {
  const node = nodeOrigin(text);
  const target = typeof node === 'string' ? parseNodeAddress(new URL(node)) : undefined;
  if (target !== undefined) return target;
  throw invalidNodeUrl(typeof node === 'string' ? 'is invalid' : node.problem);
}

/** The distinct nodes of a list of URLs. */
export function parseNodes(texts: readonly string[]): readonly NodeAddress[] {
  if (texts.length === 0) throw usageError('no-meta-url', 'no meta node given', 'Set --meta-url URL.');
  return [...new Map(texts.map(parseNode).map((node) => [node.origin, node])).values()];
}

/** What a client knows of its cluster: the named nodes, which of them responds, the leader, who may get credentials. */
export interface ClusterNodes {
  readonly nodes: readonly NodeAddress[];
  /** The nodes in the order in which they are tried. */
  order(): readonly NodeAddress[];
  /** The same, the leader before all others; it need not be one of the named nodes. */
  leaderFirst(): readonly NodeAddress[];
  /** Called with a node that responded: it is tried first from now on. */
  prefer(node: NodeAddress): void;
  leader(): NodeAddress | undefined;
  remember(leader: NodeAddress): void;
  /** Forgets the leader, if it is this one. */
  forget(leader: NodeAddress): void;
  readonly trusted: TrustedHosts;
  /** Named by a named node. */
  trust(target: NodeAddress): void;
}

export function createClusterNodes(nodes: readonly NodeAddress[]): ClusterNodes {
  const trusted = new Map(nodes.map((node) => [node.host, node.scheme]));
  let first = 0;
  let leader: NodeAddress | undefined;
  let ordered = nodes;
  let led = nodes;
  const reorder = (): void => {
    ordered = [...nodes.slice(first), ...nodes.slice(0, first)];
    led = leader === undefined ? ordered : [leader, ...ordered.filter(({ origin }) => origin !== leader?.origin)];
  };
  const lead = (target: NodeAddress | undefined): void => {
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

/** Hosts (with port) that may get the credentials, each with its minimum scheme. */
export type TrustedHosts = ReadonlyMap<string, NodeAddress['scheme']>;

/** The server at `host:port`, as a node writes addresses; undefined for anything else. */
export function parseHostPort(address: string, scheme: NodeAddress['scheme']): NodeAddress | undefined {
  if (!/^(\[[0-9a-f:.%]+\]|[^\s/@?#\\:[\]]+):\d{1,5}$/i.test(address)) return undefined;
  const url = tryParseUrl(`${scheme}//${address}`);
  return url && parseNodeAddress(url);
}

/** The `httpScheme` of a node; if missing, that of the node that reported it. */
export function resolveScheme(named: string, asker: NodeAddress): NodeAddress['scheme'] {
  return named === 'http' || named === 'https' ? `${named}:` : asker.scheme;
}

/** The meta nodes that a node's `/show-cluster` names. */
export function nodesFromShowCluster(view: ClusterView, asker: NodeAddress): readonly NodeAddress[] {
  return view.meta.flatMap(({ addr, httpScheme }) => parseHostPort(addr, resolveScheme(httpScheme, asker)) ?? []);
}

/**
 * The meta nodes in a node's `/status`: `httpAddr`, and `peers`, which have the raft port, so their hosts
 * are also trusted with the port of the reporting node.
 */
export function nodesFromStatus(status: MetaStatus, asker: NodeAddress): readonly NodeAddress[] {
  const port = asker.host.slice(asker.host.lastIndexOf(':'));
  const peers = status.peers.flatMap((peer) => [peer, peer.replace(/:\d+$/, port)]);
  return [status.httpAddr, ...peers].flatMap((address) => parseHostPort(address, asker.scheme) ?? []);
}
