import type { Target } from './nodes.js';
import type { TrustedHosts } from './trust.js';

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
