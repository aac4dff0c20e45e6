import {
  deliveryWithoutResponse,
  errorPrefix,
  MetaError,
  type MetaErrorDetails,
  type RequestContext,
  transportErrorText,
  transportMetaError,
} from './errors.js';
import {
  type ClusterNodes,
  type NodeAddress,
  parseNodeAddress,
  nodesFromShowCluster,
  nodesFromStatus,
  parseHostPort,
  resolveScheme,
  type TrustedHosts,
} from './nodes.js';
import type { MetaRequest, Sender } from './send-to-node.js';
import { type HttpResponse, TransportError } from './transport/exchange.js';
import { ShellCommand } from '../model/shell-command.js';
import { excerpt } from '../model/text.js';
import { tryParseUrl } from '../model/urls.js';
import { displayBody, redactHost } from './redact.js';
import { readJson } from './response.js';
import { type ClusterView, type MetaStatus, parseCluster, parseStatus } from './wire.js';

/** Redirects (307) followed in one try. */
export const maxRedirects = 5;

/** A response and the node it came from, after all redirects. */
export interface FollowedResponse {
  readonly response: HttpResponse;
  readonly context: RequestContext;
}

export interface RedirectHandler {
  /** One try of a request, from the first node to the one that responds, within `timeout`. Throws MetaError. */
  sendFollowing(first: NodeAddress, request: MetaRequest, timeout: number): Promise<FollowedResponse>;
}

/** Follows the redirects of the meta API: a follower responds with 307, and the same request goes to the leader. */
export function createRedirectHandler(
  cluster: ClusterNodes,
  discovery: Discovery,
  sender: Sender,
  now: () => number,
): RedirectHandler {
  /** Refuses a redirect to a host that may not have the credentials, after asking the named nodes for their hosts. */
  async function allow(
    from: NodeAddress,
    to: NodeAddress,
    context: RequestContext,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (decideRedirect(cluster.trusted, from, to) === 'unknown-host') await discovery.discoverHosts(signal);
    const decision = decideRedirect(cluster.trusted, from, to);
    if (decision !== 'yes') throw redirectRefusedError(from, to, decision, context);
  }

  return {
    async sendFollowing(first, request, timeout) {
      const until = now() + timeout;
      let via: NodeAddress | undefined;
      let next: RedirectTarget = { target: first, path: request.path };
      let isBetweenNodes = false;
      for (let count = 0; ; count++) {
        const { target, path } = next;
        const context = sender.contextOf(target, path, request);
        let response: HttpResponse;
        try {
          response = await sender.send(target, path, request, Math.max(1, until - now()));
        } catch (error) {
          if (!(error instanceof TransportError)) throw error;
          if (via === undefined || error.sent || error.code === 'aborted') throw transportMetaError(error, context);
          throw leaderUnreachableError(error, via, target, context);
        }
        if (response.status !== 307) {
          if (request.method !== 'GET' && response.status < 500) cluster.remember(target);
          return { response, context };
        }
        next = parseRedirect(response, target, context);
        isBetweenNodes ||= next.target.origin !== target.origin;
        if (count === maxRedirects) {
          throw (isBetweenNodes ? disputedLeaderError : redirectLoopError)(target, next.target, context);
        }
        await allow(target, next.target, context, request.signal);
        via = target;
      }
    },
  };
}

export type RedirectDecision = 'yes' | 'unknown-host' | 'downgrade';

/** Whether credentials may go on from one server to another: to a trusted host, never from https to http. */
export function decideRedirect(trusted: TrustedHosts, from: NodeAddress, to: NodeAddress): RedirectDecision {
  if (from.scheme === 'https:' && to.scheme === 'http:') return 'downgrade';
  const scheme = trusted.get(to.host);
  if (scheme === undefined) return 'unknown-host';
  return scheme === 'https:' && to.scheme === 'http:' ? 'downgrade' : 'yes';
}

/** Where a redirect leads. */
export interface RedirectTarget {
  readonly target: NodeAddress;
  readonly path: string;
}

function redirectError(
  context: RequestContext,
  code: string,
  why: string,
  more: Partial<MetaErrorDetails> = {},
): MetaError {
  const kind = code === 'bad-redirect' ? 'server' : 'unreachable';
  const { method, url } = context;
  return new MetaError(kind, code, `${errorPrefix(context)}: ${why}`, {
    method,
    url,
    deliveryStatus: 'responded',
    ...more,
  });
}

/** A node named by a response or by the user, as it may be shown. */
function displayNode(target: NodeAddress, { secrets }: RequestContext): string {
  return excerpt(redactHost(target.origin, secrets));
}

/** The target of a 307. Throws a MetaError when it names none. */
function parseRedirect(response: HttpResponse, from: NodeAddress, context: RequestContext): RedirectTarget {
  const location = response.header('location') ?? '';
  const url = location === '' ? undefined : tryParseUrl(location, from.origin);
  const target = url && parseNodeAddress(url);
  if (url && target) return { target, path: url.pathname + url.search };
  const text = displayBody(Buffer.from(location), context.secrets);
  throw redirectError(context, 'bad-redirect', `307 without a usable Location ("${text}")`, { status: 307 });
}

/** Credentials and body may not go on to where a redirect leads. */
function redirectRefusedError(
  from: NodeAddress,
  to: NodeAddress,
  decision: RedirectDecision,
  context: RequestContext,
): MetaError {
  const downgrade = decision === 'downgrade';
  const because = downgrade ? 'from https to plain http' : 'which is not a known meta node';
  const why = `redirected by ${displayNode(from, context)} to ${displayNode(to, context)}, ${because}: nothing was sent there`;
  const hint = downgrade
    ? undefined
    : `If it is a meta node of this cluster, add: ${String(new ShellCommand(['--meta-url', displayNode(to, context)]))}`;
  return redirectError(context, 'redirect-refused', why, { status: 307, hint });
}

/** The error of a redirect to a leader that cannot be reached. */
function leaderUnreachableError(
  failure: TransportError,
  from: NodeAddress,
  to: NodeAddress,
  context: RequestContext,
): MetaError {
  const leader = `the leader ${displayNode(to, context)}, which is not reachable from here`;
  return redirectError(
    context,
    'leader-unreachable',
    `redirected by ${displayNode(from, context)} to ${leader}: ${transportErrorText(failure, context)}`,
    {
      deliveryStatus: deliveryWithoutResponse(failure.sent),
      cause: failure,
      hint: `Make sure that ${excerpt(redactHost(to.host, context.secrets))} resolves and is reachable from this machine, or pass every node with --meta-url.`,
    },
  );
}

/** Nodes that redirect to one another do not agree on a leader yet. */
function disputedLeaderError(from: NodeAddress, to: NodeAddress, context: RequestContext): MetaError {
  const hint = 'The nodes disagree about the leader: run influxd-ctl show';
  return redirectError(context, 'no-leader', tooManyRedirects(from, to, context), { status: 307, hint });
}

/** A node that redirects to itself will never do anything else. */
function redirectLoopError(from: NodeAddress, to: NodeAddress, context: RequestContext): MetaError {
  const hint = `${displayNode(to, context)} redirects to itself: check the URL, which must name a meta node`;
  return redirectError(context, 'redirect-loop', tooManyRedirects(from, to, context), { status: 307, hint });
}

function tooManyRedirects(from: NodeAddress, to: NodeAddress, context: RequestContext): string {
  return `redirected more than ${maxRedirects} times, most recently by ${displayNode(from, context)} to ${displayNode(to, context)}`;
}

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
    const ownOptions = { signal, all: askAll(signal) };
    asking = ownOptions;
    try {
      return await ownOptions.all;
    } finally {
      if (asking === ownOptions) asking = undefined;
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
        const target = found && parseHostPort(found.addr, resolveScheme(found.httpScheme, node));
        if (target && decideRedirect(cluster.trusted, node, target) === 'yes') return target;
      }
      return undefined;
    },
  };
}
