import { compareLive, type KapacitorResponse, type LiveResponse } from './report.js';
import { KapadminError, stopped, usageError } from '../errors.js';
import { toBinary } from '../go-compat/utf8.js';
import type { HttpRequest } from '../auth-engine/request.js';
import { transportErrorText } from '../meta/errors.js';
import { createRawClient, type RawClient } from '../meta/client.js';
import { createTlsDetector } from '../meta/send-to-node.js';
import { TransportError } from '../meta/transport/exchange.js';
import { speaksTls } from '../meta/transport/connections.js';
import type { TransportErrorCode } from '../meta/transport/error-codes.js';
import { excerpt } from '../model/text.js';
import type { Factory } from '../cli/factory.js';
import { lookupTimeout } from '../auth-engine/meta-lookup.js';
import type { Trace } from '../auth-engine/trace.js';
import type { KapacitorVersion } from '../model/kapacitor-versions.js';
import { redact } from '../meta/redact.js';
import { curlLine } from '../settings/request-as-curl.js';
import { secretsOfDaemon, secretsOfRequest, type TestRequest } from './requests.js';
import type { SimulatedKapacitor } from './simulated-kapacitor.js';

const hints: Partial<Record<TransportErrorCode, (origin: string) => string>> = {
  'https-to-plain-http': (origin) => `Use --url ${origin.replace(/^https:/, 'http:')}/...`,
  'plain-http-to-https': (origin) => `Use --url ${origin.replace(/^http:/, 'https:')}/...`,
  'self-signed': () => 'Trust its certificate authority with --live-ca FILE.',
  'too-large': () => 'Raise the limit with --max-body.',
  'connect-timeout': () => 'Raise the limit with --connect-timeout.',
  timeout: () => 'Raise the limit with --timeout; Kapacitor may wait 10 s more for the meta node.',
};

function unreachable(origin: string, failure: TransportError, secrets: readonly string[]): KapadminError {
  const why = transportErrorText(failure, { secrets });
  return new KapadminError('unreachable', 'kapacitor-unreachable', `no response from Kapacitor at ${origin}: ${why}`, {
    hint: hints[failure.code]?.(origin) ?? 'The prediction above still holds. Check --url, or leave out --live.',
  });
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Headers of the connection or the body, which Kapacitor's decision does not depend on. */
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

/** Throws a usage error for a request that our client cannot send, although Kapacitor might respond to it. */
export function checkSendable({ method, target, headers }: HttpRequest): void {
  const bad = headers.find(isUnsendable) ?? headers.filter(isHost)[1];
  const what = !token.test(method)
    ? 'this method'
    : /[^\u0021-\u00ff]/.test(target)
      ? 'a space or control character in the target'
      : !/^(\/|https?:\/\/)/.test(target)
        ? `the target "${excerpt(target, 40)}"`
        : bad !== undefined && `the header "${excerpt(bad[0], 40)}"`;
  if (what === false) return;
  throw usageError('cannot-send', `--live: cannot send ${what}`, 'Leave out --live to get the prediction only.');
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
 * Sends a request that passed `checkSendable` to Kapacitor unchanged; redirects are not followed. Throws an error of
 * the kind unreachable if no complete response arrives.
 * @param secrets redacted in error texts of a server
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
  const detectTls = createTlsDetector((asked) => speaksTls(asked, probeTimeout));
  try {
    const response = await detectTls(origin, () => client.send(sending, stop));
    const header = (name: string): string | undefined => {
      const value = response.header(name);
      return value === undefined ? undefined : toBinary(value);
    };
    return { status: response.status, header, body: Buffer.from(response.body).toString('latin1') };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    if (stop.aborted) throw stopped(stop, 'stopped while waiting for Kapacitor; its response is unknown');
    throw unreachable(origin, error, secrets);
  }
}

export interface LiveOptions {
  /** Send any method, not only read-only ones. */
  readonly anyMethod: boolean;
  /** Certificates to trust instead of the system's, as PEM. */
  readonly ca: string | undefined;
  /** The release that the prediction assumes; default if undefined. */
  readonly version?: KapacitorVersion | undefined;
}

/** Methods that change nothing in Kapacitor. */
const readOnlyMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request may be sent to Kapacitor; of the standard endpoints only read-only ones. */
function isSendable({ method }: TestRequest, { anyMethod }: LiveOptions): boolean {
  return anyMethod || readOnlyMethods.has(method);
}

/** Throws a usage error for a request that cannot be sent, or that may change data without --live-any-method. */
export function checkLive(requests: readonly TestRequest[], options: LiveOptions): void {
  for (const testRequest of requests) checkSendable(testRequest.request);
  const many = requests.length > 1;
  if (many && options.anyMethod) {
    throw usageError('no-path', '--live-any-method needs a path in --url', 'Give the path of the one request to send.');
  }
  const refused = many ? undefined : requests.find((testRequest) => !isSendable(testRequest, options));
  if (refused === undefined) return;
  const method = excerpt(refused.method, 20);
  throw usageError(
    'live-method',
    `--live would send ${method} to Kapacitor, which may change data there`,
    'Add --live-any-method to send it anyway.',
  );
}

/** A request and its predicted trace. */
export interface PredictedRequest {
  readonly testRequest: TestRequest;
  readonly trace: Trace;
}

export interface LiveResponses {
  /** In the order of the requests; undefined if not sent. */
  readonly responses: readonly (LiveResponse | undefined)[];
  /** Why the remaining requests were not sent. */
  readonly failure: KapadminError | undefined;
}

/** Sends the requests to Kapacitor, one after the other, and compares its responses with the predictions. */
export async function collectLiveResponses(
  tried: readonly PredictedRequest[],
  options: LiveOptions,
  target: SimulatedKapacitor,
  factory: Factory,
): Promise<LiveResponses> {
  const { limits, proxy } = await factory.networkSettings();
  const timeout = limits.timeout + lookupTimeout / 1e6;
  const client = createRawClient({ tls: { ca: options.ca }, proxy, ...limits, timeout });
  try {
    return await sendEach(client, tried, options, target, factory);
  } finally {
    await client.close();
  }
}

async function sendEach(
  client: RawClient,
  tried: readonly PredictedRequest[],
  options: LiveOptions,
  target: SimulatedKapacitor,
  factory: Factory,
): Promise<LiveResponses> {
  const answers: (LiveResponse | undefined)[] = [];
  for (const { testRequest, trace } of tried) {
    const { origin, request, method, path } = testRequest;
    if (!isSendable(testRequest, options)) {
      answers.push(undefined);
      continue;
    }
    if (factory.flags.showRequest === true) {
      const isAuthorized = request.headers.some(([name]) => name.toLowerCase() === 'authorization');
      const account = { kind: isAuthorized ? 'other' : 'none' } as const;
      factory.logger.request(curlLine({ url: origin + path, account }, { flags: ['--path-as-is', '-X', method] }));
    }
    try {
      const secrets = [...secretsOfDaemon(target.settings), ...secretsOfRequest(request)];
      const response = await sendToKapacitor(client, origin, request, secrets, factory.context.stop);
      answers.push(compareLive(trace, method, response, target, (text) => redact(text, secrets), options.version));
    } catch (error) {
      if (error instanceof KapadminError && error.kind === 'unreachable') return { responses: answers, failure: error };
      throw error;
    }
  }
  return { responses: answers, failure: undefined };
}
