import { ShellCommand } from '../model/shell-command.js';
import { excerpt } from '../model/text.js';
import { cannot, fateWithoutAnswer, type Asked } from './asked.js';
import { MetaError, type MetaErrorDetails } from './errors.js';
import { whyOf } from './failures.js';
import { maskHost } from './masked.js';
import { targetOf, type Target } from './nodes.js';
import { retryPolicy } from './policy.js';
import { shownBody } from './shown.js';
import type { Answer, ExchangeFailure } from './transport/exchange.js';
import type { Verdict } from './trust.js';

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
