import { readJson } from './response.js';
import {
  parseHostPort,
  type ClusterNodes,
  decideRedirect,
  nodesFromShowCluster,
  nodesFromStatus,
  schemeOf,
  type NodeAddress,
} from './nodes.js';
import { MetaError } from './errors.js';
import type { Sender } from './sender.js';
import { TransportError } from './transport/exchange.js';
import { type ClusterView, type MetaStatus, parseCluster, parseStatus } from './wire.js';

interface NodeFacts {
  readonly node: NodeAddress;
  readonly status: MetaStatus | undefined;
  readonly view: ClusterView | undefined;
}

export interface Discovery {
  /** Asks the named nodes which hosts belong to the cluster. */
  discoverHosts(signal: AbortSignal | undefined): Promise<void>;
  /** Asks a node whether it is the leader. */
  isLeader(node: NodeAddress, signal: AbortSignal | undefined): Promise<boolean>;
  /** Asks the named nodes who leads; undefined when none knows. */
  findLeader(signal: AbortSignal | undefined): Promise<NodeAddress | undefined>;
}

function isLeaderItself({ leader, raftAddr }: MetaStatus): boolean {
  return leader !== '' && leader === raftAddr;
}

/** Reads from the named nodes in parallel; a node that does not respond within `timeout` is ignored. */
export function createDiscovery(cluster: ClusterNodes, sender: Sender, timeout: number): Discovery {
  async function ask<T>(
    node: NodeAddress,
    path: string,
    parse: (value: unknown) => T,
    signal: AbortSignal | undefined,
  ) {
    const request = { purpose: 'find the leader', method: 'GET', path, signal } as const;
    try {
      return readJson(await sender.send(node, path, request, timeout), sender.contextOf(node, path, request), parse);
    } catch (error) {
      if (error instanceof MetaError || error instanceof TransportError) return undefined;
      throw error;
    }
  }

  async function askAll(signal: AbortSignal | undefined): Promise<readonly NodeFacts[]> {
    const all = await Promise.all(
      cluster.nodes.map(async (node) => {
        const [status, view] = await Promise.all([
          ask(node, '/status', parseStatus, signal),
          ask(node, '/show-cluster', parseCluster, signal),
        ]);
        return { node, status, view };
      }),
    );
    for (const { node, status, view } of all) {
      const named = [
        ...(view ? nodesFromShowCluster(view, node) : []),
        ...(status ? nodesFromStatus(status, node) : []),
      ];
      for (const target of named) cluster.trust(target);
    }
    return all;
  }

  let asking: { readonly signal: AbortSignal | undefined; readonly all: Promise<readonly NodeFacts[]> } | undefined;

  /** Many requests may lose the leader at once: they share one lookup. */
  async function facts(signal: AbortSignal | undefined): Promise<readonly NodeFacts[]> {
    if (asking !== undefined && asking.signal === signal) return asking.all;
    const mine = { signal, all: askAll(signal) };
    asking = mine;
    try {
      return await mine.all;
    } finally {
      if (asking === mine) asking = undefined;
    }
  }

  return {
    async isLeader(node, signal) {
      const status = await ask(node, '/status', parseStatus, signal);
      return status !== undefined && isLeaderItself(status);
    },
    async discoverHosts(signal) {
      await facts(signal);
    },
    async findLeader(signal) {
      const all = await facts(signal);
      const itself = all.find(({ status }) => status && isLeaderItself(status));
      if (itself) return itself.node;
      for (const { node, status, view } of all) {
        if (!status || !view || status.leader === '') continue;
        const found = view.meta.find(({ tcpAddr }) => tcpAddr === status.leader);
        const target = found && parseHostPort(found.addr, schemeOf(found.httpScheme, node));
        if (target && decideRedirect(cluster.trusted, node, target) === 'yes') return target;
      }
      return undefined;
    },
  };
}
