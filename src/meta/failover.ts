import { abortedError, aggregateError, MetaError, type RequestContext } from './errors.js';
import type { Clock } from '../context.js';
import type { ClusterNodes, NodeAddress } from './nodes.js';
import type { Discovery, RedirectHandler } from './redirect.js';
import type { MetaEvent } from './client-types.js';
import { createRetryState, type FailedTry, retryDecision, type RetryState } from './retry.js';
import { type MetaRequest, describePurpose } from './send-to-node.js';
import { type HttpResponse, TransportError } from './transport/exchange.js';
import { displayUrl } from './redact.js';
import type { TransportErrorCode } from './transport/error-codes.js';

export interface RequesterOptions {
  readonly cluster: ClusterNodes;
  readonly discovery: Discovery;
  readonly redirects: RedirectHandler;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timeout: number;
  readonly retries: number;
  readonly leaderWait: number;
  readonly observe: ((event: MetaEvent) => void) | undefined;
}

/** Turns a response into a value, or throws a MetaError. */
export type ResponseParser<T> = (response: HttpResponse, context: RequestContext) => T;

export interface Requester {
  /** A request with all that retryPolicy allows: other nodes, retries, the wait for a leader. Throws MetaError. */
  readonly request: <T>(request: MetaRequest, accept: ResponseParser<T>, to: 'any' | 'leader') => Promise<T>;
}

interface FailedNode extends FailedTry {
  readonly error: MetaError;
}

type RoundResult<T> =
  { readonly done: true; readonly value: T } | { readonly done: false; readonly failed: readonly FailedNode[] };

export function createRequester(options: RequesterOptions): Requester {
  const { cluster, discovery, redirects, clock, timeout, observe } = options;

  function candidates(
    request: MetaRequest,
    to: 'any' | 'leader',
  ): readonly NodeAddress[] | Promise<readonly NodeAddress[]> {
    if (to === 'any') return cluster.order();
    return request.method === 'GET' ? onlyLeader(request) : cluster.leaderFirst();
  }

  async function onlyLeader(request: MetaRequest): Promise<readonly NodeAddress[]> {
    const leader = cluster.leader();
    const leads = leader !== undefined && (await discovery.isLeader(leader, request.signal));
    const found = leads ? leader : await discovery.findLeader(request.signal);
    if (found !== undefined) cluster.remember(found);
    return found === undefined ? [] : [found];
  }

  /** Asks one node after the other. Throws the error that allows no further try. */
  async function ask<T>(
    targets: readonly NodeAddress[],
    request: MetaRequest,
    accept: ResponseParser<T>,
    timedOut: Set<string>,
  ): Promise<RoundResult<T>> {
    const failed: FailedNode[] = [];
    for (const target of targets) {
      try {
        const { response, context } = await redirects.sendFollowing(target, request, timeout);
        const value = accept(response, context);
        cluster.prefer(target);
        return { done: true, value };
      } catch (error) {
        if (!(error instanceof MetaError)) throw error;
        if (request.signal?.aborted) throw abortedError(error, describePurpose(request), request.signal.reason);
        const decision = retryDecision(
          { code: retryCode(error), status: error.status, deliveryStatus: error.deliveryStatus },
          request.method === 'GET',
        );
        if (decision !== 'never' || error.deliveryStatus === 'unknown') cluster.forget(target);
        else if (error.deliveryStatus === 'responded') cluster.prefer(target);
        if (decision === 'never') throw error;
        if (decision === 'elsewhere') timedOut.add(target.origin);
        failed.push({ error, decision, at: clock.now() });
        if (error.code === 'leader-unreachable') break;
      }
    }
    return { done: false, failed };
  }

  /** When the reported leader does not respond, the nodes may know another one or be the leader themselves. */
  async function foundOtherLeader(failed: readonly FailedNode[], signal: AbortSignal | undefined): Promise<boolean> {
    const lost = failed.find(({ error }) => error.code === 'leader-unreachable')?.error;
    if (lost === undefined) return false;
    const found = await discovery.findLeader(signal);
    if (found === undefined || lost.url.startsWith(`${found.origin}/`)) return false;
    cluster.remember(found);
    return true;
  }

  async function request<T>(request: MetaRequest, accept: ResponseParser<T>, to: 'any' | 'leader'): Promise<T> {
    const { signal } = request;
    const timedOut = new Set<string>();
    let retry: RetryState | undefined;
    for (let tries = 1; ; tries++) {
      const found = candidates(request, to);
      const all = found instanceof Promise ? await found : found;
      const targets = timedOut.size === 0 ? all : all.filter(({ origin }) => !timedOut.has(origin));
      const round = await ask(targets, request, accept, timedOut);
      if (round.done) return round.value;
      const [first = await noLeader(request), ...others] = round.failed;
      const errors = [first, ...others];
      if ((await foundOtherLeader(errors, signal)) && tries === 1) continue;
      retry ??= createRetryState(options);
      const ms = retry.next(errors, clock.now());
      if (ms === undefined)
        throw aggregateError([first.error, ...others.map(({ error }) => error)], describePurpose(request), tries);
      observe?.({ type: 'wait', code: first.error.code, ms });
      await clock.sleep(ms, signal);
      if (signal?.aborted) throw abortedError(first.error, describePurpose(request), signal.reason);
    }
  }

  /** No node could be tried, because none reports a leader. Throws the errors of the nodes when all are down. */
  async function noLeader(failedRequest: MetaRequest): Promise<FailedNode> {
    const { signal } = failedRequest;
    const status = { purpose: 'find the leader', method: 'GET', path: '/status', signal } as const;
    const origin = await request(status, (_, context) => new URL(context.url).origin, 'any');
    return { error: noLeaderError(failedRequest, origin), decision: 'leader', at: clock.now() };
  }

  return { request };
}

const transient: ReadonlySet<TransportErrorCode> = new Set<TransportErrorCode>([
  'connection-refused',
  'connection-lost',
  'connect-timeout',
  'network-unreachable',
  'timeout',
]);

/** The error code for retryPolicy: a leader that can never be reached from here is not retried. */
function retryCode(error: MetaError): string {
  if (error.code !== 'leader-unreachable' || !(error.cause instanceof TransportError)) return error.code;
  return transient.has(error.cause.code) ? error.code : error.cause.code;
}

/** The error of a read that wants the leader while no node names one. */
function noLeaderError(request: MetaRequest, origin: string): MetaError {
  const url = displayUrl(origin, request.path);
  return new MetaError(
    'unreachable',
    'no-leader',
    `cannot ${describePurpose(request)}: GET ${url}: no node reports a leader`,
    {
      method: 'GET',
      url,
      deliveryStatus: 'not-sent',
      hint: 'Run influxd-ctl show, or read without --read-leader.',
    },
  );
}
