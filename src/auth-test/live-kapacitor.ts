import type { KapacitorResponse, LiveResponse } from './report.js';
import { KapadminError, stopped, usageError } from '../errors.js';
import { toBinary } from '../go-compat/utf8.js';
import type { HttpRequest } from '../auth-engine/request.js';
import { transportErrorText } from '../meta/errors.js';
import { createRawClient, type RawClient } from '../meta/raw-client.js';
import { createTlsDetector } from '../meta/sender.js';
import { TransportError } from '../meta/transport/exchange.js';
import { speaksTls } from '../meta/transport/tls.js';
import type { TransportErrorCode } from '../meta/transport/error-codes.js';
import { excerpt } from '../model/text.js';
import type { Deps } from '../cli/factory.js';
import { lookupTimeout } from '../auth-engine/lookup.js';
import type { Trace } from '../auth-engine/trace.js';
import type { KapacitorVersion } from '../model/kapacitor-versions.js';
import { redact } from '../meta/redact.js';
import { curlLine } from '../settings/curl.js';
import { compareLive } from './compare.js';
import type { TestRequest } from './requests.js';
import { secretsOfDaemon, secretsOfRequest } from './secrets.js';
import type { LoginTarget } from './target.js';

const hints: Partial<Record<TransportErrorCode, (origin: string) => string>> = {
  'https-to-plain-http': (origin) => `Use --url ${origin.replace(/^https:/, 'http:')}/...`,
  'plain-http-to-https': (origin) => `Use --url ${origin.replace(/^http:/, 'https:')}/...`,
  'self-signed': () => 'Trust its authority with --live-ca FILE.',
  'too-large': () => 'Raise the limit with --max-body.',
  'connect-timeout': () => 'Raise the limit with --connect-timeout.',
  timeout: () => 'Raise the limit with --timeout; Kapacitor may wait 10 s more for the meta node.',
};

function unreachable(origin: string, failure: TransportError, secrets: readonly string[]): KapadminError {
  const why = transportErrorText(failure, { secrets });
  return new KapadminError('unreachable', 'kapacitor-unreachable', `no response from Kapacitor at ${origin}: ${why}`, {
    hint: hints[failure.code]?.(origin) ?? 'The prediction above still holds; leave out --live.',
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

function isUnsendable([name, value]: readonly [string, string]): boolean {
  return (
    !token.test(name) || /[^\t\u0020-\u007e\u0080-\u00ff]/.test(value) || connectionHeaders.has(name.toLowerCase())
  );
}

function isHost([name]: readonly [string, string]): boolean {
  return name.toLowerCase() === 'host';
}

/** Throws a usage error for a request that our client cannot write, though Kapacitor may have an answer to it. */
export function checkSendable({ method, target, headers }: HttpRequest): void {
  const bad = headers.find(isUnsendable) ?? headers.filter(isHost)[1];
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
export async function sendToKapacitor(
  client: RawClient,
  origin: string,
  request: HttpRequest,
  secrets: readonly string[],
  stop: AbortSignal,
): Promise<KapacitorResponse> {
  const { method, target: path } = request;
  const sending = { origin, path, method, headers: headersOf(request), body: undefined };
  const recognise = createTlsDetector((asked) => speaksTls(asked, probeTimeout));
  try {
    const answer = await recognise(origin, () => client.send(sending, stop));
    const header = (name: string): string | undefined => {
      const value = answer.header(name);
      return value === undefined ? undefined : toBinary(value);
    };
    return { status: answer.status, header, body: Buffer.from(answer.body).toString('latin1') };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    if (stop.aborted) throw stopped(stop, 'stopped while Kapacitor was asked; its response is not known');
    throw unreachable(origin, error, secrets);
  }
}

export interface LiveOptions {
  /** Send any method, and not those alone that change nothing. */
  readonly anyMethod: boolean;
  /** Certificates to trust in place of the system's, as PEM. */
  readonly ca: string | undefined;
  /** The release that the prediction goes by; the default where nobody named one. */
  readonly version?: KapacitorVersion | undefined;
}

/** Methods that change nothing at Kapacitor. */
const readOnlyMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request may go to Kapacitor itself; of the standard endpoints only the harmless ones. */
function isSendable({ method }: TestRequest, { anyMethod }: LiveOptions): boolean {
  return anyMethod || readOnlyMethods.has(method);
}

/** Throws a usage error for a request that cannot be sent, or would change something and was not asked for in so many words. */
export function checkLive(requests: readonly TestRequest[], options: LiveOptions): void {
  for (const asked of requests) checkSendable(asked.request);
  const many = requests.length > 1;
  if (many && options.anyMethod) {
    throw usageError('no-path', '--live-any-method needs a path in --url', 'Name the one request that is to be sent.');
  }
  const refused = many ? undefined : requests.find((asked) => !isSendable(asked, options));
  if (refused === undefined) return;
  const method = excerpt(refused.method, 20);
  throw usageError(
    'live-method',
    `--live would send ${method} to Kapacitor, which may change something there`,
    'Give --live-any-method to send it all the same.',
  );
}

/** A request with what was foreseen of it. */
export interface PredictedRequest {
  readonly asked: TestRequest;
  readonly trace: Trace;
}

export interface LiveResponses {
  /** By the place of the request; undefined where it was not sent. */
  readonly responses: readonly (LiveResponse | undefined)[];
  /** Why no more were asked. */
  readonly failure: KapadminError | undefined;
}

/** Sends the requests to Kapacitor itself, one after the other, and compares its answers with what was foreseen. */
export async function collectLiveResponses(
  tried: readonly PredictedRequest[],
  options: LiveOptions,
  target: LoginTarget,
  deps: Deps,
): Promise<LiveResponses> {
  const { limits, proxy } = await deps.network();
  const timeout = limits.timeout + lookupTimeout / 1e6;
  const client = createRawClient({ tls: { ca: options.ca }, proxy, ...limits, timeout });
  try {
    return await sendEach(client, tried, options, target, deps);
  } finally {
    await client.close();
  }
}

async function sendEach(
  client: RawClient,
  tried: readonly PredictedRequest[],
  options: LiveOptions,
  target: LoginTarget,
  deps: Deps,
): Promise<LiveResponses> {
  const answers: (LiveResponse | undefined)[] = [];
  for (const { asked, trace } of tried) {
    const { origin, request, method, path } = asked;
    if (!isSendable(asked, options)) {
      answers.push(undefined);
      continue;
    }
    if (deps.flags.showRequest === true) {
      const isAuthorized = request.headers.some(([name]) => name.toLowerCase() === 'authorization');
      const account = { kind: isAuthorized ? 'other' : 'none' } as const;
      deps.notes.request(curlLine({ url: origin + path, account }, { flags: ['--path-as-is', '-X', method] }));
    }
    try {
      const secrets = [...secretsOfDaemon(target.settings), ...secretsOfRequest(request)];
      const answer = await sendToKapacitor(client, origin, request, secrets, deps.context.stop);
      answers.push(compareLive(trace, method, answer, target, (text) => redact(text, secrets), options.version));
    } catch (error) {
      if (error instanceof KapadminError && error.kind === 'unreachable') return { responses: answers, failure: error };
      throw error;
    }
  }
  return { responses: answers, failure: undefined };
}
