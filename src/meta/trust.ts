import type { ClusterView, MetaStatus } from './wire.js';
import { targetOf, type Target } from './nodes.js';

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
