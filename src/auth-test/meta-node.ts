import type { Clock } from '../context.js';
import { type ErrorKind, KapadminError, stopped } from '../errors.js';
import { toBinary, toText } from '../go-compat/utf8.js';
import type { MetaResult, MetaRequestEffect } from '../auth-engine/effects.js';
import { redact } from '../meta/redact.js';
import type { RawClient } from '../meta/raw-client.js';
import { TransportError } from '../meta/transport/exchange.js';
import { type TransportErrorCode, systemErrorText } from '../meta/transport/error-codes.js';
import { excerpt } from '../model/text.js';
import { secretsOfHeader } from './secrets.js';

export interface LiveMetaOptions {
  readonly client: RawClient;
  readonly clock: Pick<Clock, 'now'>;
  readonly stop: AbortSignal;
  /** What a server may repeat and nobody may read, beside the credentials of the requests. */
  readonly secrets: readonly string[];
  /** Told of each request that is sent, and its URL as it may be shown. */
  readonly observe: (request: MetaRequestEffect, url: string) => void;
}

export interface LiveMeta {
  request(request: MetaRequestEffect): Promise<MetaResult>;
  /** How the last failure is told by an exit code: no answer from here, or nothing readable; undefined: an answer came. */
  readonly failure: () => ErrorKind | undefined;
  /** A text of a server without the secrets that were sent. */
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
 * The meta node as the daemon would ask it, with the daemon's own account. Each URL is asked once and the first failure
 * counts for all tries; a later request for it gets the same answer, so that several moments of one test see one document. A redirect that credentials may not
 * follow ends the test: nothing is sent there.
 */
export function createLiveMeta(options: LiveMetaOptions): LiveMeta {
  const { client, clock, stop, observe } = options;
  const known = new Map<string, MetaResult>();
  let failure: ErrorKind | undefined;
  let from: string | undefined;
  const secrets = new Set(options.secrets);
  const mask = (text: string): string => redact(text, [...secrets]);

  /** The URL of a request, one that a redirect named being the text of a server. */
  function shownUrl({ url, hop }: MetaRequestEffect): string {
    const text = toText(url).replace(/([?&]password=)[^&]*/, '$1***');
    return hop === 0 ? text : mask(text);
  }

  async function checkHop(request: MetaRequestEffect): Promise<void> {
    if (request.hop === 0 || from === undefined || !URL.canParse(request.url)) return;
    const [source, target] = [new URL(from), new URL(request.url)];
    const to = excerpt(mask(target.origin));
    if ((await client.decideRedirect(source, target, stop)) === 'yes') return;
    throw new KapadminError(
      'unreachable',
      'redirect-refused',
      `the meta node ${source.origin} redirects to ${to}, which is not followed: it is named by no meta node, or leaves https`,
      { hint: `Kapacitor does follow it: it would send its own account to ${to}.` },
    );
  }

  async function send(request: MetaRequestEffect): Promise<MetaResult> {
    if (!URL.canParse(request.url)) {
      failure = undefined;
      return { error: 'unusable', text: 'no host that can be looked up' };
    }
    for (const secret of secretsOfHeader(request.authorization ?? '')) secrets.add(secret);
    observe(request, shownUrl(request));
    const headers: Record<string, string> = { accept: 'application/json', 'accept-encoding': 'identity' };
    if (request.authorization !== undefined) headers['authorization'] = request.authorization;
    const started = clock.now();
    try {
      const { status, header, body } = await client.get(new URL(request.url), headers, stop);
      const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
      failure = status >= 500 ? 'server' : undefined;
      return { status, location: header('location') ?? '', body: bytes, ms: clock.now() - started };
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      if (stop.aborted) throw stopped(stop, 'stopped while the meta node was asked; nothing was changed');
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
