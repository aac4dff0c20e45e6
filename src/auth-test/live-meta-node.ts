import type { Clock } from '../context.js';
import { type ErrorKind, KapadminError, stopped } from '../errors.js';
import { toBinary, toText } from '../go-compat/utf8.js';
import { type BcryptEffect, type MetaRequestEffect, type MetaResult, runEngine } from '../auth-engine/effects.js';
import { type DaemonSettings, startDaemon } from '../auth-engine/daemon-state.js';
import { handleRequest } from '../auth-engine/handle.js';
import type { HttpRequest } from '../auth-engine/request.js';
import { findVerdict, timedOut, type Trace } from '../auth-engine/trace.js';
import type { KapacitorVersion } from '../model/kapacitor-versions.js';
import { redact } from '../meta/redact.js';
import type { RawClient } from '../meta/client.js';
import { TransportError } from '../meta/transport/exchange.js';
import { type TransportErrorCode, systemErrorText } from '../meta/transport/error-codes.js';
import { excerpt } from '../model/text.js';
import { tryParseUrl } from '../model/urls.js';
import { maskTrace, secretsOfHeader } from './requests.js';

export interface LiveMetaOptions {
  readonly client: RawClient;
  readonly clock: Pick<Clock, 'now'>;
  readonly stop: AbortSignal;
  /** Secrets that a server may repeat, besides the credentials of the requests. */
  readonly secrets: readonly string[];
  /** Called for each request sent, with its redacted URL. */
  readonly observe: (request: MetaRequestEffect, url: string) => void;
}

export interface LiveMeta {
  request(request: MetaRequestEffect): Promise<MetaResult>;
  /** The kind of the last failure, for the exit code: no response, or an unreadable one; undefined after a response. */
  readonly failure: () => ErrorKind | undefined;
  /** Redacts the secrets that were sent in a text of a server. */
  readonly mask: (text: string) => string;
}

const tlsReasons: ReadonlySet<TransportErrorCode> = new Set([
  'tls-failed',
  'self-signed',
  'client-certificate-required',
  'https-to-plain-http',
  'plain-http-to-https',
]);
const unreadable: ReadonlySet<TransportErrorCode> = new Set([
  'truncated',
  'too-large',
  'too-large-together',
  'headers-too-large',
  'compressed',
  'not-http',
]);

function failureResult(failure: TransportError, ms: number, mask: (text: string) => string): MetaResult {
  const { code: reason, underlying: cause } = failure;
  const more = cause instanceof Error ? systemErrorText(cause) : failure.detail;
  const detail = more === undefined ? '' : `: ${excerpt(mask(more), 160)}`;
  const error = tlsReasons.has(reason) ? 'tls' : reason === 'timeout' ? 'timeout' : 'refused';
  return { error, text: toBinary(`${reason}${detail}`), ms };
}

/**
 * The meta node, queried as the daemon does, with the daemon's own account. Each URL is requested once and the result
 * is reused, also for retries, so that all time points of a test see the same user record. A redirect that credentials
 * must not follow ends the test: nothing is sent there.
 */
export function createLiveMeta(options: LiveMetaOptions): LiveMeta {
  const { client, clock, stop, observe } = options;
  const known = new Map<string, MetaResult>();
  let failure: ErrorKind | undefined;
  let from: string | undefined;
  const secrets = new Set(options.secrets);
  const mask = (text: string): string => redact(text, [...secrets]);

  /** The redacted URL of a request; after a redirect it is text of a server. */
  function shownUrl({ url, redirects }: MetaRequestEffect): string {
    const text = toText(url).replace(/([?&]password=)[^&]*/, '$1***');
    return redirects === 0 ? text : mask(text);
  }

  async function checkHop(request: MetaRequestEffect): Promise<void> {
    const target = tryParseUrl(request.url);
    if (request.redirects === 0 || from === undefined || target === undefined) return;
    const source = new URL(from);
    const to = excerpt(mask(target.origin));
    if ((await client.decideRedirect(source, target, stop)) === 'yes') return;
    throw new KapadminError(
      'unreachable',
      'redirect-refused',
      `the meta node ${source.origin} redirects to ${to}, which is not followed: it is not a known meta node, or not https`,
      { hint: `Kapacitor follows the redirect and would send its own credentials to ${to}.` },
    );
  }

  async function send(request: MetaRequestEffect): Promise<MetaResult> {
    const url = tryParseUrl(request.url);
    if (url === undefined) {
      failure = undefined;
      return { error: 'unusable', text: 'no host that can be resolved' };
    }
    for (const secret of secretsOfHeader(request.authorization ?? '')) secrets.add(secret);
    observe(request, shownUrl(request));
    const headers: Record<string, string> = { accept: 'application/json', 'accept-encoding': 'identity' };
    if (request.authorization !== undefined) headers['authorization'] = request.authorization;
    const started = clock.now();
    try {
      const { status, header, body } = await client.get(url, headers, stop);
      const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
      failure = status >= 500 ? 'server' : undefined;
      return { status, location: header('location') ?? '', body: bytes, ms: clock.now() - started };
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      if (stop.aborted) throw stopped(stop, 'stopped while waiting for the meta node; nothing was changed');
      failure = unreadable.has(error.code) ? 'server' : 'unreachable';
      return failureResult(error, clock.now() - started, mask);
    }
  }

  return {
    failure: () => failure,
    mask,
    async request(request) {
      const seen = known.get(request.url);
      if (seen !== undefined) return seen;
      await checkHop(request);
      const answer: MetaResult = { ...(await send(request)), last: true };
      from = request.url;
      known.set(request.url, answer);
      return answer;
    },
  };
}

export interface EvaluatedRequest {
  readonly trace: Trace;
  /** The result: done if allowed, no if denied, otherwise why it is unknown. */
  readonly end: ErrorKind;
  /** How long it took, in real time. */
  readonly milliseconds: number;
}

export interface EvaluationTools {
  readonly meta: LiveMeta;
  readonly bcrypt: (request: BcryptEffect) => Promise<string>;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly version?: KapacitorVersion | undefined;
  readonly clock: Pick<Clock, 'now'>;
}

/** In order of severity: a test of several requests ends with the most severe. */
const severity: readonly ErrorKind[] = ['done', 'no', 'unreachable', 'refused', 'server'];

export function worstEnd(ends: readonly ErrorKind[]): ErrorKind {
  return severity[Math.max(0, ...ends.map((end) => severity.indexOf(end)))]!;
}

function isAllowed(trace: Trace): boolean {
  return findVerdict(trace).verdict === 'allow';
}

function endOf(trace: Trace, meta: LiveMeta): ErrorKind {
  if (isAllowed(trace)) return 'done';
  if (!timedOut(trace)) return 'no';
  const failed = trace.findLast((step) => step.kind === 'lookup');
  if (failed?.cause === 'unreadable') return 'server';
  return meta.failure() ?? 'no';
}

/**
 * Runs one request through one daemon at several time points; the time between them is virtual.
 * @param timePoints nanoseconds since the daemon started
 */
export async function evaluateRequest(
  settings: DaemonSettings,
  request: HttpRequest,
  timePoints: readonly number[],
  tools: EvaluationTools,
): Promise<EvaluatedRequest[]> {
  const daemon = startDaemon(settings, tools.startedAt, tools.version);
  const evaluated: EvaluatedRequest[] = [];
  for (const now of timePoints) {
    const began = tools.clock.now();
    const drivers = { meta: tools.meta.request, bcrypt: tools.bcrypt };
    const trace = await runEngine(handleRequest(daemon, request, now), drivers);
    const milliseconds = tools.clock.now() - began;
    evaluated.push({ trace: maskTrace(trace, tools.meta.mask), end: endOf(trace, tools.meta), milliseconds });
  }
  return evaluated;
}
