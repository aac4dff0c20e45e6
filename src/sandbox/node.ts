import { apply, type ClusterState, type Refusal, type Write } from './store.js';

/** How a member of the cluster is known to the others. */
export interface Member {
  readonly id: number;
  readonly scheme: 'http' | 'https';
  /** host:port of the API. */
  readonly httpAddr: string;
  /** host:port by which the nodes name each other; nothing listens there in a sandbox. */
  readonly raftAddr: string;
}

export interface Membership {
  readonly self: Member;
  readonly leader: Member | undefined;
  readonly members: readonly Member[];
}

/** One node of a cluster, as its request handler sees it. */
export interface MetaNode {
  /** What this node knows: on a follower it may lag behind. */
  state(): ClusterState;
  membership(): Membership;
  /** Applies a write; to be called on the leader. */
  commit(write: Write): Refusal | undefined;
}

const alone: Member = { id: 1, scheme: 'http', httpAddr: '127.0.0.1:8091', raftAddr: '127.0.0.1:8089' };

/** A cluster of one node, which leads. */
export function singleNode(state: ClusterState): MetaNode {
  return {
    state: () => state,
    membership: () => ({ self: alone, leader: alone, members: [alone] }),
    commit: (write) => apply(state, write),
  };
}
