import { KapadminError, stopped, usageError } from '../errors.js';
import { toBinary } from '../go-compat/utf8.js';
import type { HttpRequest } from '../auth-engine/request.js';
import { whyOf } from '../meta/errors.js';
import type { PlainClient } from '../meta/raw-client.js';
import { makeRecogniser } from '../meta/sender.js';
import { ExchangeFailure } from '../meta/transport/exchange.js';
import { speaksTls } from '../meta/transport/tls.js';
import type { FailureReason } from '../meta/transport/failure.js';
import { excerpt } from '../model/text.js';

/** The response of Kapacitor, or of what stands in front of it; header values and body are binary. */
export interface KapacitorAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  readonly body: string;
}

const hints: Partial<Record<FailureReason, (origin: string) => string>> = {
  'https-to-plain-http': (origin) => `Use --url ${origin.replace(/^https:/, 'http:')}/...`,
  'plain-http-to-https': (origin) => `Use --url ${origin.replace(/^http:/, 'https:')}/...`,
  'self-signed': () => 'Trust its authority with --live-ca FILE.',
  'too-large': () => 'Raise the limit with --max-body.',
  'connect-timeout': () => 'Raise the limit with --connect-timeout.',
  timeout: () => 'Raise the limit with --timeout; Kapacitor may wait 10 s more for the meta node.',
};

function unreachable(origin: string, failure: ExchangeFailure, secrets: readonly string[]): KapadminError {
  const why = whyOf(failure, { secrets });
  return new KapadminError('unreachable', 'kapacitor-unreachable', `no response from Kapacitor at ${origin}: ${why}`, {
    hint: hints[failure.reason]?.(origin) ?? 'The prediction above still holds; leave out --live.',
  });
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Headers that belong to the connection or to a body, and not to what Kapacitor decides by. */
const connectionHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

function cannotSend([name, value]: readonly [string, string]): boolean {
  return (
    !token.test(name) || /[^\t\u0020-\u007e\u0080-\u00ff]/.test(value) || connectionHeaders.has(name.toLowerCase())
  );
}

function isHost([name]: readonly [string, string]): boolean {
  return name.toLowerCase() === 'host';
}

/** Throws a usage error for a request that our client cannot write, though Kapacitor may have an answer to it. */
export function checkSendable({ method, target, headers }: HttpRequest): void {
  const bad = headers.find(cannotSend) ?? headers.filter(isHost)[1];
  const what = !token.test(method)
    ? 'this method'
    : /[^\u0021-\u00ff]/.test(target)
      ? 'a blank or control character in the target'
      : !/^(\/|https?:\/\/)/.test(target)
        ? `the target "${excerpt(target, 40)}"`
        : bad !== undefined && `the header "${excerpt(bad[0], 40)}"`;
  if (what === false) return;
  throw usageError('cannot-send', `--live: ${what} cannot be sent`, 'Leave out --live to see the prediction alone.');
}

function headersOf({ headers }: HttpRequest): Record<string, string | string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of headers) values.set(name, [...(values.get(name) ?? []), value]);
  const given = [...values].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? '') : all] as const);
  const isNamed = given.some(([name]) => name.toLowerCase() === 'accept-encoding');
  return Object.fromEntries(isNamed ? given : [['Accept-Encoding', 'identity'] as const, ...given]);
}

const probeTimeout = 2000;

/**
 * Sends a request that `checkSendable` passes to Kapacitor just as it stands; a redirect is not followed. Throws an
 * error of the kind unreachable where no whole response comes.
 * @param secrets to be masked in what a server sends in place of a response
 */
export async function askKapacitor(
  client: PlainClient,
  origin: string,
  request: HttpRequest,
  secrets: readonly string[],
  stop: AbortSignal,
): Promise<KapacitorAnswer> {
  const { method, target: path } = request;
  const sending = { origin, path, method, headers: headersOf(request), body: undefined };
  const recognise = makeRecogniser((asked) => speaksTls(asked, probeTimeout));
  try {
    const answer = await recognise(origin, () => client.send(sending, stop));
    const header = (name: string): string | undefined => {
      const value = answer.header(name);
      return value === undefined ? undefined : toBinary(value);
    };
    return { status: answer.status, header, body: Buffer.from(answer.body).toString('latin1') };
  } catch (error) {
    if (!(error instanceof ExchangeFailure)) throw error;
    if (stop.aborted) throw stopped(stop, 'stopped while Kapacitor was asked; its response is not known');
    throw unreachable(origin, error, secrets);
  }
}
