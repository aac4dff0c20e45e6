import type { Asked } from './asked.js';
import type { Cluster } from './cluster.js';
import type { Discovery } from './discover.js';
import { failureError } from './failures.js';
import { disputedLeader, endlessHops, nextHop, refusedHop, unreachableHop, type Hop } from './hop.js';
import type { Target } from './nodes.js';
import { retryPolicy } from './policy.js';
import type { Request, Sender } from './sender.js';
import { ExchangeFailure, type Answer } from './transport/exchange.js';
import { mayFollow } from './trust.js';

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
