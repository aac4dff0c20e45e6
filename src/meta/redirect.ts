import {
  type RequestContext,
  errorPrefix,
  transportMetaError,
  deliveryWithoutResponse,
  MetaError,
  type MetaErrorDetails,
  transportErrorText,
} from './errors.js';
import { type ClusterNodes, decideRedirect, type NodeAddress, nodeAddressOf, type RedirectDecision } from './nodes.js';
import type { Discovery } from './discovery.js';
import { retryPolicy } from './retry.js';
import type { MetaRequest, Sender } from './sender.js';
import { type HttpResponse, TransportError } from './transport/exchange.js';
import { ShellCommand } from '../model/shell-command.js';
import { excerpt } from '../model/text.js';
import { redactHost, displayBody } from './redact.js';

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
          if (request.method === 'POST' && response.status < 500) cluster.remember(target);
          return { response, context };
        }
        next = parseRedirect(response, target, context);
        isBetweenNodes ||= next.target.origin !== target.origin;
        if (count === retryPolicy.redirects) {
          throw (isBetweenNodes ? disputedLeaderError : redirectLoopError)(target, next.target, context);
        }
        await allow(target, next.target, context, request.signal);
        via = target;
      }
    },
  };
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
export function parseRedirect(response: HttpResponse, from: NodeAddress, context: RequestContext): RedirectTarget {
  const location = response.header('location') ?? '';
  const url = location !== '' && URL.canParse(location, from.origin) ? new URL(location, from.origin) : undefined;
  const target = url && nodeAddressOf(url);
  if (url && target) return { target, path: url.pathname + url.search };
  const text = displayBody(Buffer.from(location), context.secrets);
  throw redirectError(context, 'bad-redirect', `307 without a usable Location ("${text}")`, { status: 307 });
}

/** Credentials and body may not go on to where a redirect leads. */
export function redirectRefusedError(
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
    : `if it is a meta node of this cluster, add: ${String(new ShellCommand(['--meta-url', displayNode(to, context)]))}`;
  return redirectError(context, 'redirect-refused', why, { status: 307, hint });
}

/** The error of a redirect to a leader that cannot be reached. */
export function leaderUnreachableError(
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
      hint: `make sure that ${excerpt(redactHost(to.host, context.secrets))} resolves and is reachable from this machine, or pass every node with --meta-url`,
    },
  );
}

/** Nodes that redirect to one another do not agree on a leader yet. */
export function disputedLeaderError(from: NodeAddress, to: NodeAddress, context: RequestContext): MetaError {
  const hint = 'the nodes disagree about the leader: run influxd-ctl show';
  return redirectError(context, 'no-leader', tooManyRedirects(from, to, context), { status: 307, hint });
}

/** A node that redirects to itself will never do anything else. */
export function redirectLoopError(from: NodeAddress, to: NodeAddress, context: RequestContext): MetaError {
  const hint = `${displayNode(to, context)} redirects to itself: check --meta-url, which must name meta nodes`;
  return redirectError(context, 'redirect-loop', tooManyRedirects(from, to, context), { status: 307, hint });
}

function tooManyRedirects(from: NodeAddress, to: NodeAddress, context: RequestContext): string {
  return `redirected more than ${retryPolicy.redirects} times, most recently by ${displayNode(from, context)} to ${displayNode(to, context)}`;
}
