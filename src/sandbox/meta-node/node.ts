import { applyWrite, type ClusterState, type WriteRefusal, type StoreWrite } from './store.js';
import type { Secret } from '../../model/secret.js';
import type { LoginRule, VerifiedPasswords } from './login.js';
import { errorReply, type NodeRequest, redirectReply, type Reply } from './messages.js';

/** How a member of the cluster is known to the others. */
export interface Member {
  readonly id: number;
  readonly scheme: 'http' | 'https';
  /** host:port of the API. */
  readonly httpAddr: string;
  /** host:port that the nodes announce; in a sandbox nothing listens there. */
  readonly raftAddr: string;
}

export interface Membership {
  readonly self: Member;
  readonly leader: Member | undefined;
  readonly members: readonly Member[];
}

/** One node of a cluster, as its request handler sees it. */
export interface SandboxNode {
  /** The state that this node knows: on a follower it may lag behind. */
  state(): ClusterState;
  membership(): Membership;
  /** Applies a write; to be called on the leader. */
  commit(write: StoreWrite): WriteRefusal | undefined;
}

const alone: Member = { id: 1, scheme: 'http', httpAddr: '127.0.0.1:8091', raftAddr: '127.0.0.1:8089' };

/** A cluster of one node, which leads. */
export function singleNode(state: ClusterState): SandboxNode {
  return {
    state: () => state,
    membership: () => ({ self: alone, leader: alone, members: [alone] }),
    commit: (write) => applyWrite(state, write),
  };
}

/** The server that is imitated, as it names itself. */
export const simulatedVersion = '1.11.8-c1.11.8';

export interface HandlerOptions {
  readonly login: LoginRule;
  /** LDAP is on: writes to users are refused, no hash is shown. */
  readonly ldap: boolean;
  /** GET /user shows the permissions of a user's roles as its own. */
  readonly mergeRolePermissions: boolean;
  /**
   * `create` takes `permissions` (and `users` of a role) at once. Off by default: whether the real server does is not
   * known, and who adds them by their own actions is right either way.
   */
  readonly createTakesAll: boolean;
  /** Takes passwords over 72 bytes. */
  readonly longPasswords: boolean;
  /** `/ping` requires credentials, and then responds 200 instead of 204. */
  readonly pingAuth: boolean;
  /** As in `X-Influxdb-Version`. */
  readonly version: string;
  readonly memory: VerifiedPasswords;
  /** Where given, `/authorized` compares with these passwords instead of the hashes. */
  readonly passwords?: ReadonlyMap<string, Secret>;
}

/** A request with everything that its route needs. */
export interface RouteContext {
  readonly node: SandboxNode;
  readonly options: HandlerOptions;
  readonly request: NodeRequest;
  readonly query: ReadonlyMap<string, string>;
}

/** A follower's response to a write: 307 to the leader, or 503 without a leader. */
export function redirectToLeader(node: SandboxNode, path: string): Reply | undefined {
  const { self, leader } = node.membership();
  if (leader === undefined) return errorReply(503, 'no leader');
  return leader.id === self.id ? undefined : redirectReply(`${leader.scheme}://${leader.httpAddr}${path}`);
}
