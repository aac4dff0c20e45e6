import { MetaError, type Fate } from './errors.js';
import { abortKind } from './failures.js';
import { purposeOf, type Request } from './sender.js';
import { shownUrl } from './shown.js';
import { ExchangeFailure } from './transport/exchange.js';
import type { FailureReason } from './transport/reason.js';

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
