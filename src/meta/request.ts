import { abortKind, type Asked, type Fate, MetaError } from './errors.js';
import type { Clock } from '../context.js';
import type { Cluster, Target } from './nodes.js';
import type { Discovery } from './discovery.js';
import type { MetaEvent } from './api.js';
import { againFor, createPauses, type FailedTry, type Pauses } from './retry.js';
import type { Follower } from './redirect.js';
import { purposeOf, type Request } from './sender.js';
import { type Answer, ExchangeFailure } from './transport/exchange.js';
import { shownUrl } from './redact.js';
import type { FailureReason } from './transport/failure.js';

export interface RequesterOptions {
  readonly cluster: Cluster;
  readonly discovery: Discovery;
  readonly follower: Follower;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timeout: number;
  readonly retries: number;
  readonly leaderWait: number;
  readonly observe: ((event: MetaEvent) => void) | undefined;
}

/** Turns an answer into a value, or throws the MetaError that it means. */
export type Accept<T> = (answer: Answer, asked: Asked) => T;

export interface Requester {
  /** A request with all that retryPolicy allows: other nodes, retries, the wait for a leader. Throws MetaError. */
  readonly request: <T>(request: Request, accept: Accept<T>, to: 'any' | 'leader') => Promise<T>;
}

interface Failed extends FailedTry {
  readonly error: MetaError;
}

type Round<T> =
  { readonly done: true; readonly value: T } | { readonly done: false; readonly failed: readonly Failed[] };

export function createRequester(options: RequesterOptions): Requester {
  const { cluster, discovery, follower, clock, timeout, observe } = options;

  function candidates(request: Request, to: 'any' | 'leader'): readonly Target[] | Promise<readonly Target[]> {
    if (to === 'any') return cluster.order();
    return request.method === 'POST' ? cluster.leaderFirst() : onlyLeader(request);
  }

  async function onlyLeader(request: Request): Promise<readonly Target[]> {
    const leader = cluster.leader();
    const leads = leader !== undefined && (await discovery.leads(leader, request.signal));
    const found = leads ? leader : await discovery.findLeader(request.signal);
    if (found !== undefined) cluster.remember(found);
    return found === undefined ? [] : [found];
  }

  /** Asks one node after the other. Throws the error that allows no further try. */
  async function ask<T>(
    targets: readonly Target[],
    request: Request,
    accept: Accept<T>,
    spent: Set<string>,
  ): Promise<Round<T>> {
    const failed: Failed[] = [];
    for (const target of targets) {
      try {
        const { answer, asked } = await follower.follow(target, request, timeout);
        const value = accept(answer, asked);
        cluster.prefer(target);
        return { done: true, value };
      } catch (error) {
        if (!(error instanceof MetaError)) throw error;
        if (request.signal?.aborted) throw abandoned(error, purposeOf(request), request.signal.reason);
        const again = againFor({ code: retryCode(error), fate: error.fate }, request.method === 'GET');
        if (again !== 'never' || error.fate === 'unknown') cluster.forget(target);
        else if (error.fate === 'answered') cluster.prefer(target);
        if (again === 'never') throw error;
        if (again === 'elsewhere') spent.add(target.origin);
        failed.push({ error, again, at: clock.now() });
        if (error.code === 'leader-unreachable') break;
      }
    }
    return { done: false, failed };
  }

  /** Where the leader that was named does not answer, the nodes may know another one, or be it themselves. */
  async function searched(failed: readonly Failed[], signal: AbortSignal | undefined): Promise<boolean> {
    const lost = failed.find(({ error }) => error.code === 'leader-unreachable')?.error;
    if (lost === undefined) return false;
    const found = await discovery.findLeader(signal);
    if (found === undefined || lost.url.startsWith(`${found.origin}/`)) return false;
    cluster.remember(found);
    return true;
  }

  async function request<T>(request: Request, accept: Accept<T>, to: 'any' | 'leader'): Promise<T> {
    const { signal } = request;
    const spent = new Set<string>();
    let pauses: Pauses | undefined;
    for (let tries = 1; ; tries++) {
      const found = candidates(request, to);
      const all = found instanceof Promise ? await found : found;
      const targets = spent.size === 0 ? all : all.filter(({ origin }) => !spent.has(origin));
      const round = await ask(targets, request, accept, spent);
      if (round.done) return round.value;
      const [first = await leaderless(request), ...others] = round.failed;
      const errors = [first, ...others];
      if ((await searched(errors, signal)) && tries === 1) continue;
      pauses ??= createPauses(options);
      const ms = pauses.next(errors, clock.now());
      if (ms === undefined)
        throw combined([first.error, ...others.map(({ error }) => error)], purposeOf(request), tries);
      observe?.({ type: 'wait', code: first.error.code, ms });
      await clock.sleep(ms, signal);
      if (signal?.aborted) throw abandoned(first.error, purposeOf(request), signal.reason);
    }
  }

  /** No node could be asked, since none names a leader. Throws the errors of the nodes when they are all down. */
  async function leaderless(wanted: Request): Promise<Failed> {
    const { signal } = wanted;
    const status = { purpose: 'find the leader', method: 'GET', path: '/status', signal } as const;
    const origin = await request(status, (_, asked) => new URL(asked.url).origin, 'any');
    return { error: noLeaderKnown(wanted, origin), again: 'leader', at: clock.now() };
  }

  return { request };
}

const transient: ReadonlySet<FailureReason> = new Set<FailureReason>([
  'connection-refused',
  'connection-lost',
  'connect-timeout',
  'network-unreachable',
  'timeout',
]);

/** The code by which retryPolicy judges an error: a leader that cannot ever be reached from here is not waited for. */
export function retryCode(error: MetaError): string {
  if (error.code !== 'leader-unreachable' || !(error.cause instanceof ExchangeFailure)) return error.code;
  return transient.has(error.cause.reason) ? error.code : error.cause.reason;
}

function rebuilt(error: MetaError, message: string, fate: Fate): MetaError {
  const { kind, code, method, url, status, serverText, hint, cause } = error;
  return new MetaError(kind, code, message, { method, url, fate, status, serverText, hint, cause });
}

const mostNamed = 3;

function severalNodes(errors: readonly MetaError[], purpose: string): string {
  const prefix = `cannot ${purpose}: `;
  const parts = errors.map(({ message }) => (message.startsWith(prefix) ? message.slice(prefix.length) : message));
  const more = parts.length > mostNamed ? `; and ${parts.length - mostNamed} more` : '';
  return `${prefix}${parts.slice(0, mostNamed).join('; ')}${more}`;
}

function fateOf(errors: readonly MetaError[]): Fate {
  if (errors.some(({ fate }) => fate === 'unknown')) return 'unknown';
  return errors.some(({ fate }) => fate === 'answered') ? 'answered' : 'not-sent';
}

/** The error of a request that is given up: of the errors of its last round, one from each node. */
export function combined(errors: readonly [MetaError, ...MetaError[]], purpose: string, tries: number): MetaError {
  const told = errors.find(({ code }) => code === 'leader-unreachable' || code === 'no-leader');
  const text = told ? told.message : severalNodes(errors, purpose);
  return rebuilt(told ?? errors[0], tries > 1 ? `${text} (${tries} tries)` : text, fateOf(errors));
}

/** The error of a request that was interrupted while or after another error came. */
export function abandoned(error: MetaError, purpose: string, reason: unknown): MetaError {
  if (error.code === 'aborted') return error;
  const { method, url, fate, cause } = error;
  const message = `cannot ${purpose}: ${method} ${url}: interrupted`;
  return new MetaError(abortKind(reason), 'aborted', message, { method, url, fate, cause });
}

/** The error of a read that wants the leader while no node names one. */
export function noLeaderKnown(request: Request, origin: string): MetaError {
  const url = shownUrl(origin, request.path);
  return new MetaError('unreachable', 'no-leader', `cannot ${purposeOf(request)}: GET ${url}: no node knows a leader`, {
    method: 'GET',
    url,
    fate: 'not-sent',
    hint: 'see influxd-ctl show, or read without --read-leader',
  });
}
