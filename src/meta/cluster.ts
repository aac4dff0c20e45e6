import type { Target } from './nodes.js';
import type { TrustedHosts } from './trust.js';

/** What a client knows of its cluster: the named nodes, which of them answers, who leads, who may get credentials. */
export interface Cluster {
  readonly nodes: readonly Target[];
  /** The nodes in the order in which they are to be asked. */
  order(): readonly Target[];
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
  return {
    nodes,
    order: () => [...nodes.slice(first), ...nodes.slice(0, first)],
    prefer: (node) => {
      const at = nodes.indexOf(node);
      if (at >= 0) first = at;
    },
    leader: () => leader,
    remember: (target) => {
      leader = target;
    },
    forget: (target) => {
      if (leader?.origin === target.origin) leader = undefined;
    },
    trusted,
    trust: (target) => {
      if (!trusted.has(target.host)) trusted.set(target.host, target.scheme);
    },
  };
}
