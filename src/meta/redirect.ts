import {
  type Asked,
  cannot,
  failureError,
  fateWithoutAnswer,
  MetaError,
  type MetaErrorDetails,
  whyOf,
} from './errors.js';
import { type Cluster, mayFollow, type Target, targetOf, type Verdict } from './nodes.js';
import type { Discovery } from './discovery.js';
import { retryPolicy } from './retry.js';
import type { Request, Sender } from './sender.js';
import { type Answer, ExchangeFailure } from './transport/exchange.js';
import { ShellCommand } from '../model/shell-command.js';
import { excerpt } from '../model/text.js';
import { maskHost, shownBody } from './redact.js';

/** An answer and where it came from, after all redirects. */
export interface Arrived {
  readonly answer: Answer;
  readonly asked: Asked;
}

export interface Follower {
  /** One try of a request, from a first node to the one that answers it, all within `timeout`. Throws MetaError. */
  follow(first: Target, request: Request, timeout: number): Promise<Arrived>;
}

/** The redirects of the meta API: a follower answers 307, and the same request goes to the leader. */
export function createFollower(cluster: Cluster, discovery: Discovery, sender: Sender, now: () => number): Follower {
  /** Refuses a redirect to a host that may not have the credentials, after asking the named nodes for their hosts. */
  async function allow(from: Target, to: Target, asked: Asked, signal: AbortSignal | undefined): Promise<void> {
    if (mayFollow(cluster.trusted, from, to) === 'unknown-host') await discovery.learnHosts(signal);
    const verdict = mayFollow(cluster.trusted, from, to);
    if (verdict !== 'yes') throw refusedHop(from, to, verdict, asked);
  }

  return {
    async follow(first, request, timeout) {
      const until = now() + timeout;
      let via: Target | undefined;
      let hop: Hop = { target: first, path: request.path };
      let isBetweenNodes = false;
      for (let count = 0; ; count++) {
        const { target, path } = hop;
        const asked = sender.asked(target, path, request);
        let answer: Answer;
        try {
          answer = await sender.send(target, path, request, Math.max(1, until - now()));
        } catch (error) {
          if (!(error instanceof ExchangeFailure)) throw error;
          if (via === undefined || error.sent || error.reason === 'aborted') throw failureError(error, asked);
          throw unreachableHop(error, via, target, asked);
        }
        if (answer.status !== 307) {
          if (request.method === 'POST' && answer.status < 500) cluster.remember(target);
          return { answer, asked };
        }
        hop = nextHop(answer, target, asked);
        isBetweenNodes ||= hop.target.origin !== target.origin;
        if (count === retryPolicy.redirects) {
          throw (isBetweenNodes ? disputedLeader : endlessHops)(target, hop.target, asked);
        }
        await allow(target, hop.target, asked, request.signal);
        via = target;
      }
    },
  };
}

/** Where a redirect leads. */
export interface Hop {
  readonly target: Target;
  readonly path: string;
}

function hopError(asked: Asked, code: string, why: string, more: Partial<MetaErrorDetails> = {}): MetaError {
  const kind = code === 'bad-redirect' ? 'server' : 'unreachable';
  const { method, url } = asked;
  return new MetaError(kind, code, `${cannot(asked)}: ${why}`, { method, url, fate: 'answered', ...more });
}

/** A server that an answer named, or ours. */
function shown(target: Target, { secrets }: Asked): string {
  return excerpt(maskHost(target.origin, secrets));
}

/** The target of a 307. Throws a MetaError when it names none. */
export function nextHop(answer: Answer, from: Target, asked: Asked): Hop {
  const location = answer.header('location') ?? '';
  const url = location !== '' && URL.canParse(location, from.origin) ? new URL(location, from.origin) : undefined;
  const target = url && targetOf(url);
  if (url && target) return { target, path: url.pathname + url.search };
  const text = shownBody(Buffer.from(location), asked.secrets);
  throw hopError(asked, 'bad-redirect', `307 without a usable Location ("${text}")`, { status: 307 });
}

/** Credentials and body may not go on to where a redirect leads. */
export function refusedHop(from: Target, to: Target, verdict: Verdict, asked: Asked): MetaError {
  const downgrade = verdict === 'downgrade';
  const because = downgrade ? 'from https to plain http' : 'which is no named meta node and is named by none of them';
  const why = `redirected by ${shown(from, asked)} to ${shown(to, asked)}, ${because}: nothing was sent there`;
  const hint = downgrade
    ? undefined
    : `if it is a meta node of this cluster, name it: ${String(new ShellCommand(['--meta-url', shown(to, asked)]))}`;
  return hopError(asked, 'redirect-refused', why, { status: 307, hint });
}

/** The leader that a follower names did not get the request. */
export function unreachableHop(failure: ExchangeFailure, from: Target, to: Target, asked: Asked): MetaError {
  const leader = `the leader ${shown(to, asked)}, which is not reachable from here`;
  return hopError(
    asked,
    'leader-unreachable',
    `redirected by ${shown(from, asked)} to ${leader}: ${whyOf(failure, asked)}`,
    {
      fate: fateWithoutAnswer(failure.sent),
      cause: failure,
      hint: `make ${excerpt(maskHost(to.host, asked.secrets))} known and reachable on this machine, or name all nodes as they are reached from here`,
    },
  );
}

/** Nodes that send a request to one another have no leader in common yet, which is as good as none. */
export function disputedLeader(from: Target, to: Target, asked: Asked): MetaError {
  const hint = 'the nodes do not agree on a leader: see influxd-ctl show';
  return hopError(asked, 'no-leader', tooManyHops(from, to, asked), { status: 307, hint });
}

/** A node that redirects to itself will never do anything else. */
export function endlessHops(from: Target, to: Target, asked: Asked): MetaError {
  const hint = `${shown(to, asked)} redirects to itself: check --meta-url, which must name meta nodes`;
  return hopError(asked, 'redirect-loop', tooManyHops(from, to, asked), { status: 307, hint });
}

function tooManyHops(from: Target, to: Target, asked: Asked): string {
  return `redirected more than ${retryPolicy.redirects} times, at last by ${shown(from, asked)} to ${shown(to, asked)}`;
}
