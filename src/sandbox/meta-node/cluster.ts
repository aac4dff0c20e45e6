import { applyWrite, type ClusterState, copyState, type StoreWrite, type WriteRefusal } from './store.js';
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

interface Membership {
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

/** The state as it was `lag` ms ago: what followers read. */
interface Replica {
  append(write: StoreWrite): void;
  state(): ClusterState;
}

function createReplica(committed: ClusterState, lag: number, now: () => number): Replica {
  if (lag <= 0) return { append() {}, state: () => committed };
  const state = copyState(committed);
  const waiting: { readonly due: number; readonly write: StoreWrite }[] = [];
  const catchUp = (): void => {
    const time = now();
    const due = waiting.findIndex((entry) => entry.due > time);
    const ready = waiting.splice(0, due < 0 ? waiting.length : due);
    for (const { write } of ready) applyWrite(state, write);
  };
  return {
    append(write) {
      catchUp();
      waiting.push({ due: now() + lag, write });
    },
    state() {
      catchUp();
      return state;
    },
  };
}

export interface ClusterOptions {
  readonly members: readonly Member[];
  readonly state: ClusterState;
  /** Read lag of followers, ms. */
  readonly lag: number;
  /** How long the nodes need to elect a leader after one was lost, ms. */
  readonly electionTime: number;
  /** Host name under which the leader is announced, in redirects too; it may not resolve. */
  readonly leaderName?: string | undefined;
  now(): number;
  /** Called after each write. */
  committed(): void;
}

/** Nodes, their leader and what each of them knows; it opens no socket. Nodes count from 0. */
export class Cluster {
  readonly #options: ClusterOptions;
  readonly #replica: Replica;
  readonly #alive: boolean[];
  #leader: number | undefined = 0;
  #election: NodeJS.Timeout | undefined;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#replica = createReplica(options.state, options.lag, options.now);
    this.#alive = options.members.map(() => true);
  }

  get leader(): number | undefined {
    return this.#leader;
  }

  isAlive(i: number): boolean {
    return this.#alive[i] === true;
  }

  /** A killed leader is followed by another after the election, if more than half of the nodes live. */
  kill(i: number): void {
    this.#alive[i] = false;
    if (this.#leader === i || !this.#hasQuorum()) this.noLeader(this.#options.electionTime);
  }

  revive(i: number): void {
    this.#alive[i] = true;
    if (this.#leader === undefined && this.#election === undefined) this.noLeader(this.#options.electionTime);
  }

  /** Makes node `i` the leader, or the next living one; false where that node or more than half of all are dead. */
  elect(i?: number): boolean {
    this.#stopElection();
    const target = i ?? this.#next();
    const able = target !== undefined && this.isAlive(target) && this.#hasQuorum();
    if (able) this.#leader = target;
    return able;
  }

  /** No leader for `ms`, then the next living node. */
  noLeader(ms: number): void {
    this.#stopElection();
    const before = this.#leader;
    this.#leader = undefined;
    this.#election = setTimeout(() => this.elect(this.#next(before)), ms).unref();
  }

  close(): void {
    this.#stopElection();
  }

  node(i: number): SandboxNode {
    const { state, committed } = this.#options;
    return {
      state: () => (this.#leader === i ? state : this.#replica.state()),
      membership: () => ({
        self: this.#announced(i),
        leader: this.#leader === undefined ? undefined : this.#announced(this.#leader),
        members: this.#options.members.map((_, n) => this.#announced(n)),
      }),
      commit: (write) => {
        const refusal = applyWrite(state, write);
        if (refusal) return refusal;
        this.#replica.append(write);
        committed();
        return undefined;
      },
    };
  }

  #announced(i: number): Member {
    const { members, leaderName } = this.#options;
    const member = members[i];
    if (member === undefined) throw new RangeError(`no node ${i}`);
    if (i !== this.#leader || leaderName === undefined) return member;
    const rename = (address: string): string => address.replace(/^.*(?=:)/, leaderName);
    return { ...member, httpAddr: rename(member.httpAddr), raftAddr: rename(member.raftAddr) };
  }

  #next(after = this.#leader ?? -1): number | undefined {
    const order = this.#alive.map((_, n) => (after + 1 + n) % this.#alive.length);
    return order.find((n) => this.isAlive(n));
  }

  #hasQuorum(): boolean {
    return this.#alive.filter(Boolean).length * 2 > this.#alive.length;
  }

  #stopElection(): void {
    clearTimeout(this.#election);
    this.#election = undefined;
  }
}
